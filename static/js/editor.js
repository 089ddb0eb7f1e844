/* The editor for Markdown: a toolbar that marks the text, and a look at how it will read, from the server. */
(() => {
  'use strict';
  if (window.innovationEditor) return;
  window.innovationEditor = true;

  /* Typed as if by hand, so that Ctrl+Z takes it back. */
  const type = (area, text) => {
    area.focus();
    if (document.execCommand('insertText', false, text)) return;
    area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
    area.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const around = (mark) => (area) => {
    const [from, to, text] = [area.selectionStart, area.selectionEnd, area.value], n = mark.length;
    if (text.slice(from - n, from) === mark && text.slice(to, to + n) === mark) {
      area.setSelectionRange(from - n, to + n);
      type(area, text.slice(from, to));
      area.setSelectionRange(from - n, to - n);
      return;
    }
    const words = text.slice(from, to), inner = words.trim(), lead = words.indexOf(inner);
    area.setSelectionRange(from + lead, from + lead + inner.length);
    type(area, mark + inner + mark);
    area.setSelectionRange(from + lead + n, from + lead + n + inner.length);
  };
  const before = (make, found) => (area) => {
    const text = area.value, from = text.lastIndexOf('\n', area.selectionStart - 1) + 1;
    const end = text.indexOf('\n', area.selectionEnd), to = end < 0 ? text.length : end;
    const lines = text.slice(from, to).split('\n'), marked = lines.every((line) => found.test(line));
    /* A block begins after an empty line; otherwise it would go on with the paragraph above. */
    const gap = !marked && from > 1 && text[from - 2] !== '\n' && !found.test(text.slice(text.lastIndexOf('\n', from - 2) + 1, from - 1)) ? '\n' : '';
    const out = gap + lines.map((line, index) => (marked ? line.replace(found, '') : make(index) + line)).join('\n');
    area.setSelectionRange(from, to);
    type(area, out);
    if (lines.length > 1) area.setSelectionRange(from + gap.length, from + out.length);
  };
  const link = (area) => {
    const words = area.value.slice(area.selectionStart, area.selectionEnd), from = area.selectionStart;
    const address = /^https?:\/\/\S+$/.test(words);
    type(area, address ? `[](${words})` : `[${words}](https://)`);
    if (address) area.setSelectionRange(from + 1, from + 1);
    else if (words) area.setSelectionRange(from + words.length + 3, from + words.length + 11);
    else area.setSelectionRange(from + 1, from + 1);
  };
  const code = (area) => {
    const words = area.value.slice(area.selectionStart, area.selectionEnd);
    if (words.includes('\n')) type(area, `\`\`\`\n${words}\n\`\`\``);
    else around('`')(area);
  };
  const marks = {
    heading: before(() => '## ', /^#{1,6} /), bold: around('**'), italic: around('_'), link, code,
    list: before(() => '- ', /^[-*] /), numbers: before((index) => `${index + 1}. `, /^\d+[.)] /), quote: before(() => '> ', /^> /),
  };

  const improve = (box) => {
    const area = box.querySelector('textarea'), bar = box.querySelector('.editor-toolbar'), look = box.querySelector('.editor-look');
    const [list, write] = [box.querySelector('[data-editor-tabs]'), box.querySelector('.editor-write')];
    if (!area || box.dataset.ready) return;
    box.dataset.ready = '1';
    const tools = () => Array.from(bar.querySelectorAll('button'));
    bar.addEventListener('click', (event) => { const name = event.target.closest('button')?.dataset.mark; if (name) marks[name](area); });
    bar.addEventListener('keydown', (event) => {
      const all = tools(), at = all.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
      if (to === undefined || at < 0) return;
      event.preventDefault();
      all[(to + all.length) % all.length].focus();
    });
    bar.addEventListener('focusin', (event) => tools().forEach((one) => { one.tabIndex = one === event.target.closest('button') ? 0 : -1; }));
    area.addEventListener('keydown', (event) => {
      const name = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && { b: 'bold', i: 'italic' }[event.key.toLowerCase()];
      if (name) { event.preventDefault(); marks[name](area); }
    });
    area.addEventListener('editor:insert', (event) => type(area, event.detail.text));

    /* Two tabs: arrows go between them, and what is chosen is shown at once. */
    const tabs = Array.from(list.querySelectorAll('button'));
    list.setAttribute('role', 'tablist');
    [write, look].forEach((panel, index) => { panel.setAttribute('role', 'tabpanel'); panel.setAttribute('aria-labelledby', tabs[index].id); });
    look.tabIndex = 0;
    let asked = 0;
    const fetchLook = async () => {
      const mine = asked += 1, text = area.value;
      look.setAttribute('aria-busy', 'true');
      if (!text.trim()) look.textContent = box.dataset.wordEmpty;
      else {
        try {
          const token = document.body.dataset.csrf || area.form?.elements.csrf_token?.value || '';
          const answer = await fetch(box.dataset.preview, { method: 'POST', body: new URLSearchParams({ text, csrf_token: token }), headers: { 'X-CSRFToken': token, 'HX-Request': 'true' }, credentials: 'same-origin' });
          if (!answer.ok) throw new Error(String(answer.status));
          const html = await answer.text();
          if (mine === asked) look.innerHTML = html;
        } catch { if (mine === asked) look.textContent = box.dataset.wordFailed; }
      }
      look.removeAttribute('aria-busy');
    };
    const show = (index) => {
      look.style.minBlockSize = `${write.offsetHeight || parseFloat(look.style.minBlockSize) || 0}px`;
      tabs.forEach((tab, at) => { tab.setAttribute('aria-selected', String(at === index)); tab.tabIndex = at === index ? 0 : -1; });
      write.hidden = index === 1;
      look.hidden = index === 0;
      bar.classList.toggle('editor-resting', index === 1);
      bar.inert = index === 1;
      if (index) fetchLook();
    };
    tabs.forEach((tab, index) => {
      tab.setAttribute('role', 'tab');
      tab.addEventListener('click', () => { show(index); if (!index) area.focus(); });
    });
    list.addEventListener('keydown', (event) => {
      const at = tabs.indexOf(document.activeElement), to = { ArrowRight: 1 - at, ArrowLeft: 1 - at, Home: 0, End: 1 }[event.key];
      if (to === undefined || at < 0) return;
      event.preventDefault();
      show(to);
      tabs[to].focus();
    });
    /* A mistake in the field has to be seen: back to writing. */
    area.addEventListener('invalid', () => show(0));
    show(0);
  };
  const all = (root) => root.querySelectorAll?.('[data-editor]').forEach(improve);
  all(document);
  document.addEventListener('improve', (event) => all(event.detail || document));
})();

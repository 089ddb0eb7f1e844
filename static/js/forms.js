/* Forms: characters left, what a rule says when a field is left, saving as one types, and leaving with work that is nowhere yet. */
(() => {
  'use strict';
  if (window.innovation?.forms) return;
  const { words, lang, csrf, say } = window.innovation;
  const done = new WeakSet();
  const once = (element) => !done.has(element) && Boolean(done.add(element));

  /* How many characters are left. Long texts are counted, never cut. */
  const counters = (root) => root.querySelectorAll('[data-counter]').forEach((input) => {
    const most = Number(input.dataset.counter);
    const line = document.getElementById(`${input.id}-count`);
    if (!line || !words.wordLeft || !once(input)) return;
    const count = () => {
      const left = most - Array.from(input.value).length;
      line.textContent = (left < 0 ? words.wordOver : words.wordLeft).replace('{count}', Math.abs(left).toLocaleString(lang));
      line.classList.toggle('over', left < 0);
    };
    input.addEventListener('input', count);
    count();
  });

  /* The rules of a field, in the server's own words. Nothing here stops anybody from typing, pasting or sending. */
  const wrongWith = (input) => {
    const rule = input.dataset, value = input.value.trim(), length = Array.from(value.replace(/\r\n/g, '\n')).length;
    if (input.validity?.badInput) return rule.date || rule.number || '';
    if (!value) return rule.required || '';
    if (rule.longest && length > Number(rule.longest)) return rule.longestSaid;
    if (rule.shortest && length < Number(rule.shortest)) return rule.shortestSaid;
    if (rule.address && !/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value)) return rule.address;
    if (rule.money && !/^[\d.,'\s\u00a0\u202f]*\d[\d.,'\s\u00a0\u202f]*$/.test(value)) return rule.money;
    if (rule.number && !(rule.whole ? /^[-+]?\d+$/ : /^[-+]?\d+([.,]\d+)?$/).test(value)) return rule.number;
    if (rule.rangeSaid && (Number(value) < Number(rule.lowest ?? -Infinity) || Number(value) > Number(rule.highest ?? Infinity))) return rule.rangeSaid;
    return '';
  };
  const described = (input, id, on) => {
    const ids = new Set((input.getAttribute('aria-describedby') || '').split(/\s+/).filter(Boolean));
    if (on) ids.add(id); else ids.delete(id);
    if (ids.size) input.setAttribute('aria-describedby', [...ids].join(' ')); else input.removeAttribute('aria-describedby');
  };
  const tell = (input, message, aloud) => {
    const box = input.closest('.field'), id = `${input.id}-error`;
    let line = document.getElementById(id);
    if (!box || (line?.textContent || '').endsWith(message) === Boolean(message) && Boolean(line) === Boolean(message)) return;
    line?.remove();
    described(input, id, Boolean(message));
    box.classList.toggle('field-wrong', Boolean(message));
    if (!message) { input.removeAttribute('aria-invalid'); return; }
    input.setAttribute('aria-invalid', 'true');
    line = document.createElement('p');
    line.className = 'field-error';
    line.id = id;
    line.textContent = message;
    box.insertBefore(line, box.querySelector('.field-control, .editor'));
    if (aloud) say(`${box.querySelector('.field-label')?.textContent.trim() || ''}: ${message}`);
  };
  const judged = (input) => input.matches?.('input, textarea, select') && Object.keys(input.dataset).some((name) => /^(required|longest|shortest|address|money|number|date|rangeSaid)$/.test(name));
  const touched = new WeakSet();
  document.addEventListener('input', (event) => {
    const input = event.target;
    if (!judged(input)) return;
    touched.add(input);
    /* While somebody mends a mistake, it goes away as soon as it is gone, and never changes into another. */
    if (input.getAttribute('aria-invalid') === 'true' && !wrongWith(input)) tell(input, '');
  });
  /* A line that appears under the pointer would move the button away from it: it waits until the pointer is up. */
  let pressed = false, waiting = null;
  const letGo = () => { pressed = false; setTimeout(() => { if (waiting) { const [input, message] = waiting; waiting = null; tell(input, message, true); } }); };
  addEventListener('pointerdown', () => { pressed = true; }, true);
  addEventListener('pointerup', letGo, true);
  addEventListener('pointercancel', letGo, true);
  document.addEventListener('focusout', (event) => {
    const input = event.target;
    if (!judged(input) || !touched.has(input) || input.form?.dataset.sent) return;
    const message = wrongWith(input);
    if (pressed) waiting = [input, message]; else tell(input, message, true);
  });

  /* A list of saved words fills the field it names, as long as nothing else stands there; a button beside it does so always. */
  document.addEventListener('change', (event) => {
    const list = event.target.closest?.('select[data-fills]'), field = list?.form.elements[list.dataset.fills];
    const chosen = list?.selectedOptions[0]?.dataset.words;
    if (!field || !chosen) return;
    const saved = [...list.options].some((option) => option.dataset.words === field.value);
    if (field.value.trim() && !saved) return;
    field.value = chosen;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });

  /* Drafts, saved as one types. The server answers 2xx; anything else is tried again. */
  const clean = new WeakMap();
  const asText = (form) => new URLSearchParams(Array.from(new FormData(form)).filter(([name, value]) => name !== 'csrf_token' && typeof value === 'string')).toString();
  const savedAt = () => (words.wordSaved || '').replace('{time}', new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date()));
  const bodyOf = (form) => {
    const body = new FormData(form);
    for (const [name, value] of Array.from(body)) if (typeof value !== 'string') body.delete(name);
    return body;
  };
  /* The first save of something new begins it: the answer says where it is saved from then on. Tried again, it sends the very same,
     so that it begins one thing only. */
  const begin = async (form, first) => {
    const answer = await fetch(form.dataset.begin, { method: 'POST', body: first, headers: { 'X-CSRFToken': csrf(), 'X-Autosave': '1' }, credentials: 'same-origin' });
    if (!answer.ok) throw new Error(String(answer.status));
    const now = await answer.json();
    form.dataset.autosave = now.autosave;
    form.action = now.edit;
    delete form.dataset.begin;
    if (form.elements.state) form.elements.state.value = now.state;
    history.replaceState(history.state, '', now.edit);
  };
  const autosave = (root) => root.querySelectorAll('form[data-autosave], form[data-begin]').forEach((form) => {
    if (!once(form)) return;
    const status = form.querySelector('[data-autosave-status]') || document.querySelector('[data-autosave-status]');
    let timer = null, busy = null, again = false, tries = 0, last = asText(form), first = null, wanted = false;
    const show = (text, failed) => { if (status) { status.textContent = text; status.classList.toggle('failed', Boolean(failed)); } };
    const send = async () => {
      const now = asText(form);
      show(words.wordSaving || '');
      try {
        if (form.dataset.begin) {
          if (!first) { first = bodyOf(form); first.set('once', `${first.get('once') || ''}-typed`.slice(-64)); first.was = now; }
          await begin(form, first);
          last = first.was;
          if (last !== asText(form)) again = true;
        } else {
          const answer = await fetch(form.dataset.autosave, { method: 'POST', body: bodyOf(form), headers: { 'X-CSRFToken': csrf(), 'X-Autosave': '1' }, credentials: 'same-origin', keepalive: now.length < 60000 });
          if (!answer.ok) throw new Error(String(answer.status));
          last = now;
        }
        tries = 0;
        clean.set(form, last);
        show(savedAt());
        form.dispatchEvent(new CustomEvent('autosaved', { bubbles: true }));
      } catch {
        tries += 1;
        show(words.wordUnsaved || '', true);
        timer = setTimeout(save, Math.min(30000, 2000 * 2 ** Math.min(tries, 4)));
      }
    };
    const save = async () => {
      timer = null;
      if (busy) { again = true; return; }
      if ((asText(form) === last && !(wanted && form.dataset.begin)) || form.dataset.sent) return;
      wanted = false;
      busy = send();
      await busy;
      busy = null;
      if (again) { again = false; save(); }
    };
    const soon = () => { if (!timer) timer = setTimeout(save, 1200); };
    form.addEventListener('input', soon);
    form.addEventListener('change', soon);
    /* A file needs somewhere to go before a word is typed. */
    form.addEventListener('begin-now', () => { wanted = true; clearTimeout(timer); save(); });
    /* A button pressed while the first save is under way waits for it; otherwise there would be two. */
    form.addEventListener('submit', (event) => {
      if (!busy || !form.dataset.begin) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      busy.finally(() => form.requestSubmit(event.submitter));
    });
    document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') { clearTimeout(timer); save(); } });
  });

  /* Leaving with work that is nowhere yet. */
  const warn = (root) => root.querySelectorAll('form[data-warn-unsaved]').forEach((form) => { if (!clean.has(form)) clean.set(form, asText(form)); });
  addEventListener('beforeunload', (event) => {
    for (const form of document.querySelectorAll('form[data-warn-unsaved], form[data-draft]')) {
      if (!form.dataset.sent && clean.has(form) && clean.get(form) !== asText(form)) { event.preventDefault(); return; }
    }
  });

  window.innovation.forms = { clean, asText, savedAt };
  const improve = (root) => { counters(root); autosave(root); warn(root); };
  improve(document);
  document.addEventListener('improve', (event) => improve(event.detail || document));
  document.dispatchEvent(new CustomEvent('forms-ready'));
})();

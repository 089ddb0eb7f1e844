/* Files: chosen, dropped or pasted; sent in parts that go on where a lost connection stopped; images are asked what they show. */
(() => {
  'use strict';
  if (window.innovationFiles) return;
  window.innovationFiles = true;
  const MEGABYTE = 1048576;
  const csrf = () => document.body.dataset.csrf || document.querySelector('input[name="csrf_token"]')?.value || '';
  const lang = document.documentElement.lang || 'en';
  const say = (text) => { const place = document.getElementById('announcer'); if (place) place.textContent = text; };
  const fill = (text, values) => (text || '').replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const rest = (seconds) => new Promise((done) => {
    const timer = setTimeout(done, seconds * 1000);
    addEventListener('online', () => { clearTimeout(timer); done(); }, { once: true });
  });
  const send = (url, options = {}) => fetch(url, { credentials: 'same-origin', ...options, headers: { 'X-CSRFToken': csrf(), Accept: 'application/json', ...options.headers } });
  const image = (file) => /^image\/(png|jpeg|webp|gif|avif)$/.test(file.type);

  class Refused extends Error {}

  /* Begin, part after part, and after each failure a look at how far it came. Ends with the file, or throws Refused. */
  const upload = async (url, file, alt, told, signal) => {
    const body = new URLSearchParams({ name: file.name, alt });
    let where = null, at = 0, tries = 0;
    const words = async (answer) => { try { return (await answer.json()).error || ''; } catch { return ''; } };
    for (;;) {
      try {
        if (!where) {
          const begun = await send(url, { method: 'POST', body, headers: { 'Upload-Length': String(file.size) }, signal });
          if (begun.status >= 500) throw new Error(String(begun.status));
          if (!begun.ok) throw new Refused(await words(begun));
          where = await begun.json();
        }
        const answer = await send(where.url, {
          method: 'PATCH', body: file.slice(at, at + where.part), signal,
          headers: { 'Upload-Offset': String(at), 'Content-Type': 'application/offset+octet-stream' },
        });
        if (answer.status === 409 && answer.headers.get('Upload-Offset')) { at = Number(answer.headers.get('Upload-Offset')); continue; }
        if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
        if (!answer.ok) throw new Refused(await words(answer));
        tries = 0;
        if (!answer.headers.get('Upload-Offset')) return await answer.json();
        at = Number(answer.headers.get('Upload-Offset'));
        told.at(at);
      } catch (error) {
        if (error instanceof Refused) throw error;
        if (signal.aborted) {
          if (where) send(where.url, { method: 'DELETE', keepalive: true }).catch(() => {});
          throw error;
        }
        if ((tries += 1) > 40) throw new Refused('');
        told.lost();
        await rest(Math.min(30, 2 ** Math.min(tries, 5)));
        if (!where || signal.aborted) continue;
        try {
          const look = await send(where.url, { method: 'HEAD' });
          if (look.ok) at = Number(look.headers.get('Upload-Offset'));
          else if (look.status < 500) throw new Refused('');
        } catch (again) { if (again instanceof Refused) throw again; }
      }
    }
  };

  /* What an image shows: words, or that it only decorates. Null: not added after all. */
  const ask = (words, file) => new Promise((done) => {
    const box = document.createElement('dialog'), id = `ask-${Date.now()}`;
    box.className = 'file-ask';
    box.setAttribute('aria-labelledby', `${id}-title`);
    box.innerHTML = `<form method="dialog" novalidate><h2 id="${id}-title"></h2><p class="quiet small"></p>
      <div class="field"><p class="field-hint" id="${id}-hint"></p><p class="field-error" id="${id}-error" hidden></p>
      <input type="text" id="${id}" aria-labelledby="${id}-title" aria-describedby="${id}-hint" maxlength="500" autocomplete="off"></div>
      <div class="field field-check"><div class="check"><input type="checkbox" id="${id}-none"><label for="${id}-none"></label></div></div>
      <div class="form-actions"><button class="button button-primary" type="submit"></button><button class="button button-quiet" type="button"></button></div></form>`;
    const [text, none] = box.querySelectorAll('input'), [add, cancel] = box.querySelectorAll('button'), wrong = box.querySelector('.field-error');
    box.querySelector('h2').textContent = words.wordAsk;
    box.querySelector('p').textContent = file.name;
    box.querySelector('.field-hint').textContent = words.wordAskHint;
    box.querySelector('label').textContent = words.wordDecorative;
    [add.textContent, cancel.textContent, wrong.textContent] = [words.wordAdd, words.wordCancel, words.wordNeeded];
    let answer = null;
    box.querySelector('form').addEventListener('submit', (event) => {
      if (!text.value.trim() && !none.checked) {
        event.preventDefault();
        wrong.hidden = false;
        text.setAttribute('aria-invalid', 'true');
        text.setAttribute('aria-describedby', `${id}-error ${id}-hint`);
        text.focus();
        return;
      }
      answer = none.checked ? '' : text.value.trim();
    });
    cancel.addEventListener('click', () => box.close());
    box.addEventListener('close', () => { box.remove(); done(answer); });
    document.body.append(box);
    box.showModal();
    text.focus();
  });

  /* One line of progress, in words too, that can be stopped. */
  const line = (place, words, file) => {
    const box = document.createElement('div'), text = document.createElement('span'), bar = document.createElement('progress'), stop = document.createElement('button');
    const size = (bytes) => (bytes / MEGABYTE).toLocaleString(lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
    const name = file.name, abort = new AbortController();
    const show = (text_, failed) => { text.textContent = text_; box.classList.toggle('failed', Boolean(failed)); };
    box.className = 'file-coming';
    bar.max = file.size || 1;
    bar.value = 0;
    stop.type = 'button';
    stop.className = 'link-like';
    stop.textContent = words.wordStop;
    stop.setAttribute('aria-label', fill(words.wordStopOne, { name }));
    stop.addEventListener('click', () => abort.abort());
    bar.setAttribute('aria-label', name);
    box.append(text, bar, stop);
    place.append(box);
    const at = (bytes) => {
      bar.value = bytes;
      show(bytes >= file.size ? fill(words.wordChecking, { name }) : fill(words.wordProgress, { name, done: size(bytes), size: size(file.size) }));
    };
    at(0);
    return {
      signal: abort.signal,
      at,
      lost: () => show(fill(words.wordLost, { name })),
      done: () => { box.remove(); say(fill(words.wordDone, { name })); },
      ended: (why) => {
        const text_ = abort.signal.aborted ? fill(words.wordStopped, { name }) : why || fill(words.wordFailed, { name });
        show(text_, !abort.signal.aborted);
        bar.remove();
        stop.remove();
        say(text_);
        if (abort.signal.aborted) setTimeout(() => box.remove(), 4000);
      },
    };
  };

  const refresh = async (section) => {
    try {
      const answer = await send(section.dataset.files, { headers: { 'HX-Request': 'true', Accept: 'text/html' } });
      if (!answer.ok) return;
      section.querySelector('[data-files-list]').outerHTML = await answer.text();
      section.querySelector('h2')?.removeAttribute('hidden');
    } catch { /* the list is right after the next load */ }
  };

  /* Send one file to where a section says; answers the file as it is kept, or null. */
  const add = async (words, url, place, file, alt) => {
    const progress = line(place, words, file);
    if (file.size > Number(words.most) * MEGABYTE) { progress.ended(fill(words.wordLarge, { name: file.name, most: words.most })); return null; }
    try {
      const made = await upload(url, file, alt, progress, progress.signal);
      progress.done();
      return made;
    } catch (error) {
      progress.ended(error instanceof Refused ? error.message : '');
      return null;
    }
  };

  const addAll = async (section, files) => {
    for (const file of files) {
      const alt = image(file) ? await ask(section.dataset, file) : '';
      if (alt === null) continue;
      add(section.dataset, section.dataset.files, section.querySelector('[data-files-progress]'), file, alt).then((made) => made && refresh(section));
    }
  };

  const section = (box) => {
    const form = box.querySelector('[data-files-form]'), input = form?.querySelector('input[type="file"]');
    if (!input || box.dataset.ready) return;
    box.dataset.ready = '1';
    input.multiple = true;
    form.querySelector('.field-hint').append(` ${box.dataset.wordDrop}`);
    input.addEventListener('change', () => { addAll(box, Array.from(input.files)); input.value = ''; });
    form.addEventListener('submit', (event) => event.preventDefault());
    const holds = (event) => Array.from(event.dataTransfer?.types || []).includes('Files');
    box.addEventListener('dragover', (event) => { if (holds(event)) { event.preventDefault(); form.classList.add('over'); } });
    box.addEventListener('dragleave', () => form.classList.remove('over'));
    box.addEventListener('drop', (event) => {
      form.classList.remove('over');
      if (!holds(event)) return;
      event.preventDefault();
      addAll(box, Array.from(event.dataTransfer.files));
    });
  };

  /* Into a text: a mark stands where the image will be, and becomes it. */
  let number = 0;
  /* Where one was writing while the question about an image is open: the browser forgets it when the dialog closes. */
  const carets = new Map();
  const swap = (area, from, to) => {
    const at = area.value.indexOf(from);
    if (at < 0) return;
    const [start, end] = [area.selectionStart, area.selectionEnd], moved = (place) => (place >= at + from.length ? place + to.length - from.length : place);
    const focused = document.activeElement === area;
    if (carets.has(area)) carets.set(area, carets.get(area).map(moved));
    area.setRangeText(to, at, at + from.length, 'preserve');
    if (focused) area.setSelectionRange(moved(start), moved(end));
    area.dispatchEvent(new Event('input', { bubbles: true }));
  };
  /* A paragraph of its own: an empty line before and after it. */
  const apart = (area, text) => {
    const [before, after] = [area.value.slice(0, area.selectionStart), area.value.slice(area.selectionEnd)];
    const over = (part, found) => (part.trim() ? '\n'.repeat(Math.max(0, 2 - found.exec(part)[0].length)) : '');
    return over(before, /\n*$/) + text + (over(after, /^\n*/) || (after ? '' : '\n\n'));
  };
  const begun = (form) => new Promise((done) => {
    if (!form?.dataset.begin) { done(); return; }
    form.addEventListener('autosaved', () => done(), { once: true });
    form.dispatchEvent(new CustomEvent('begin-now'));
  });
  /* Where the files of what a form writes are sent, once it has begun. */
  const home = async (form) => {
    await begun(form);
    form.dataset.uploads = form.dataset.uploads || form.dataset.autosave.replace(/\/draft$/, '/uploads');
    const list = form.dataset.list && document.getElementById(form.dataset.list);
    if (list && !list.dataset.files) list.dataset.files = form.dataset.uploads;
    return form.dataset.uploads;
  };
  const listed = (url) => Array.from(document.querySelectorAll('[data-files]')).find((one) => one.dataset.files === url);
  const into = async (area, files) => {
    const box = document.querySelector('[data-files]'), form = area.form;
    const place = area.closest('[data-editor]')?.querySelector('[data-editor-extra]') || box.querySelector('[data-files-progress]');
    for (const file of files) {
      carets.set(area, [area.selectionStart, area.selectionEnd]);
      const alt = await ask(box.dataset, file);
      area.focus();
      area.setSelectionRange(...carets.get(area));
      carets.delete(area);
      if (alt === null) continue;
      const words = alt.replace(/[\\[\]]/g, '\\$&').replace(/\s+/g, ' '), mark = `![${words}](coming-${number += 1})`;
      area.dispatchEvent(new CustomEvent('editor:insert', { detail: { text: apart(area, mark) } }));
      home(form).then((url) => add(box.dataset, url, place, file, alt)).then((made) => {
        swap(area, mark, made ? `![${words}](${made.url})` : '');
        if (made && listed(form.dataset.uploads)) refresh(listed(form.dataset.uploads));
      });
    }
  };
  const pictures = (list) => Array.from(list || []).filter(image);
  const reachable = (area) => area.matches?.('textarea[data-markdown]') && area.form?.dataset.uploads !== undefined && document.querySelector('[data-files]');
  document.addEventListener('paste', (event) => {
    const found = pictures(event.clipboardData?.files);
    /* A spreadsheet's cells come as a picture too: where there is text, the text is meant. */
    if (!found.length || !reachable(event.target) || event.clipboardData.getData('text/plain')) return;
    event.preventDefault();
    into(event.target, found);
  });
  document.addEventListener('dragover', (event) => { if (reachable(event.target) && Array.from(event.dataTransfer?.types || []).includes('Files')) event.preventDefault(); });
  document.addEventListener('drop', (event) => {
    if (!reachable(event.target) || !event.dataTransfer?.files.length) return;
    event.preventDefault();
    const files = Array.from(event.dataTransfer.files), url = event.target.form.dataset.uploads;
    const box = Array.from(document.querySelectorAll('[data-files]')).find((one) => one.dataset.ready && one.dataset.files === url);
    into(event.target, files.filter(image)).then(() => { if (box) addAll(box, files.filter((file) => !image(file))); });
  });

  /* A file field inside the form that writes a thing: what is chosen is sent at once, and a button pressed meanwhile waits. */
  const inside = (form) => {
    const input = form.querySelector('input[type="file"][name="file"]'), list = document.getElementById(form.dataset.list);
    if (!input || !list || form.dataset.filesReady) return;
    form.dataset.filesReady = '1';
    const place = document.createElement('div'), coming = new Set();
    place.className = 'file-progress';
    input.after(place);
    const one = async (file) => {
      const alt = image(file) ? await ask(list.dataset, file) : '';
      if (alt === null) return;
      const sent = home(form).then((url) => add(list.dataset, url, place, file, alt)).then((made) => {
        coming.delete(sent);
        if (made) refresh(list);
      });
      coming.add(sent);
    };
    input.addEventListener('change', async () => {
      const files = Array.from(input.files);
      input.value = '';
      for (const file of files) await one(file);
    });
    form.addEventListener('submit', (event) => {
      if (!coming.size) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      Promise.all(coming).then(() => form.requestSubmit(event.submitter));
    });
  };

  const improve = (root) => {
    const within = root.querySelectorAll ? root : document;
    within.querySelectorAll('[data-files]').forEach(section);
    within.querySelectorAll('form[data-list]').forEach(inside);
  };
  improve(document);
  document.addEventListener('improve', (event) => improve(event.detail || document));
})();

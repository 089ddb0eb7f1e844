/* Whatever is typed into a form with data-draft is kept on the server, offered again on any device, and forgotten once it was sent. */
(() => {
  'use strict';
  const { words, csrf } = window.innovation;
  const seen = new WeakSet();
  const kept = (form) => Array.from(form.elements).filter((one) => one.name && !one.disabled && !['hidden', 'password', 'file', 'submit', 'button', 'fieldset'].includes(one.type));
  const typed = (form) => kept(form).filter((one) => !['checkbox', 'radio'].includes(one.type) || one.checked).flatMap((one) => (one.type === 'select-multiple' ? Array.from(one.selectedOptions, (option) => [one.name, option.value]) : [[one.name, one.value]]));
  const asText = (form) => JSON.stringify(typed(form));
  const post = (address, pairs, brief) => fetch(address, { method: 'POST', body: new URLSearchParams([...pairs, ['csrf_token', csrf()]]), headers: { 'X-CSRFToken': csrf() }, credentials: 'same-origin', keepalive: brief });
  const placeOf = (form) => new URL(form.action, location.href).pathname;
  const mark = (form, on) => {
    let field = form.elements.kept_draft;
    if (on && !field) {
      field = document.createElement('input');
      Object.assign(field, { type: 'hidden', name: 'kept_draft', value: '1' });
      form.append(field);
    } else if (!on) field?.remove();
  };

  const keep = (form) => {
    const { clean, savedAt, asText: whole } = window.innovation.forms;
    let timer = null, busy = false, again = false, tries = 0, last = asText(form);
    const status = form.querySelector('[data-autosave-status]') || form.querySelector('.form-actions')?.appendChild(Object.assign(document.createElement('span'), { className: 'draft-status' }));
    if (status) { status.setAttribute('role', 'status'); status.dataset.autosaveStatus = ''; }
    const show = (text, failed) => { if (status) { status.textContent = text; status.classList.toggle('failed', Boolean(failed)); } };
    const save = async () => {
      timer = null;
      if (busy) { again = true; return; }
      const now = asText(form), all = whole(form);
      if (now === last || form.dataset.sent || !form.isConnected) return;
      busy = true;
      try {
        const answer = await post(words.drafts, [['place', placeOf(form)], ...typed(form)], now.length < 60000);
        if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
        last = now; tries = 0;
        if (answer.ok) { mark(form, true); clean.set(form, all); show(savedAt()); }
      } catch {
        tries += 1;
        show(words.wordUnsaved || '', true);
        timer = setTimeout(save, Math.min(30000, 2000 * 2 ** Math.min(tries, 4)));
      } finally {
        busy = false;
        if (again) { again = false; save(); }
      }
    };
    const soon = () => { if (!clean.has(form)) clean.set(form, ''); if (!timer) timer = setTimeout(save, 1200); };
    form.addEventListener('input', soon);
    form.addEventListener('change', soon);
    form.addEventListener('submit', () => clearTimeout(timer));
    form.addEventListener('htmx:after:request', (event) => { if ((event.detail?.ctx?.response?.status || 200) >= 400) return; last = asText(form); mark(form, false); clean.delete(form); show(''); });
    document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') { clearTimeout(timer); save(); } });
    return { forget: () => { last = asText(form); mark(form, false); } };
  };

  const fill = (form, fields) => {
    kept(form).forEach((one) => {
      const values = fields[one.name];
      if (['checkbox', 'radio'].includes(one.type)) one.checked = Boolean(values?.includes(one.value));
      else if (values === undefined) return;
      else if (one.type === 'select-multiple') Array.from(one.options).forEach((option) => { option.selected = values.includes(option.value); });
      else one.value = values[0];
      one.dispatchEvent(new Event('input', { bubbles: true }));
    });
    (form.querySelector('textarea') || kept(form)[0])?.focus();
  };
  const offer = (form, found, keeper) => {
    if (JSON.stringify(Object.entries(found.fields).flatMap(([name, values]) => values.map((value) => [name, value])).sort()) === JSON.stringify(typed(form).sort())) { mark(form, true); return; }
    const box = document.createElement('div');
    box.innerHTML = found.offer;
    form.before(box);
    window.innovation.say(box.textContent.trim());
    mark(form, true);
    box.querySelector('[data-draft-go]').addEventListener('click', () => { box.remove(); fill(form, found.fields); });
    box.querySelector('[data-draft-drop]').addEventListener('click', () => {
      box.remove();
      post(words.drafts + '/discarded', [['place', placeOf(form)]], true);
      keeper.forget();
      (form.querySelector('textarea') || kept(form)[0])?.focus();
    });
  };

  const improve = async (root) => {
    const forms = Array.from(root.querySelectorAll('form[data-draft]')).filter((form) => !seen.has(form));
    if (!forms.length || !words.drafts) return;
    const keepers = forms.map((form) => { seen.add(form); return keep(form); });
    try {
      const answer = await fetch(`${words.drafts}?${new URLSearchParams(forms.map((form) => ['place', placeOf(form)]))}`, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
      if (!answer.ok || answer.redirected) return;
      const found = await answer.json();
      forms.forEach((form, index) => { if (found[placeOf(form)]) offer(form, found[placeOf(form)], keepers[index]); });
    } catch { /* What is kept stays kept; it is offered the next time. */ }
  };
  const begin = () => { improve(document); document.addEventListener('improve', (event) => improve(event.detail || document)); };
  if (window.innovation.forms) begin(); else document.addEventListener('forms-ready', begin, { once: true });
})();

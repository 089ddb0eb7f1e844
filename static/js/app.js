/* What makes a good page better. Every page works without this file. */
(() => {
  'use strict';
  const words = document.body.dataset;
  const lang = document.documentElement.lang || 'en';
  const csrf = () => words.csrf || document.querySelector('input[name="csrf_token"]')?.value || '';
  const say = (text) => {
    const place = document.getElementById('announcer');
    if (place) { place.textContent = ''; requestAnimationFrame(() => { place.textContent = text; }); }
  };
  const toast = (text) => {
    const place = document.getElementById('toasts');
    if (!place) return say(text);
    const box = document.createElement('div');
    box.className = 'toast flash flash-stop';
    const line = document.createElement('p');
    line.textContent = text;
    box.append(line);
    place.append(box);
    setTimeout(() => box.remove(), 10000);
  };

  /* The reader's own hour, beside a time given in another zone. */
  const offsetOf = (iso) => {
    const found = /([+-])(\d\d):?(\d\d)$/.exec(iso);
    if (found) return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3]));
    return /Z$/i.test(iso) ? 0 : null;
  };
  const localTimes = (root) => root.querySelectorAll('time[data-local]').forEach((element) => {
    element.removeAttribute('data-local');
    const iso = element.getAttribute('datetime') || '';
    const moment = new Date(iso);
    const offset = offsetOf(iso);
    if (offset === null || Number.isNaN(moment.getTime()) || -moment.getTimezoneOffset() === offset || !words.wordLocal) return;
    const there = new Date(moment.getTime() + (offset + moment.getTimezoneOffset()) * 60000);
    const form = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
    if (there.getDate() !== moment.getDate()) Object.assign(form, { weekday: 'short', day: 'numeric', month: 'short' });
    const note = document.createElement('span');
    note.className = 'local-time';
    note.textContent = ` (${words.wordLocal.replace('{time}', new Intl.DateTimeFormat(lang, form).format(moment))})`;
    element.append(note);
  });

  /* How many characters are left. Long texts are counted, never cut. */
  const counters = (root) => root.querySelectorAll('[data-counter]').forEach((input) => {
    const most = Number(input.dataset.counter);
    const line = document.getElementById(`${input.id}-count`);
    if (!line || !words.wordLeft) return;
    const count = () => {
      const left = most - Array.from(input.value).length;
      line.textContent = (left < 0 ? words.wordOver : words.wordLeft).replace('{count}', Math.abs(left).toLocaleString(lang));
      line.classList.toggle('over', left < 0);
    };
    input.addEventListener('input', count);
    count();
  });

  /* Drafts, saved as one types. The server answers 2xx; anything else is tried again. */
  const clean = new WeakMap();
  const asText = (form) => new URLSearchParams(Array.from(new FormData(form)).filter(([name, value]) => name !== 'csrf_token' && typeof value === 'string')).toString();
  const autosave = (root) => root.querySelectorAll('form[data-autosave]').forEach((form) => {
    const status = form.querySelector('[data-autosave-status]') || document.querySelector('[data-autosave-status]');
    let timer = null, busy = false, again = false, tries = 0, last = asText(form);
    const show = (text, failed) => { if (status) { status.textContent = text; status.classList.toggle('failed', Boolean(failed)); } };
    const save = async () => {
      timer = null;
      if (busy) { again = true; return; }
      const now = asText(form);
      if (now === last || form.dataset.sent) return;
      busy = true;
      show(words.wordSaving || '');
      const body = new FormData(form);
      for (const [name, value] of Array.from(body)) if (typeof value !== 'string') body.delete(name);
      try {
        const answer = await fetch(form.dataset.autosave, { method: 'POST', body, headers: { 'X-CSRFToken': csrf(), 'X-Autosave': '1' }, credentials: 'same-origin', keepalive: now.length < 60000 });
        if (!answer.ok) throw new Error(String(answer.status));
        last = now; tries = 0;
        clean.set(form, now);
        show((words.wordSaved || '').replace('{time}', new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date())));
        form.dispatchEvent(new CustomEvent('autosaved', { bubbles: true }));
      } catch {
        tries += 1;
        show(words.wordUnsaved || '', true);
        timer = setTimeout(save, Math.min(30000, 2000 * 2 ** Math.min(tries, 4)));
      } finally {
        busy = false;
        if (again) { again = false; save(); }
      }
    };
    const soon = () => { if (!timer) timer = setTimeout(save, 1200); };
    form.addEventListener('input', soon);
    form.addEventListener('change', soon);
    document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') { clearTimeout(timer); save(); } });
  });

  /* Leaving with work that is nowhere yet. */
  const warn = (root) => root.querySelectorAll('form[data-warn-unsaved]').forEach((form) => clean.set(form, asText(form)));
  addEventListener('beforeunload', (event) => {
    for (const form of document.querySelectorAll('form[data-warn-unsaved]')) {
      if (!form.dataset.sent && clean.has(form) && clean.get(form) !== asText(form)) { event.preventDefault(); return; }
    }
  });

  /* One send, once. */
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === 'get' || form.matches('[hx-post], [hx-put], [hx-patch], [hx-delete], [data-theme-switch]')) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    setTimeout(() => form.querySelectorAll('button:not([type="button"])').forEach((button) => { if (!button.disabled) { button.disabled = true; button.dataset.guarded = '1'; } }));
  });
  addEventListener('pageshow', () => {
    document.querySelectorAll('form[data-sent]').forEach((form) => delete form.dataset.sent);
    document.querySelectorAll('[data-guarded]').forEach((button) => { button.disabled = false; delete button.dataset.guarded; });
  });

  /* A vote shows at once, and goes back when it did not arrive. */
  document.addEventListener('click', (event) => {
    const button = event.target.closest('form[data-vote][hx-post] button[name="value"]');
    if (!button || !window.htmx) return;
    const all = Array.from(button.form.querySelectorAll('button[name="value"]'));
    button.form.before_vote = all.map((one) => one.getAttribute('aria-pressed'));
    const was = button.getAttribute('aria-pressed') === 'true';
    all.forEach((one) => one.setAttribute('aria-pressed', String(one === button && !was)));
  });
  const answered = (event) => event.detail?.ctx?.text || '';
  const isPage = (text) => /^\s*<!doctype/i.test(text);
  const putBack = (event) => {
    const form = event.target.closest?.('form[data-vote]');
    if (!form || !form.before_vote || answered(event).includes('data-vote')) return;
    form.querySelectorAll('button[name="value"]').forEach((one, index) => one.setAttribute('aria-pressed', form.before_vote[index]));
    delete form.before_vote;
    toast(words.wordUndone || '');
  };
  document.addEventListener('htmx:error', putBack);
  document.addEventListener('htmx:response:error', putBack);
  /* A whole error page never goes into a piece of this one. */
  document.addEventListener('htmx:before:swap', (event) => {
    if ((event.detail?.ctx?.response?.status || 200) < 400 || !isPage(answered(event))) return;
    event.preventDefault();
    if (!event.target.closest?.('form[data-vote]')) toast(words.wordUndone || '');
  });

  /* Light or dark without loading the page again. */
  document.addEventListener('submit', (event) => {
    const form = event.target.closest('form[data-theme-switch]');
    const theme = event.submitter?.value;
    if (!form || !theme) return;
    event.preventDefault();
    document.documentElement.dataset.theme = theme;
    form.querySelectorAll('button[name="theme"]').forEach((button) => button.setAttribute('aria-pressed', String(button.value === theme)));
    const body = new FormData(form);
    body.set('theme', theme);
    fetch(form.action, { method: 'POST', body, headers: { 'X-CSRFToken': csrf() }, credentials: 'same-origin', redirect: 'manual' }).catch(() => {});
  });

  /* A menu closes with Escape, or by looking elsewhere. */
  document.addEventListener('keydown', (event) => {
    const menu = event.key === 'Escape' && document.querySelector('.rail-menu[open]');
    if (menu) { menu.open = false; menu.querySelector('summary').focus(); }
  });
  document.addEventListener('click', (event) => {
    document.querySelectorAll('.rail-menu[open]').forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  /* What was on screen for two seconds, told in batches. Nothing waits for the answer. */
  const looked = new Set();
  const tell = (place, ids) => {
    const body = new FormData();
    body.set('csrf_token', csrf());
    body.set('pass', place.dataset.viewsPass);
    ids.forEach((id) => body.append('seen', id));
    if (!navigator.sendBeacon?.(place.dataset.viewsUrl, body)) fetch(place.dataset.viewsUrl, { method: 'POST', body, credentials: 'same-origin', keepalive: true }).catch(() => {});
  };
  const views = (root) => root.querySelectorAll('[data-views-pass]').forEach((place) => {
    if (!('IntersectionObserver' in window) || place.dataset.watched) return;
    place.dataset.watched = '1';
    const waiting = new Map(), batch = [];
    const send = () => { if (batch.length) tell(place, batch.splice(0)); };
    const watcher = new IntersectionObserver((entries) => entries.forEach((entry) => {
      const id = entry.target.dataset.seen;
      /* Half of it, or half the screen full of it: a long text never shows half of itself. */
      const enough = entry.isIntersecting && (entry.intersectionRatio >= 0.5 || entry.intersectionRect.height >= innerHeight / 2);
      if (!enough) { clearTimeout(waiting.get(id)); waiting.delete(id); return; }
      if (looked.has(id) || waiting.has(id)) return;
      waiting.set(id, setTimeout(() => { looked.add(id); batch.push(id); waiting.delete(id); watcher.unobserve(entry.target); }, 2000));
    }), { threshold: [0, 0.1, 0.25, 0.5, 0.75, 1] });
    (place.matches('[data-seen]') ? [place] : Array.from(place.querySelectorAll('[data-seen]'))).forEach((one) => watcher.observe(one));
    setInterval(send, 5000);
    addEventListener('pagehide', send);
    document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') send(); });
  });

  const improve = (root) => { views(root); localTimes(root); counters(root); autosave(root); warn(root); };
  improve(document);
  document.querySelector('[data-focus]')?.focus();
  document.addEventListener('htmx:after:swap', (event) => {
    const root = event.target instanceof Element ? event.target : document;
    localTimes(root.isConnected ? root : document);
    counters(root.isConnected ? root : document);
    root.querySelector?.('[data-focus]')?.focus();
  });
})();

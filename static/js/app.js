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
  /* What the other files of this folder use. */
  window.innovation = { words, lang, csrf, say, toast };

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

  /* How far away a moment is, told anew every minute in the words of the reader's language; the server's words stand until then. */
  const steps = [['day', 86400], ['hour', 3600], ['minute', 60]];
  const farAway = (seconds) => {
    const form = new Intl.RelativeTimeFormat(lang, { numeric: 'always' }), far = Math.abs(seconds);
    const [unit, size] = steps.find(([, length]) => far >= (length === 86400 ? 172800 : length)) || ['minute', 60];
    const count = Math.floor(far / size), rest = unit === 'hour' ? Math.floor((far % 3600) / 60) : 0;
    const words = form.format(Math.sign(seconds) * (count || 1), unit);
    return rest && far < 43200 ? `${words} ${new Intl.NumberFormat(lang, { style: 'unit', unit: 'minute', unitDisplay: 'short' }).format(rest)}` : words;
  };
  /* The house's clock, whatever this device's own says. */
  const ahead = words.now ? new Date(words.now).getTime() - Date.now() : 0;
  const ticking = new Set();
  const tickOne = (element) => {
    const seconds = (new Date(element.dataset.until).getTime() - Date.now() - ahead) / 1000;
    /* Days are the server's: it plans in the challenge's own zone. The last two days are counted here. */
    if (Math.abs(seconds) < 172800) element.textContent = seconds < 60 && seconds > 0 ? words.wordMoment || farAway(60) : farAway(seconds);
    element.title = new Intl.DateTimeFormat(lang, { dateStyle: 'full', timeStyle: 'short' }).format(new Date(element.dataset.until));
  };
  const countdowns = (root) => root.querySelectorAll('[data-until]').forEach((element) => { ticking.add(element); tickOne(element); });
  setInterval(() => ticking.forEach((element) => (element.isConnected ? tickOne(element) : ticking.delete(element))), 60000);
  addEventListener('pageshow', () => ticking.forEach(tickOne));

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
  const choices = (form) => Array.from(form.querySelectorAll('.vote-choices button[name="value"]'));
  /* The answer under way replaces the form: what is pressed meanwhile is pressed again on the new one. */
  let next = null;
  document.addEventListener('htmx:finally:request', () => {
    const form = next && document.querySelector(`form[data-vote][action="${CSS.escape(next.place)}"]`);
    if (!form || form.before_vote) return;
    const again = Array.from(form.elements).find((one) => one.name === 'value' && one.value === next.value);
    next = null;
    again?.click();
  });
  document.addEventListener('click', (event) => {
    const button = event.target.closest('form[data-vote][hx-post] button[name="value"]');
    if (!button || !window.htmx) return;
    if (button.form.before_vote) {
      event.preventDefault();
      event.stopImmediatePropagation();
      next = { place: button.form.getAttribute('action'), value: button.value };
      return;
    }
    const all = choices(button.form), was = button.getAttribute('aria-pressed') === 'true';
    button.form.querySelector('.vote-lost')?.remove();
    button.form.before_vote = all.map((one) => one.getAttribute('aria-pressed'));
    all.forEach((one) => one.setAttribute('aria-pressed', String(one.value === button.value && !was)));
  });
  const answered = (event) => event.detail?.ctx?.text || '';
  const isPage = (text) => /^\s*<!doctype/i.test(text);
  /* Said beside the vote itself: a message over the page would cover what has to be pressed again. */
  const beside = (form, text) => {
    const line = form.querySelector('.vote-lost') || document.createElement('p');
    line.className = 'vote-note vote-lost field-error';
    line.setAttribute('role', 'alert');
    form.append(line);
    line.textContent = text;
  };
  const putBack = (event) => {
    const form = event.target.closest?.('form[data-vote]');
    if (!form || !form.before_vote || answered(event).includes('data-vote')) return;
    choices(form).forEach((one, index) => one.setAttribute('aria-pressed', form.before_vote[index]));
    delete form.before_vote;
    next = null;
    beside(form, words.wordUndone || '');
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

  /* Of a row of tabs that is wider than the screen, the one that is open is in view. Only the row moves, never the page. */
  const tabsInView = (root) => root.querySelectorAll('.tabs a[aria-current]').forEach((tab) => {
    const row = tab.closest('.tabs'), [inner, outer] = [tab, row].map((one) => one.getBoundingClientRect());
    row.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  });

  /* On a narrow page the vote is drawn under the idea's text; the Tab key finds it there too. */
  const card = document.querySelector('.vote-after-text .sticky-vote'), text = document.querySelector('.idea-text'), home = card?.parentElement;
  const narrow = matchMedia('(max-width: 63.99rem)');
  const settle = () => (narrow.matches ? text.after(card) : home.prepend(card));
  if (card && text) { settle(); narrow.addEventListener('change', settle); }

  /* Some parts bring a file of their own, fetched once, when the first of them stands on the page. */
  const fetched = new Set();
  const fetchScript = (address) => {
    if (!address || fetched.has(address)) return;
    fetched.add(address);
    const script = document.createElement('script');
    script.type = 'module';
    script.src = address;
    document.head.append(script);
  };
  const needs = (root) => {
    if (root.querySelector('main form[method="post"]') || (root !== document && root.querySelector('form'))) fetchScript(words.scriptForms);
    if (root.querySelector('form[data-draft]')) fetchScript(words.scriptDrafts);
    [root, ...root.querySelectorAll('[data-needs]')].forEach((one) => fetchScript(one.dataset?.needs));
  };

  const improve = (root) => { tabsInView(root); views(root); localTimes(root); countdowns(root); needs(root); };
  improve(document);
  fetchScript(words.scriptKeys);
  document.querySelector('[data-focus]')?.focus();
  document.addEventListener('htmx:after:swap', (event) => {
    const there = event.target instanceof Element && event.target.isConnected ? event.target : document;
    improve(there);
    document.dispatchEvent(new CustomEvent('improve', { detail: there }));
    there.querySelector('[data-focus]')?.focus();
  });
})();

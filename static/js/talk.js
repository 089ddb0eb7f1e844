/* A talk that goes on while one reads it. Without this file every link and form of it works as it is. */
(() => {
  'use strict';
  const lang = document.documentElement.lang || 'en';
  const asked = { headers: { 'HX-Request': 'true' }, credentials: 'same-origin', cache: 'no-store' };
  const say = (text) => {
    const place = document.getElementById('announcer');
    if (place) { place.textContent = ''; requestAnimationFrame(() => { place.textContent = text; }); }
  };
  const parsed = (html) => new DOMParser().parseFromString(html, 'text/html');
  const improve = (root) => document.dispatchEvent(new CustomEvent('improve', { detail: root }));

  /* Lines that are the same stay as they are, with whatever is typed in them; so does one in which somebody is writing. */
  const merge = (talk, fresh) => {
    const list = talk.querySelector('[data-lines]'), news = fresh.querySelector('[data-lines]');
    let added = 0, last = null;
    const wanted = new Set();
    for (const line of Array.from(news?.children || [])) {
      wanted.add(line.id);
      const old = document.getElementById(line.id);
      let now = old;
      if (!old) {
        now = document.importNode(line, true);
        if (!line.hasAttribute('data-own')) added += 1;
      } else if (old.dataset.mark !== line.dataset.mark) {
        const body = document.importNode(line.querySelector('article'), true);
        const focused = old.querySelector('article').contains(document.activeElement);
        old.className = line.className;
        old.dataset.mark = line.dataset.mark;
        old.querySelector('article').replaceWith(body);
        if (focused) body.querySelector('a, button')?.focus();
        improve(body);
      }
      const after = last ? last.nextElementSibling : list.firstElementChild;
      if (now !== after) list.insertBefore(now, after);
      if (!old) { now.classList.add('comment-new'); improve(now); }
      last = now;
    }
    for (const line of Array.from(list.children)) {
      if (!wanted.has(line.id) && !line.querySelector('form textarea')) line.remove();
    }
    const swap = (what) => {
      const [here, there] = [talk.querySelector(what), fresh.querySelector(what)];
      if (here && there) here.replaceWith(document.importNode(there, true));
      else if (here) here.remove();
      else if (there) list.after(document.importNode(there, true));
    };
    swap('[data-empty]');
    swap(':scope > .pagination');
    const [title, count] = [talk.querySelector('#talk-title'), fresh.querySelector('#talk-title')];
    if (title && count) title.innerHTML = count.innerHTML;
    for (const name of ['version', 'live', 'people']) if (fresh.dataset[name]) talk.dataset[name] = fresh.dataset[name];
    return added;
  };

  /* The page asks again when it is told to, or every twenty seconds where nothing tells it. */
  const follow = (talk) => {
    let tag = '', waiting = null, source = null, gone = false;
    const look = async () => {
      waiting = null;
      try {
        const answer = await fetch(talk.dataset.talk, { ...asked, headers: { ...asked.headers, ...(tag ? { 'If-None-Match': tag } : {}) } });
        if (answer.status === 304) return;
        if (!answer.ok || answer.redirected) { gone = !answer.ok && answer.status < 500; if (gone) source?.close(); return; }
        tag = answer.headers.get('ETag') || '';
        const fresh = parsed(await answer.text()).querySelector('[data-talk]');
        if (!fresh) return;
        const added = merge(talk, fresh);
        if (added) say(added === 1 ? talk.dataset.wordOne : talk.dataset.wordMany.replace('{count}', added.toLocaleString(lang)));
        if (!source) listen();
      } catch { /* the next time will tell */ }
    };
    /* Not everybody in the same moment. */
    const soon = (most) => { if (!waiting && !gone) waiting = setTimeout(look, Math.random() * most); };
    const listen = () => {
      if (source || gone || !talk.dataset.live || !('EventSource' in window)) return;
      source = new EventSource(`${talk.dataset.live}?seen=${encodeURIComponent(talk.dataset.version)}`);
      source.addEventListener('changed', () => soon(1500));
    };
    const deaf = () => !source || source.readyState === 2;
    setInterval(() => { if (!document.hidden && deaf()) soon(4000); }, 18000);
    /* A page nobody looks at gives its place to others. */
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) { source?.close(); source = null; return; }
      soon(300); listen();
    });
    addEventListener('pagehide', () => { source?.close(); source = null; });
    listen();
    if (!source) soon(20000);
  };

  /* Answering and changing in place. */
  const inPlace = async (event) => {
    const link = event.target.closest?.('[data-in-place]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const place = link.closest('li')?.querySelector('[data-place]');
    if (!place) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href, asked);
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      place.replaceChildren(...parsed(await answer.text()).body.children);
      place.opener = link.getAttribute('href');
      improve(place);
      place.querySelector('textarea')?.focus();
    } catch { location.href = link.href; }
  };
  const cancel = (event) => {
    const link = event.target.closest?.('[data-cancel]');
    const place = link?.closest('[data-place]');
    if (!place) return;
    event.preventDefault();
    place.replaceChildren();
    place.closest('li').querySelector(`[href="${CSS.escape(place.opener || '')}"]`)?.focus();
  };
  /* What is on this page is gone to without loading it again. */
  const jump = (event) => {
    const link = event.target.closest?.('a[data-answers]');
    const line = link && document.getElementById(`comment-${link.dataset.answers}`);
    if (!line || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    history.replaceState(null, '', `#${line.id}`);
    line.scrollIntoView({ block: 'center' });
    line.querySelector('a, button')?.focus({ preventScroll: true });
    document.querySelectorAll('.comment-here').forEach((one) => one.classList.remove('comment-here'));
    line.classList.add('comment-here');
  };
  document.addEventListener('click', (event) => { inPlace(event); cancel(event); jump(event); });

  /* Whom one can name, while an @ is typed. */
  let names = 0;
  const suggest = (area, talk) => {
    if (area.dataset.names || !talk.dataset.people) return;
    area.dataset.names = '1';
    const list = document.createElement('ul');
    list.className = 'mention-list';
    list.id = `people-${names += 1}`;
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', talk.dataset.wordPeople);
    list.hidden = true;
    area.after(list);
    Object.entries({ 'aria-autocomplete': 'list', 'aria-controls': list.id }).forEach(([name, value]) => area.setAttribute(name, value));
    let found = [], at = -1, start = -1, turn = 0, timer = null;
    const close = () => { list.hidden = true; found = []; at = -1; area.removeAttribute('aria-activedescendant'); };
    const mark = (index) => {
      at = index;
      Array.from(list.children).forEach((one, number) => one.setAttribute('aria-selected', String(number === at)));
      area.setAttribute('aria-activedescendant', `${list.id}-${at}`);
    };
    const take = (index) => {
      const text = `${found[index].insert} `;
      area.setRangeText(text, start, area.selectionStart, 'end');
      area.dispatchEvent(new Event('input', { bubbles: true }));
      close();
      area.focus();
    };
    const show = (people) => {
      found = people;
      list.replaceChildren(...people.map((each, number) => {
        const one = document.createElement('li');
        one.id = `${list.id}-${number}`;
        one.setAttribute('role', 'option');
        one.textContent = each.name;
        one.addEventListener('pointerdown', (event) => { event.preventDefault(); take(number); });
        return one;
      }));
      if (!people.length) return close();
      list.hidden = false;
      mark(0);
    };
    const ask = () => {
      const before = area.value.slice(0, area.selectionStart);
      const typed = /(?:^|[^\p{L}\p{N}@/.])@(\p{L}[\p{L}\p{N} .'’-]{0,40})$/u.exec(before);
      if (!typed) return close();
      start = before.length - typed[1].length - 1;
      const mine = turn += 1;
      clearTimeout(timer);
      timer = setTimeout(async () => {
        try {
          const answer = await fetch(`${talk.dataset.people}?q=${encodeURIComponent(typed[1])}`, { credentials: 'same-origin' });
          if (answer.ok && !answer.redirected && mine === turn) show(await answer.json());
        } catch { close(); }
      }, 180);
    };
    area.addEventListener('input', ask);
    area.addEventListener('blur', () => setTimeout(close, 150));
    area.addEventListener('keydown', (event) => {
      if (list.hidden) return;
      const keys = { ArrowDown: () => mark((at + 1) % found.length), ArrowUp: () => mark((at + found.length - 1) % found.length), Enter: () => take(at), Tab: () => take(at), Escape: close };
      if (!keys[event.key]) return;
      event.preventDefault();
      event.stopPropagation();
      keys[event.key]();
    });
  };

  const begun = new WeakSet();
  const begin = (root) => {
    const talks = root.matches?.('[data-talk]') ? [root] : Array.from(root.querySelectorAll?.('[data-talk]') || []);
    talks.forEach((talk) => {
      if (begun.has(talk)) return;
      begun.add(talk);
      follow(talk);
      talk.addEventListener('focusin', (event) => { if (event.target.matches('textarea')) suggest(event.target, talk); });
    });
  };
  begin(document);
  document.addEventListener('improve', (event) => begin(event.detail || document));
})();

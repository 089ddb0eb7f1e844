/* Single keys, never while somebody types and never together with Ctrl, Alt or the like. Switched off in the account. */
(() => {
  'use strict';
  const { words, say } = window.innovation;
  const typing = (element) => element.closest?.('input, textarea, select, [contenteditable=""], [contenteditable="true"], dialog');
  const items = () => Array.from(document.querySelectorAll('[data-item]')).filter((one) => one.offsetParent !== null);
  const handle = (item) => item.querySelector('[data-item-link]') || item.querySelector('a[href], button, summary') || item;
  const here = () => document.activeElement?.closest('[data-item]') || null;
  const step = (by) => {
    const all = items();
    if (!all.length) return;
    const at = all.indexOf(here());
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;
    if (next < 0 || next >= all.length) { say(by > 0 ? words.wordLast || '' : words.wordFirst || ''); return; }
    const target = handle(all[next]);
    if (target === all[next]) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    all[next].scrollIntoView({ block: 'nearest' });
  };
  const vote = () => {
    const place = here() || (items().some((one) => one.querySelector('form[data-vote]')) ? null : document);
    const button = place?.querySelector('form[data-vote] button[name="value"]');
    if (!button || button.disabled) return;
    const undo = button.getAttribute('aria-pressed') === 'true' && button.form.querySelector('button[name="value"][value="0"]');
    (undo || button).click();
  };
  const help = async () => {
    let dialog = document.getElementById('key-help');
    if (!dialog) {
      try {
        const answer = await fetch(words.keys, { headers: { 'HX-Request': 'true' }, credentials: 'same-origin' });
        if (!answer.ok) throw new Error(String(answer.status));
        const box = document.createElement('div');
        box.innerHTML = await answer.text();
        dialog = document.body.appendChild(box.querySelector('dialog'));
      } catch { location.href = words.keys; return; }
    }
    if (!dialog.open) dialog.showModal();
  };
  const search = () => {
    const field = Array.from(document.querySelectorAll('.rail-search input, main input[type="search"]')).find((one) => one.offsetParent !== null);
    if (field) { field.focus(); field.select(); return; }
    document.querySelector('.rail-search-link')?.click();
  };
  const places = { h: words.goHome, c: words.goChallenges, m: words.goWork };
  const keys = { '?': help, '/': search, j: () => step(1), k: () => step(-1), v: vote };
  let began = 0;
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && !'jk'.includes(event.key)) return;
    if (typing(event.target) || document.querySelector('dialog[open]')) return;
    if (event.timeStamp - began < 1200 && Object.hasOwn(places, event.key)) {
      began = 0;
      if (places[event.key]) { event.preventDefault(); location.href = places[event.key]; }
      return;
    }
    began = event.key === 'g' ? event.timeStamp : 0;
    if (Object.hasOwn(keys, event.key)) { event.preventDefault(); keys[event.key](); }
  });
})();

/* Lists with boxes: all of a list are picked, or none, with one press. */
(() => {
  'use strict';
  const boxes = (form) => Array.from(document.querySelectorAll(`input[type="checkbox"][form="${CSS.escape(form)}"]`));
  document.querySelectorAll('[data-pick-all]').forEach((button) => {
    const form = button.dataset.pickAll, all = button.textContent, none = button.dataset.wordNone;
    const show = () => { button.textContent = boxes(form).every((box) => box.checked) ? none : all; };
    button.hidden = boxes(form).length < 2;
    button.addEventListener('click', () => {
      const picked = !boxes(form).every((box) => box.checked);
      boxes(form).forEach((box) => { box.checked = picked; });
      show();
    });
    boxes(form).forEach((box) => box.addEventListener('change', show));
    show();
  });
  /* Coming back, the browser may have kept what was ticked. */
  addEventListener('pageshow', () => document.querySelectorAll('[data-pick-all]').forEach((button) => button.hidden || boxes(button.dataset.pickAll)[0]?.dispatchEvent(new Event('change'))));
})();

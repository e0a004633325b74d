// Clock times in the reader's own zone, as layouts/times.py marks them; UTC where one points.
// window.gwsTimes = {localise(root), said(text, form, instant)}, for what comes into the page later.
window.gwsTimes = (() => {
  const figures = window.gwsFigures;
  const instantOf = (el) => el.dataset.since || el.dataset.observedAt || el.getAttribute("datetime");
  const UTC = /(?:\d{4}-\d\d-\d\d )?\d\d:\d\d(?::\d\d)? UTC(?![+−])/;
  const said = (text, form, instant) => text.replace(UTC, figures[form](instant));
  const localise = (root) => {
    for (const el of root.querySelectorAll("time[data-local]")) {
      const shown = said(el.textContent, el.dataset.local, el.getAttribute("datetime"));
      if (el.textContent !== shown) el.textContent = shown;
    }
  };
  // A title is needed only where one points: nothing is written for it while times tick.
  document.addEventListener("pointerover", (event) => {
    const el = event.target.closest("time");
    const instant = el && instantOf(el);
    if (instant) el.title = figures.utc(new Date(instant).toISOString());
  });
  localise(document);
  return { localise, said };
})();

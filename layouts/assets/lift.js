// Pointing at a connection or a box on the picture, or walking to it by keys, lifts it: a
// connection with its two ends, a box with all its connections and what they lead to. The
// rest is dimmed by the style sheet, by one attribute on the picture.
(() => {
  const live = window.gwsLive;
  const main = document.querySelector("main");
  const SOON_MS = 150;
  let subject = null, lifted = [], waiting = 0;

  const drawn = (target) => target.closest("g[data-connection], g[data-node]");
  const box = (id) => main.querySelector(`g[data-node="${CSS.escape(id)}"]`);
  const line = ({ number }) => main.querySelector(`g[data-connection="${number}"]`);
  const touches = (element) => (element.dataset.connection
    ? ({ number }) => String(number) === element.dataset.connection
    : ({ source, destination }) => source === element.dataset.node || destination === element.dataset.node);
  const together = (element) => {
    const own = live.snapshot.connections.filter(touches(element));
    const around = own.flatMap((state) => [line(state), box(state.source), box(state.destination)]);
    return [...new Set([element, ...around])].filter(Boolean);
  };
  const drop = () => {
    clearTimeout(waiting);
    for (const element of lifted) element.removeAttribute("data-lifted");
    if (subject && subject.ownerSVGElement) subject.ownerSVGElement.removeAttribute("data-lifting");
    subject = null;
    lifted = [];
  };
  const lift = (element) => {
    if (element === subject || !live.snapshot || !element.isConnected) return;
    drop();
    subject = element;
    lifted = together(element);
    for (const one of lifted) one.setAttribute("data-lifted", "");
    element.ownerSVGElement.setAttribute("data-lifting", "");
  };
  // Neither passing over the picture nor a short way between two lines makes it flicker.
  const later = (what) => { clearTimeout(waiting); waiting = setTimeout(what, SOON_MS); };
  const rest = () => {
    const focused = document.activeElement && drawn(document.activeElement);
    if (focused && focused.matches(":focus-visible")) lift(focused);
    else drop();
  };

  main.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse" || event.buttons) return;
    const element = drawn(event.target);
    if (element) later(() => lift(element));
    else later(rest);
  });
  main.addEventListener("pointerleave", () => later(rest));
  main.addEventListener("focusin", (event) => {
    const element = drawn(event.target);
    if (element && element.matches(":focus-visible")) lift(element);
  });
  main.addEventListener("focusout", () => later(rest));
})();

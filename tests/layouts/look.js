// How the picture looks, as text that is the same on every machine: what is drawn where, and
// with which colours and strokes. No font is measured, and nothing is rendered.
() => {
  const STYLE = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "opacity", "font-size", "font-weight", "text-anchor", "display"];
  const PLACE = ["x", "y", "width", "height", "rx", "r", "d", "transform"];
  const svg = document.querySelector(".picture");
  const drawn = [...svg.querySelectorAll("rect, path, circle, text, use")];
  const kind = (el) => el.getAttribute("class") || el.localName;
  const trail = (el) => {
    const steps = [];
    for (let at = el; at !== svg && !at.matches("[data-connection], [data-node]"); at = at.parentElement) {
      const of = at.dataset.status || at.dataset.health;
      steps.unshift(at === el || at.getAttribute("class") || of ? `${kind(at)}${of ? `(${of})` : ""}` : "");
    }
    return steps.filter(Boolean).join(" ");
  };
  const owner = (el) => el.closest("[data-connection], [data-node]");
  const name = (of) => (of ? of.dataset.connection || of.dataset.node : "ground");
  const state = (of) => (of ? [of.dataset.kind || "connection", of.dataset.status, of.hasAttribute("data-lately") ? "lately" : ""].filter(Boolean).join(" ") : "ground");
  const places = drawn.map((el) => [name(owner(el)), trail(el), ...PLACE.filter((a) => el.hasAttribute(a)).map((a) => `${a}=${el.getAttribute(a)}`)].join(" "));
  const styles = new Set(drawn.map((el) => {
    const computed = getComputedStyle(el);
    return `${state(owner(el))} | ${trail(el)} | ${STYLE.map((one) => computed.getPropertyValue(one)).join("; ")}`;
  }));
  return { places, styles: [...styles].sort() };
}

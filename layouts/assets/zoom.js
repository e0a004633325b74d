// Zoom and pan of the picture: wheel and drag, two fingers, or the buttons and the keys + - 0
// and Shift with the arrows. Who walks by keys to what is out of sight is followed. What is
// shown stands in the address (`zoom=x,y,width`), so that a copied link shows the same.
(() => {
  const main = document.querySelector("main");
  const controls = document.querySelector("[data-zoom-controls]");
  if (!controls) return;
  const LARGEST = 6, STEP = 1.25, DRAG_FROM_PX = 5, PAN = 0.2, MARGIN_PX = 24, SOON_MS = 250;
  const [width, height] = controls.dataset.zoomControls.split(" ").map(Number);
  const full = { x: 0, y: 0, width, height };
  let view = { ...full }, drag = null, dragged = false, pinch = null, telling = 0;

  const picture = () => main.querySelector(".picture");
  const tell = () => {
    const address = new URL(location.href);
    if (view.width < full.width) address.searchParams.set("zoom", [view.x, view.y, view.width].map(Math.round).join());
    else address.searchParams.delete("zoom");
    history.replaceState(history.state, "", address.href.replaceAll("%2C", ",").replaceAll("%3A", ":"));
  };
  const show = (next) => {
    const width = Math.min(full.width, Math.max(full.width / LARGEST, next.width));
    const height = (width * full.height) / full.width;
    view = {
      x: Math.min(full.width - width, Math.max(0, next.x)),
      y: Math.min(full.height - height, Math.max(0, next.y)),
      width, height,
    };
    picture().setAttribute("viewBox", [view.x, view.y, view.width, view.height].join(" "));
    controls.toggleAttribute("data-zoomed", width < full.width);
    clearTimeout(telling);
    telling = setTimeout(tell, SOON_MS);
  };
  const at = (event) => {
    const matrix = picture().getScreenCTM().inverse();
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
  };
  const zoom = (factor, point) => {
    const centre = point || { x: view.x + view.width / 2, y: view.y + view.height / 2 };
    const by = Math.min(full.width, Math.max(full.width / LARGEST, view.width / factor)) / view.width;
    show({ x: centre.x - (centre.x - view.x) * by, y: centre.y - (centre.y - view.y) * by, width: view.width * by });
  };
  const move = (dx, dy) => show({ x: view.x + dx, y: view.y + dy, width: view.width });
  const reveal = (element) => {
    const about = (element.querySelector(".badge") || element).getBoundingClientRect();
    const room = picture().getBoundingClientRect(), scale = picture().getScreenCTM().a;
    const out = (from, to, first, last) => (from < first ? from - first - MARGIN_PX : to > last ? to - last + MARGIN_PX : 0) / scale;
    move(out(about.left, about.right, room.left, room.right), out(about.top, about.bottom, room.top, room.bottom));
  };
  const ACTIONS = { in: () => zoom(STEP), out: () => zoom(1 / STEP), fit: () => show(full) };
  const ARROWS = { ArrowRight: [PAN, 0], ArrowLeft: [-PAN, 0], ArrowDown: [0, PAN], ArrowUp: [0, -PAN] };

  controls.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (button) ACTIONS[button.dataset.zoom]();
  });
  const byKey = (action) => () => { if (!picture()) return false; ACTIONS[action](); return true; };
  window.gwsKeys.add(["+", "="], "zoom-in", byKey("in"));
  window.gwsKeys.add("-", "zoom-out", byKey("out"));
  window.gwsKeys.add("0", "zoom-fit", () => !document.querySelector(".typed:not([hidden])") && byKey("fit")());
  window.gwsKeys.add(Object.keys(ARROWS), "pan", (event) => {
    if (!event.shiftKey || !picture() || view.width >= full.width) return false;
    move(...ARROWS[event.key].map((part) => part * view.width));
    return true;
  });
  main.addEventListener("focusin", (event) => {
    const element = event.target.closest("g[data-connection], g[data-node]");
    if (element && view.width < full.width && element.matches(":focus-visible")) reveal(element);
  });
  // Where the page is longer than the window, the wheel still moves it over the whole picture.
  const scrolls = ({ deltaY, ctrlKey }) => !ctrlKey && view.width >= full.width
    && (deltaY > 0 || document.scrollingElement.scrollTop > 0);
  main.addEventListener("wheel", (event) => {
    if (!event.target.closest(".picture") || scrolls(event)) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? STEP : 1 / STEP, at(event));
  }, { passive: false });

  main.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button || !event.target.closest(".picture")) return;
    drag = { x: event.clientX, y: event.clientY, from: { ...view }, moved: false };
  });
  window.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
    if (Math.hypot(dx, dy) > DRAG_FROM_PX) drag.moved = true;
    const scale = picture().getScreenCTM().a;
    if (drag.moved) show({ x: drag.from.x - dx / scale, y: drag.from.y - dy / scale, width: view.width });
  });

  // Two fingers: what was between them stays between them. One finger moves the page, but
  // for a picture that is enlarged and wholly in the window.
  const between = ([a, b]) => ({ clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 });
  const apart = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  const held = () => view.width < full.width && picture().clientWidth <= window.innerWidth;
  const touched = ({ touches, target }) => {
    pinch = null;
    if (!target.closest(".picture")) return;
    if (touches.length === 2) pinch = { apart: apart(touches), width: view.width, at: at(between(touches)) };
    else if (touches.length === 1 && held()) pinch = { apart: 0, width: view.width, at: at(touches[0]) };
  };
  const keepUnder = (point, finger) => {
    const now = at(finger);
    show({ x: view.x + point.x - now.x, y: view.y + point.y - now.y, width: view.width });
  };
  main.addEventListener("touchstart", touched, { passive: true });
  main.addEventListener("touchend", touched, { passive: true });
  main.addEventListener("touchmove", (event) => {
    const { touches } = event;
    if (!pinch || touches.length > 2) return;
    event.preventDefault();
    if (touches.length === 2) show({ ...view, width: (pinch.width * pinch.apart) / apart(touches) });
    keepUnder(pinch.at, touches.length === 2 ? between(touches) : touches[0]);
  }, { passive: false });

  const asked = (new URLSearchParams(location.search).get("zoom") || "").split(",").map(Number);
  if (asked.length === 3 && asked.every(Number.isFinite) && picture()) show({ x: asked[0], y: asked[1], width: asked[2] });
  window.addEventListener("pointerup", () => {
    dragged = Boolean(drag && drag.moved);
    drag = null;
  });
  // The click that ends a drag chooses nothing.
  window.addEventListener("click", (event) => {
    if (dragged) event.stopPropagation();
    dragged = false;
  }, { capture: true });
})();

// Figures of layouts/charts.py, drawn by Plotly in the colours of the theme and in the
// reader's own time. Its script is loaded when the first figure is drawn.
// window.gwsPlot = {load(address), draw(Plotly, place, figure), themed(listener)}
window.gwsPlot = (() => {
  const CONFIG = { displayModeBar: false, doubleClick: false, responsive: true, scrollZoom: false, showTips: false };
  const ROOM_PX = 480;
  let loading = null;

  const load = (address) => {
    loading ??= new Promise((done, fail) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", () => done(window.Plotly));
      script.addEventListener("error", () => {
        loading = null;
        script.remove();
        fail(new Error(`${address} was not loaded`));
      });
      document.head.append(script);
    });
    return loading;
  };

  // A colour may be a system's own (forced colours, high contrast): the browser is asked
  // what it comes to, since Plotly knows numbers alone.
  const palette = () => {
    const probe = document.body.appendChild(document.createElement("i")), known = new Map();
    probe.hidden = true;
    const look = (name) => {
      if (!known.has(name)) {
        probe.style.color = `var(${name})`;
        known.set(name, getComputedStyle(probe).color);
      }
      return known.get(name);
    };
    return { look, end: () => probe.remove() };
  };
  const coloured = (value, look) => {
    if (typeof value === "string") return value.startsWith("--") ? look(value) : value;
    if (Array.isArray(value)) return value.map((one) => coloured(one, look));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, coloured(one, look)]));
  };

  // Plotly shows a moment as UTC would; moved by the zone's offset it shows it as clocks do.
  const local = (ms) => ms - new Date(ms).getTimezoneOffset() * 60000;
  const moved = (mark) => {
    if (mark.xref !== "x") return mark;
    const at = ["x", "x0", "x1"].filter((key) => mark[key] !== undefined).map((key) => [key, local(mark[key])]);
    return { ...mark, ...Object.fromEntries(at) };
  };
  const inLocalTime = ({ data, layout }) => ({
    data: data.map((trace) => ({ ...trace, x: trace.x.map(local) })),
    layout: {
      ...layout,
      shapes: layout.shapes.map(moved),
      annotations: layout.annotations.map(moved),
      xaxis: { ...layout.xaxis, range: layout.xaxis.range.map(local) },
    },
  });

  // One figure after the other, so that the first is seen before the last is drawn.
  let turn = Promise.resolve();
  const draw = (...asked) => {
    const drawn = turn.then(() => paint(...asked));
    turn = drawn.catch(() => undefined).then(() => new Promise((next) => setTimeout(next)));
    return drawn;
  };
  // Only what differs is drawn anew. Where there is little room, spans are named below alone.
  const paint = (Plotly, place, figure) => {
    if (!place.isConnected) return undefined;
    const { look, end } = palette(), { data, layout } = inLocalTime(figure);
    if (place.clientWidth < ROOM_PX) layout.annotations = layout.annotations.filter(({ xref }) => xref !== "x");
    const font = { ...layout.font, family: getComputedStyle(document.body).fontFamily };
    const shown = coloured({ data, layout: { ...layout, font } }, look);
    end();
    return Plotly.react(place, shown.data, shown.layout, CONFIG);
  };

  // Tells of another theme, chosen here or by the system; answers how to stop that.
  const themed = (listener) => {
    const seen = new MutationObserver(listener);
    const systems = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)"].map((one) => matchMedia(one));
    seen.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    systems.forEach((one) => one.addEventListener("change", listener));
    return () => { seen.disconnect(); systems.forEach((one) => one.removeEventListener("change", listener)); };
  };
  return { load, draw, themed };
})();

// What has turned within the last ten minutes has a turned corner: layouts/lately.py, in
// the browser. The marks come and go after the picture is painted, never before it.
(() => {
  const live = window.gwsLive, { inTrouble } = window.gwsSays;
  const main = document.querySelector("main");
  const LASTING_MS = 600000, SETTLING_MS = 60000, LOOK_MS = 5000;
  let waiting = 0;

  const turned = (state, known, now) => {
    if (!state.since) return false;
    const since = Date.parse(state.since);
    if (now - since >= LASTING_MS) return false;
    return since - known > SETTLING_MS || inTrouble(state.status) || state.status === "stale";
  };
  const places = new Map();
  const placeOf = (selector) => {
    if (!places.get(selector)?.isConnected) places.set(selector, main.querySelector(selector));
    return places.get(selector);
  };
  const mark = (selector, is) => {
    const el = placeOf(selector);
    if (el && el.hasAttribute("data-lately") !== is) el.toggleAttribute("data-lately", is);
  };
  const look = () => {
    waiting = 0;
    if (!live.snapshot || !main.querySelector(".picture")) return;
    const { connections, nodes } = live.snapshot, now = live.now();
    const since = [...connections, ...nodes].map((state) => state.since).filter(Boolean).sort();
    const known = Date.parse(since[0]);
    for (const state of connections) mark(`g[data-connection="${state.number}"]`, turned(state, known, now));
    for (const state of nodes) mark(`g[data-node="${CSS.escape(state.id)}"]`, turned(state, known, now));
  };
  live.subscribe((news) => {
    if (waiting || (news && !news.connections && !news.nodes)) return;
    waiting = setTimeout(look);
  });
  setInterval(look, LOOK_MS);
})();

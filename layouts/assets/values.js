// The one value that stands on each line, by the reader's choice: layouts/values.py, in the
// browser. It stands in the address (?v=), and is remembered for the next visit.
// window.gwsValues = {choice(), shown(state), choose(choice), next(), onChoose(listener)}
window.gwsValues = (() => {
  const figures = window.gwsFigures, says = window.gwsSays;
  const KEY = "gws-value";
  const listeners = [];
  const known = (choice) => says.values.includes(choice);

  const stored = () => { try { return localStorage.getItem(KEY) || ""; } catch { return ""; } };
  const store = (choice) => { try { localStorage.setItem(KEY, choice); } catch { /* private window */ } };
  const asked = new URLSearchParams(location.search).get("v");
  let chosen = [asked, stored()].find((choice) => choice !== null && known(choice)) || "";

  const openConnections = (count) => {
    if (!figures.known(count)) return figures.unmeasured;
    if (count < 999.5) return `${figures.count(count)} ${says.openUnit}`;
    return `${figures.count(Math.max(1, count / 1000))}k ${says.openUnit}`;
  };
  const READERS = {
    "": (metrics) => figures.headline(metrics),
    p95: (metrics) => figures.latency(metrics.latency_p95_ms),
    rate: (metrics) => figures.rate(metrics.request_rate),
    errors: (metrics) => figures.ratio(metrics.error_ratio),
    open: (metrics) => openConnections(metrics.connections_active),
  };
  // Old facts show their age whatever is chosen.
  const shown = (state) => {
    const old = state.status === "stale" && state.observed_at;
    if (!old && chosen !== "age") return READERS[chosen](state.metrics);
    return state.observed_at ? figures.shortAge(says.seconds(state.observed_at)) : figures.unmeasured;
  };

  const choose = (choice) => {
    if (!known(choice)) return;
    chosen = choice;
    store(choice);
    const address = new URL(location.href);
    if (choice) address.searchParams.set("v", choice);
    else address.searchParams.delete("v");
    history.replaceState(history.state, "", address);
    for (const listener of listeners) listener(choice);
  };
  return {
    choice: () => chosen,
    shown,
    choose,
    next: () => choose(says.values[(says.values.indexOf(chosen) + 1) % says.values.length]),
    onChoose: (listener) => { listeners.push(listener); },
  };
})();

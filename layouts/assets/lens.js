// The capacity lens on the map (layouts/capacity_lens.py): the width of a line is its p95 load,
// the fill of its badge the headroom, the value on it the days left (c). Signs go on telling
// statuses, and nothing moves. What is drawn comes from the server, and is kept for the visit.
(() => {
  const root = document.documentElement, main = document.querySelector("main");
  const says = window.gwsSays, values = window.gwsValues, said = says.lens;
  const button = document.querySelector("[data-lens-choice]");
  if (!button) return;
  const status = document.querySelector("[data-lens-said]");
  const SLOW_MS = 300, PATIENCE_MS = 120000;
  let told = null, asking = null;

  // On the lines, while the lens is on: other values, and more words for who can't see them.
  const on = () => root.dataset.lens === "capacity" && told !== null;
  const mark = (state) => (on() && state.number !== undefined ? told.marks[state.number] : undefined);
  const { label } = says, { shown } = values;
  says.label = (state) => { const one = mark(state); return label(state) + (one ? `; ${said.capacity}: ${one.told}` : ""); };
  values.shown = (state) => { const one = mark(state); return one ? one.label : shown(state); };

  const paint = () => {
    for (const el of main.querySelectorAll("g[data-connection]")) {
      const one = on() ? told.marks[el.dataset.connection] : null;
      for (const [name, value] of [["load", one && one.width], ["fill", one && one.fill]]) {
        if (one) el.dataset[name] = value; else delete el.dataset[name];
      }
    }
    if (window.gwsLive.snapshot) window.gwsPaint.again();
  };
  const say = (text) => { if (status.textContent !== text) status.textContent = text; };

  const fetched = async () => {
    const address = new URL(`/capacity/${encodeURIComponent(main.dataset.deployment)}`, location.href);
    address.searchParams.set("part", "lens");
    if (window.gwsLive.frozen) address.searchParams.set("at", window.gwsLive.frozen);
    const slow = setTimeout(() => say(said.loading), SLOW_MS);
    try {
      const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
      const found = await answer.json();
      return answer.ok ? found : { trouble: (found.error && found.error.message) || said.unreachable };
    } catch {
      return { trouble: said.unreachable };
    } finally {
      clearTimeout(slow);
    }
  };
  const show = async () => {
    const wanted = root.dataset.lens === "capacity";
    button.setAttribute("aria-pressed", String(wanted));
    if (wanted && told === null) {
      asking ??= fetched();
      const found = await asking;
      asking = null;
      if (found.trouble) say(said.failed.replace("{why}", found.trouble)); else told = found;
    }
    if (on()) say(told.empty || told.told); else if (!wanted) say("");
    root.toggleAttribute("data-lens-drawn", on());
    paint();
  };
  const toggle = () => {
    const address = new URL(location.href);
    if (root.dataset.lens) { delete root.dataset.lens; address.searchParams.delete("lens"); }
    else { root.dataset.lens = "capacity"; address.searchParams.set("lens", "capacity"); }
    history.replaceState(history.state, "", address);
    show();
  };
  button.addEventListener("click", toggle);
  document.addEventListener("gws-form", paint);
  window.gwsKeys.add("c", "lens", toggle);
  if (new URLSearchParams(location.search).get("lens") === "capacity") { root.dataset.lens = "capacity"; show(); }
})();

// The map's own controls (layouts/tools.py): the value on each line (v), only trouble (t),
// motion. What is chosen stands in the address, or is remembered; the picture never moves.
(() => {
  const live = window.gwsLive, says = window.gwsSays, values = window.gwsValues;
  const tools = document.querySelector("[data-tools]");
  if (!tools) return;
  const root = document.documentElement, main = document.querySelector("main");
  const select = tools.querySelector("[data-value-choice]");
  const only = tools.querySelector("[data-only-choice]"), faded = tools.querySelector("[data-faded]");
  const motion = tools.querySelector("[data-motion-choice]");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const STEP = 1.8, PERIOD = 36, STEP_MS = 200;
  const store = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window */ } };

  // One value on each line.
  const showValues = () => {
    select.value = values.choice();
    if (live.snapshot) window.gwsPaint.again();
  };
  select.addEventListener("change", () => values.choose(select.value));
  values.onChoose(showValues);
  showValues();

  // Only trouble: what is well is faded, but the ends of what is not stay legible.
  const isWell = (state) => says.ranks[state.status] < says.ranks.no_data;
  const fade = () => {
    const { connections } = live.snapshot;
    const unwell = connections.filter((state) => !isWell(state));
    const ends = new Set(unwell.flatMap((state) => [state.source, state.destination]));
    for (const el of main.querySelectorAll("g[data-node]")) {
      if (el.hasAttribute("data-touched") !== ends.has(el.dataset.node)) el.toggleAttribute("data-touched");
    }
    const number = connections.length - unwell.length;
    const told = number ? says.faded.replace("{faded}", number).replace("{all}", connections.length) : says.noneFaded;
    if (faded.textContent !== told) faded.textContent = told;
  };
  const showOnly = () => {
    const on = root.dataset.only === "trouble";
    only.setAttribute("aria-pressed", String(on));
    if (!on) faded.textContent = "";
    else if (live.snapshot) fade();
  };
  const toggleOnly = () => {
    const on = root.dataset.only !== "trouble";
    const address = new URL(location.href);
    if (on) { root.dataset.only = "trouble"; address.searchParams.set("only", "trouble"); }
    else { delete root.dataset.only; address.searchParams.delete("only"); }
    history.replaceState(history.state, "", address);
    showOnly();
  };
  only.addEventListener("click", toggleOnly);
  showOnly();
  // Another form was put into the page: page.js does that after us.
  tools.addEventListener("click", (event) => { if (event.target.closest("[data-switch]")) setTimeout(showOnly); });

  // Motion, where requests go along a line; never against what the system asks for.
  const moves = () => root.hasAttribute("data-motion") && !still.matches;
  const flow = (connections) => {
    for (const state of connections) {
      const el = main.querySelector(`g[data-connection="${state.number}"]`);
      if (el && el.hasAttribute("data-flows") !== says.flows(state)) el.toggleAttribute("data-flows");
    }
  };
  // The dots have come as far as the next one was: a period of the dashes in tools.css.
  let at = 0, moving = 0;
  const step = () => {
    if (document.hidden) return;
    at = (at + STEP) % PERIOD;
    for (const el of main.querySelectorAll("[data-flows] > .over")) el.style.strokeDashoffset = PERIOD - at;
  };
  const showMotion = () => {
    clearInterval(moving);
    if (moves()) moving = setInterval(step, STEP_MS);
    motion.disabled = still.matches;
    motion.title = still.matches ? says.noMotion : motion.dataset.title;
    motion.setAttribute("aria-pressed", String(moves()));
    if (moves() && live.snapshot) flow(live.snapshot.connections);
  };
  motion.dataset.title = motion.title;
  motion.addEventListener("click", () => {
    root.toggleAttribute("data-motion");
    store("gws-motion", root.hasAttribute("data-motion") ? "on" : "");
    showMotion();
  });
  still.addEventListener("change", showMotion);
  showMotion();

  live.subscribe((news, snapshot) => {
    if (news && !news.connections) return;
    if (root.dataset.only) fade();
    if (moves()) flow(snapshot.connections);
  });
  window.gwsKeys.add("v", "value", () => values.next());
  window.gwsKeys.add("t", "trouble", toggleOnly);

  // A window that gets narrow shows the list, one that gets wide the picture: there is no room
  // for the other.
  const narrow = window.matchMedia("(max-width: 700px)");
  narrow.addEventListener("change", () => {
    const { formChosen } = root.dataset;
    if (narrow.matches ? !formChosen : formChosen === "list") tools.querySelector("[data-switch]").click();
  });

  // Beside the panel where it lies over the picture: never over what it explains.
  window.gwsPage.onSelect((selection) => {
    if (!selection) return;
    const chosen = selection.connection ? `[data-connection="${selection.connection}"]` : `[data-node="${CSS.escape(selection.node)}"]`;
    const el = main.querySelector(`g${chosen}`);
    if (!el) return;
    const about = (el.querySelector(".badge") || el).getBoundingClientRect(), room = main.getBoundingClientRect();
    root.toggleAttribute("data-panel-left", about.left + about.right > room.left + room.right);
  });
})();

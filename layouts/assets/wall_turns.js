// Several deployments take turns on one wall. A failing one is held longer; one that turns
// failing is shown at once. window.gwsWallTurns = {decide(turn, now)}
window.gwsWallTurns = (() => {
  const live = window.gwsLive, link = window.gwsWallLink, says = window.gwsSays, figures = window.gwsFigures;
  const options = window.gwsWallOptions, { said, fill, moved } = window.gwsWall;
  const main = document.querySelector("main"), place = document.querySelector("[data-turns]");
  const list = place.querySelector("[data-turns-list]"), note = place.querySelector("[data-turns-note]");
  const HELD = 3, LEAST_MS = 5000, PATIENCE_MS = 8000;
  const first = main.dataset.deployment;
  let turn = { shown: first, since: Date.now(), everyMs: 0, ids: [first], failing: new Set(), urgent: [] };
  let wanted = [first], moving = false, jumped = false, painted = "";

  // Who is to be shown now instead; null: nobody. `urgent` turned failing and was not shown.
  const holdMs = ({ shown, everyMs, failing }) => everyMs * (failing.has(shown) ? HELD : 1);
  const decide = (asked, now) => {
    const { shown, since, ids, urgent } = asked;
    const [hurried] = urgent.filter((id) => id !== shown && ids.includes(id));
    if (hurried && now - since >= LEAST_MS) return hurried;
    if (ids.length < 2 || now - since < holdMs(asked)) return null;
    return ids[(ids.indexOf(shown) + 1) % ids.length];
  };

  const arrange = () => {
    const ids = options.rotateMs ? [...new Set([first, ...options.others])] : [first];
    wanted = ids;
    turn = { ...turn, ids, everyMs: options.rotateMs };
    link.follows(ids);
    place.hidden = ids.length < 2;
    painted = "";
    if (!ids.includes(turn.shown)) show(first, false);
  };
  const weigh = (states) => {
    const failing = new Set(states.filter((state) => state.status === "failing").map((state) => state.id));
    const known = turn.known ? [...failing].filter((id) => !turn.failing.has(id)) : [];
    const urgent = [...turn.urgent.filter((id) => failing.has(id)), ...known].filter((id) => id !== turn.shown);
    // What is not watched here, or no longer, has no turn.
    const there = wanted.filter((id) => states.some((state) => state.id === id));
    turn = { ...turn, failing, urgent, known: true, ids: there.length ? there : [turn.shown] };
    paint();
  };

  const words = (page) => JSON.parse(page.getElementById("gws-words").textContent);
  const swap = (page, id, snapshot) => {
    for (const old of main.querySelectorAll("[data-swap]")) {
      old.replaceWith(document.adoptNode(page.querySelector(`[data-swap="${old.dataset.swap}"]`)));
    }
    const { labels, counted } = words(page);
    Object.assign(says.labels, labels);
    says.counted.clear();
    counted.forEach((box) => says.counted.add(box));
    document.title = page.title;
    main.dataset.deployment = id;
    moved(snapshot);
    live.follow(id);
  };
  const get = (address) => fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store" });
  const show = async (id, hurried) => {
    moving = true;
    try {
      const [page, snapshot] = await Promise.all([`/wall/${id}`, `/api/v1/deployments/${id}/snapshot`].map(get));
      if (page.ok && snapshot.ok) {
        swap(new DOMParser().parseFromString(await page.text(), "text/html"), id, await snapshot.json());
        jumped = hurried;
        turn.shown = id;
      }
    } catch { /* the one that is shown stays, and the next turn comes */ }
    turn = { ...turn, since: Date.now(), urgent: turn.urgent.filter((other) => other !== id) };
    moving = false;
    paint();
  };

  const make = (state) => {
    const item = document.createElement("li"), svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const sign = document.createElementNS("http://www.w3.org/2000/svg", "use");
    sign.setAttribute("href", `#gws-sign-${state.status}`);
    svg.setAttribute("class", "sign");
    svg.setAttribute("viewBox", "0 0 14 14");
    svg.append(sign);
    item.dataset.status = state.status;
    item.toggleAttribute("data-shown", state.id === turn.shown);
    item.append(svg, ` ${state.name}`);
    return item;
  };
  const noted = () => {
    const at = turn.ids.indexOf(turn.shown), next = link.states.find(({ id }) => id === turn.ids[(at + 1) % turn.ids.length]);
    const left = Math.max(0, turn.since + holdMs(turn) - Date.now());
    const why = jumped ? `${said.jumped}; ` : turn.failing.has(turn.shown) ? `${said.held}; ` : "";
    return why + fill(said.next, { name: next ? next.name : "", age: figures.duration(Math.ceil(left / 1000)) });
  };
  const paint = () => {
    if (place.hidden) return;
    const key = JSON.stringify([link.states, turn.shown]);
    if (key !== painted) list.replaceChildren(...link.states.filter(({ id }) => turn.ids.includes(id)).map(make));
    painted = key;
    const words = noted();
    if (note.textContent !== words) note.textContent = words;
  };
  const look = () => {
    paint();
    const next = moving || !live.connected ? null : decide(turn, Date.now());
    if (next !== null && next !== turn.shown) show(next, turn.urgent.includes(next));
  };

  link.onStates(weigh);
  options.onChange(arrange);
  arrange();
  setInterval(look, 1000);
  return { decide };
})();

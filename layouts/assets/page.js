// What the reader does: choose, walk by keys, sort the table, switch picture and list.
// window.gwsPage = {selection, onSelect(listener), select(selection)}
window.gwsPage = (() => {
  const main = document.querySelector("main");
  const listeners = [];
  const narrow = window.matchMedia("(max-width: 700px)");
  const page = {
    selection: null,
    onSelect: (listener) => { listeners.push(listener); listener(page.selection); },
  };

  // Choosing: the address follows, so that a copied link shows what its sender saw.
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const elementOf = (selection) => selection && (selection.connection
    ? main.querySelector(`[data-connection="${selection.connection}"]`)
    : main.querySelector(`[data-node="${CSS.escape(selection.node)}"]`));
  const mark = (element, on) => {
    if (element) element.setAttribute(element.matches("tr") ? "aria-current" : "aria-pressed", String(on));
  };
  page.select = (selection) => {
    if (same(selection, page.selection)) return;
    mark(elementOf(page.selection), false);
    page.selection = selection;
    mark(elementOf(selection), true);
    const address = new URL(location.href);
    ["c", "node"].forEach((key) => address.searchParams.delete(key));
    if (selection && selection.connection) address.searchParams.set("c", selection.connection);
    if (selection && selection.node) address.searchParams.set("node", selection.node);
    history.replaceState(null, "", address);
    document.documentElement.toggleAttribute("data-chosen", selection !== null);
    listeners.forEach((listener) => listener(selection));
  };
  const chosenBy = (element) => (element.dataset.connection
    ? { connection: Number(element.dataset.connection) } : { node: element.dataset.node });

  // One tab stop: the connections in number order, then the components.
  const walk = () => {
    const numbered = [...main.querySelectorAll("[data-connection]")]
      .sort((a, b) => a.dataset.connection - b.dataset.connection);
    return [...numbered, ...main.querySelectorAll("[data-node]")];
  };
  const focusOn = (element) => {
    if (!element) return;
    main.querySelectorAll('[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
    element.tabIndex = 0;
    element.focus();
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const step = (by) => {
    const all = walk(), at = all.indexOf(document.activeElement);
    focusOn(all[Math.min(all.length - 1, Math.max(0, at + by))]);
  };
  const goto = (selection) => {
    focusOn(elementOf(selection));
    page.select(selection);
  };

  // Digits, then Enter.
  let typed = "";
  const hint = document.createElement("div");
  hint.className = "typed";
  hint.setAttribute("aria-hidden", "true");
  hint.hidden = true;
  document.body.append(hint);
  const type = (digits) => { typed = digits.slice(-2); hint.textContent = typed; hint.hidden = !typed; };
  const jump = () => {
    const number = Number(typed);
    type("");
    if (elementOf({ connection: number })) goto({ connection: number });
  };

  const keys = document.querySelector("[data-keys]");
  const toggleKeys = () => { if (keys.open) keys.close(); else keys.showModal(); };
  const close = () => {
    if (typed) { type(""); return; }
    const element = elementOf(page.selection);
    page.select(null);
    if (element) focusOn(element);
  };
  const within = (event) => event.target.closest("[data-connection], [data-node]");
  const activate = (event) => {
    const element = within(event);
    if (typed) jump();
    else if (element && main.contains(element)) page.select(chosenBy(element));
    else return false;
    return true;
  };
  const walking = (move) => (event) => { if (!within(event)) return false; move(); return true; };
  const KEYS = {
    ArrowRight: walking(() => step(1)), ArrowDown: walking(() => step(1)),
    ArrowLeft: walking(() => step(-1)), ArrowUp: walking(() => step(-1)),
    Home: walking(() => focusOn(walk()[0])), End: walking(() => focusOn(walk().pop())),
    Enter: activate, " ": (event) => (within(event) ? activate(event) : false),
    Escape: () => { if (keys.open) return false; close(); return true; },
    "?": () => { toggleKeys(); return true; },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    if (/^[0-9]$/.test(event.key) && (typed || event.key !== "0") && !keys.open) type(typed + event.key);
    else if (KEYS[event.key] && KEYS[event.key](event)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (at("[data-close]")) close();
    else if (at("[data-keys-button]")) toggleKeys();
    else if (at("[data-goto]")) goto({ connection: Number(at("[data-goto]").dataset.goto) });
    else if (at("[data-goto-node]")) goto({ node: at("[data-goto-node]").dataset.gotoNode });
    else if (at("[data-switch]")) switchForm();
    else if (at("[data-sort]")) sortBy(at("th"));
    else if (within(event) && main.contains(within(event))) {
      focusOn(within(event));
      page.select(chosenBy(within(event)));
    }
  });

  // Two forms of the same 31: only one of them is in the document at a time.
  const switchForm = () => {
    const shown = main.querySelector("[data-form]"), aside = document.querySelector("[data-other-form]");
    const other = aside.content.firstElementChild;
    aside.content.replaceChildren(shown.firstElementChild);
    shown.replaceChildren(other);
    const picture = other.matches("svg");
    document.documentElement.dataset.formChosen = picture ? "picture" : "list";
    document.querySelector("[data-switch]").textContent = picture ? "Show as list" : "Show as picture";
    window.gwsPaint.again();
    mark(elementOf(page.selection), true);
  };
  if (narrow.matches && document.querySelector("[data-other-form]")) switchForm();

  // Sorting: status worst first, numbers largest first, the rest ascending; again: reversed.
  const RANKS = JSON.parse(document.getElementById("gws-words").textContent).ranks;
  const largestFirst = (name) => (state) => -(state.metrics[name] ?? -1);
  const SORTS = {
    number: (state) => state.number,
    ends: (state) => `${state.source} ${state.destination}`,
    protocol: (state) => `${state.protocol || "~"}${state.port || ""}`,
    status: (state) => -RANKS[state.status] * 100 + state.number,
    since: (state) => -Date.parse(state.since || 0),
    ...Object.fromEntries(["request_rate", "error_ratio", "latency_mean_ms", "latency_p95_ms", "connections_active"]
      .map((name) => [name, largestFirst(name)])),
  };
  const sortBy = (head) => {
    if (!window.gwsLive.snapshot) return;
    const forward = head.getAttribute("aria-sort") !== "ascending";
    head.closest("tr").querySelectorAll("[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", forward ? "ascending" : "descending");
    const key = SORTS[head.querySelector("[data-sort]").dataset.sort];
    const keyOf = new Map(window.gwsLive.snapshot.connections.map((state) => [String(state.number), key(state)]));
    const body = head.closest("table").tBodies[0];
    const compare = (a, b) => {
      const [x, y] = [keyOf.get(a.dataset.connection), keyOf.get(b.dataset.connection)];
      return (x < y ? -1 : x > y ? 1 : a.dataset.connection - b.dataset.connection) * (forward ? 1 : -1);
    };
    body.append(...[...body.rows].sort(compare));
  };

  const asked = new URLSearchParams(location.search);
  if (asked.get("c")) page.select({ connection: Number(asked.get("c")) });
  else if (asked.get("node")) page.select({ node: asked.get("node") });
  return page;
})();

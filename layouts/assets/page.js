// What the reader does: choose, walk by keys, switch picture and list.
// window.gwsPage = {selection, onSelect(listener), select(selection), focusOn(element)}
window.gwsPage = (() => {
  const main = document.querySelector("main"), keys = window.gwsKeys;
  const words = window.gwsSays.page;
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

  // One tab stop: on the picture the connections in number order, then the components; in the
  // table the rows as they stand.
  const listed = () => Boolean(main.querySelector("tr[data-connection]"));
  const walk = () => {
    if (listed()) return [...main.querySelectorAll("tr[data-connection]:not([hidden])")];
    const numbered = [...main.querySelectorAll("[data-connection]")]
      .sort((a, b) => a.dataset.connection - b.dataset.connection);
    return [...numbered, ...main.querySelectorAll("[data-node]")];
  };
  const makeStop = (element) => {
    main.querySelectorAll('[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
    element.tabIndex = 0;
  };
  page.focusOn = (element) => {
    if (!element) return;
    makeStop(element);
    element.focus();
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  // When the rows change: what is left is still reached by Tab.
  page.keepStop = () => {
    const all = walk();
    if (all.length && !all.some((element) => element.tabIndex === 0)) makeStop(all[0]);
  };
  const step = (by) => {
    const all = walk(), at = all.indexOf(document.activeElement);
    page.focusOn(all[Math.min(all.length - 1, Math.max(0, at + by))]);
  };
  const goto = (selection) => {
    const element = elementOf(selection);
    if (element && element.hidden) document.dispatchEvent(new CustomEvent("gws-show-all"));
    page.focusOn(element);
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

  const close = () => {
    if (typed) { type(""); return; }
    const element = elementOf(page.selection);
    page.select(null);
    if (element) page.focusOn(element.hidden ? walk()[0] : element);
  };
  const within = (event) => event.target.closest("[data-connection], [data-node]");
  const activate = (event) => {
    const element = within(event);
    if (!element || !main.contains(element)) return false;
    page.select(chosenBy(element));
    return true;
  };
  const walking = (rows, move) => (event) => {
    if (!within(event) || listed() !== rows) return false;
    move();
    return true;
  };
  const [BACK, ON] = [["ArrowLeft", "ArrowUp"], ["ArrowRight", "ArrowDown"]];
  if (main.querySelector(".picture")) {
    keys.add(ON, "walk", walking(false, () => step(1)));
    keys.add(BACK, "walk", walking(false, () => step(-1)));
  }
  if (listed() || narrow.matches) {
    keys.add("ArrowDown", "rows", walking(true, () => step(1)));
    keys.add("ArrowUp", "rows", walking(true, () => step(-1)));
  }
  const leaping = (place) => (event) => { if (!within(event)) return false; page.focusOn(walk().at(place)); return true; };
  keys.add("Home", "ends", leaping(0));
  keys.add("End", "ends", leaping(-1));
  keys.add([..."0123456789"], "number", ({ key }) => {
    if (!typed && key === "0") return false;
    type(typed + key);
    return true;
  });
  keys.add("Enter", "open", (event) => { if (!typed) return activate(event); jump(); return true; });
  keys.add(" ", "open", activate);
  keys.add("Escape", "close", close);
  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (at("[data-close]")) close();
    else if (at("[data-goto]")) goto({ connection: Number(at("[data-goto]").dataset.goto) });
    else if (at("[data-goto-node]")) goto({ node: at("[data-goto-node]").dataset.gotoNode });
    else if (at("[data-switch]")) switchForm();
    else if (within(event) && main.contains(within(event))) {
      page.focusOn(within(event));
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
    document.querySelector("[data-switch]").textContent = picture ? words.asList : words.asPicture;
    window.gwsPaint.again();
    mark(elementOf(page.selection), true);
    document.dispatchEvent(new CustomEvent("gws-form"));
  };
  if (narrow.matches && document.querySelector("[data-other-form]")) switchForm();

  const asked = new URLSearchParams(location.search);
  if (asked.get("c")) page.select({ connection: Number(asked.get("c")) });
  else if (asked.get("node")) page.select({ node: asked.get("node") });
  return page;
})();

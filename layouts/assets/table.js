// The table of the 31: search, filters, columns and order, all of it in the address as well;
// and what of it is old. Rows are hidden, shown and moved, never made anew, so that focus,
// selection and place stay. The columns are those of layouts/columns.py.
// window.gwsTable = {rows(), columns()}: what is shown, in its order.
window.gwsTable = (() => {
  const live = window.gwsLive, says = window.gwsSays, figures = window.gwsFigures, page = window.gwsPage;
  const { follow, sorted } = window.gwsOrder;
  const { NAMES, fits } = window.gwsSearch;
  const { columns, words, measurer, trouble } = says.table;
  const main = document.querySelector("main"), root = document.documentElement;
  const tools = document.querySelector("[data-table-tools]");   // none over the list of the map
  const byKey = new Map(columns.map((column) => [column.key, column]));
  const STORED = "gws-columns", SOON_MS = 250, SECOND_MS = 1000;

  const table = () => main.querySelector("table.connections");
  const rows = () => (table() ? [...table().tBodies[0].rows] : []);
  const shownRows = () => rows().filter((row) => !row.hidden);
  const states = () => new Map((live.snapshot ? live.snapshot.connections : []).map((state) => [String(state.number), state]));
  const text = (el, value) => { if (el.textContent !== value) el.textContent = value; };
  const field = (name) => tools.elements[name];
  const announce = (what) => text(document.querySelector("[data-announce]"), what);

  // Filters. News alone never takes a row from under who stands on it, or has it open.
  const held = (row) => row.contains(document.activeElement) || row.getAttribute("aria-current") === "true";
  const filter = (byNews) => {
    if (!tools) return;
    const asked = NAMES.map((name) => [name, field(name).value.trim()]).filter(([, value]) => value);
    const stood = document.activeElement?.closest("tr[data-connection]");
    for (const row of rows()) {
      const wanted = asked.every(([name, value]) => fits(row, name, value));
      const stays = !wanted && byNews && !row.hidden && held(row);
      const hide = !wanted && !stays;
      if (row.hidden !== hide) row.hidden = hide;
      row.toggleAttribute("data-leaves", stays);
    }
    const shown = shownRows().length;
    const waits = live.snapshot && live.snapshot.version === 0;
    const tally = words.tally.replace("{shown}", shown).replace("{all}", rows().length);
    text(tools.querySelector("[data-tally]"), waits ? words.waiting : tally);
    tools.querySelector("[data-clear]").disabled = !asked.length;
    const none = main.querySelector("[data-none-match]");
    none.hidden = shown > 0;
    page.keepStop();
    if (stood?.hidden) (shown ? shownRows()[0] : none.querySelector("button")).focus();
  };
  const changed = () => { filter(false); remember(); };
  const clear = () => {
    for (const name of NAMES) field(name).value = "";
    changed();
  };

  // Order: the head says which. It is changed when that is asked for, and at no other time.
  const order = () => {
    const head = table().querySelector("th[aria-sort]");
    const column = byKey.get(head.dataset.column);
    return { column, forward: head.getAttribute("aria-sort") === column.forward };
  };
  const inOrder = (some) => { const { column, forward } = order(); return sorted(some, states(), column, forward); };
  const ageOrder = () => {
    const shown = shownRows(), right = inOrder(shown);
    main.querySelector("[data-order-old]").hidden = shown.every((row, i) => row === right[i]);
  };
  const arrange = () => {
    if (!live.snapshot) return;
    const focused = document.activeElement, body = table().tBodies[0];
    body.append(...inOrder(rows()));
    if (body.contains(focused)) focused.focus({ preventScroll: true });
    main.querySelector("[data-order-old]").hidden = true;
  };
  const orderBy = (column, forward) => {
    table().querySelectorAll("[aria-sort]").forEach((head) => head.removeAttribute("aria-sort"));
    const backward = column.forward === "ascending" ? "descending" : "ascending";
    table().querySelector(`th[data-column="${column.key}"]`).setAttribute("aria-sort", forward ? column.forward : backward);
    field("sort").value = `${forward ? "" : "-"}${column.key}`;
    arrange();
  };
  const orderAs = (told) => {
    const column = byKey.get(told.replace(/^-/, ""));
    if (column) orderBy(column, !told.startsWith("-"));
  };

  // Columns.
  const shownColumns = () => columns.filter(({ key }) => !table().querySelector(`th[data-column="${key}"]`).hidden);
  const showColumns = (keys) => {
    for (const cell of table().querySelectorAll("[data-column]")) {
      const { key, fixed } = byKey.get(cell.dataset.column);
      cell.hidden = !fixed && !keys.includes(key);
    }
    for (const box of tools.querySelectorAll("[name=columns]")) box.checked = keys.includes(box.value);
  };
  const chooseColumns = (keys) => {
    showColumns(keys);
    try { localStorage.setItem(STORED, keys.join(",")); } catch { /* private window */ }
    remember();
  };
  const stored = () => { try { return localStorage.getItem(STORED); } catch { return null; } };
  const keysOf = (some) => some.map((column) => column.key).join(",");

  // The address has what is asked for, and nothing that is as usual.
  let writing = 0;
  const write = () => {
    const address = new URL(location.href), { column, forward } = order();
    const put = (name, value) => { if (value) address.searchParams.set(name, value); else address.searchParams.delete(name); };
    for (const name of NAMES) put(name, field(name).value.trim());
    put("sort", column.key === "number" && forward ? "" : field("sort").value);
    const shown = keysOf(shownColumns());
    put("columns", shown === keysOf(columns.filter((one) => one.usual)) ? "" : shown);
    address.search = address.search.replaceAll("%2C", ",");
    history.replaceState(null, "", address);
  };
  const remember = () => { clearTimeout(writing); writing = setTimeout(write, SOON_MS); };
  const read = () => {
    const asked = new URLSearchParams(location.search);
    for (const name of NAMES) {
      field(name).value = asked.get(name) || "";
      if (field(name).selectedIndex === -1) field(name).value = "";
    }
    const keys = asked.get("columns") ?? stored();   // a link shows what its sender saw
    if (keys !== null) showColumns(keys.split(","));
    orderAs(asked.get("sort") || "number");
    filter(false);
    if (!asked.get("sort")) root.removeAttribute("data-arranging");
  };

  // Ages: what was heard again; and beside each number that is old, how old it is.
  const wayTo = (key) => byKey.get(key).fields[0].way;
  const keepAges = (row, state) => {
    row.dataset.measured = says.opinion(state, measurer);
    for (const place of row.querySelectorAll("[data-age-of]")) {
      const at = follow(state, wayTo(place.dataset.ageOf));
      if (at === null) { text(place, figures.unmeasured); continue; }
      if (!place.firstElementChild) place.replaceChildren(document.createElement("time"));
      const shown = place.firstElementChild;
      if (shown.dataset.observedAt === at) continue;
      shown.dataset.observedAt = at;
      shown.dateTime = at;
      text(shown, figures.ago(says.seconds(at)));
    }
  };
  const tellOld = () => {
    const known = states();
    for (const row of rows()) {
      const state = known.get(row.dataset.connection);
      const at = state ? follow(state, wayTo("measured")) : null;
      const old = at !== null && (!live.connected || row.dataset.measured === "stale");
      const age = old ? figures.shortest(says.seconds(at)) : "";
      row.toggleAttribute("data-old", old);
      for (const place of row.querySelectorAll("[data-old-age]")) {
        const number = place.previousElementSibling.textContent;
        text(place, number === figures.unmeasured ? "" : age);
      }
    }
  };
  const hear = (news, snapshot) => {
    if (!table()) return;
    const known = states();
    const heard = new Set((news || snapshot).connections?.map(({ number }) => String(number)));
    for (const row of rows()) {
      if (heard.has(row.dataset.connection)) keepAges(row, known.get(row.dataset.connection));
    }
    if (root.hasAttribute("data-arranging")) arrange();
    root.removeAttribute("data-arranging");
    filter(true);
    ageOrder();
    tellOld();
  };

  const intoRows = () => page.focusOn(shownRows()[0]);
  const sortOn = (head) => {
    const { column, forward } = order(), asked = byKey.get(head.dataset.sort);
    orderBy(asked, asked === column ? !forward : true);
    remember();
    announce(`${words.sorted}: ${head.textContent}`);
  };
  const searchKeys = (event) => {
    const search = event.target;
    if (event.key === "Enter" || event.key === "ArrowDown") intoRows();
    else if (event.key === "Escape" && search.value) { search.value = ""; changed(); }
    else if (event.key === "Escape") intoRows();
    else return;
    event.preventDefault();
  };
  const listen = () => {
    const choice = tools.querySelector("[data-columns]");
    const ticked = () => [...tools.querySelectorAll("[name=columns]:checked")].map((box) => box.value);
    tools.addEventListener("submit", (event) => event.preventDefault());
    tools.addEventListener("input", ({ target }) => { if (NAMES.includes(target.name)) changed(); });
    tools.addEventListener("change", ({ target }) => {
      if (target.name === "sort") { orderAs(target.value); remember(); }
      if (target.name === "columns") chooseColumns(ticked());
    });
    field("q").addEventListener("keydown", searchKeys);
    // Esc closes the choice alone: what is chosen in the table stays chosen.
    choice.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !choice.open) return;
      event.stopPropagation();
      choice.open = false;
      choice.querySelector("summary").focus();
    });
    document.addEventListener("pointerdown", ({ target }) => { if (!choice.contains(target)) choice.open = false; });
    document.addEventListener("gws-show-all", clear);
    main.addEventListener("focusout", () => setTimeout(() => filter(true)));
    page.onSelect(() => filter(true));
    window.gwsKeys.add("/", "search", () => { field("q").focus(); field("q").select(); });
    window.gwsKeys.add("t", "trouble", () => {
      field("status").value = field("status").value === trouble ? "" : trouble;
      changed();
    });
  };

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (at("[data-sort]")) sortOn(at("[data-sort]"));
    else if (at("[data-sort-again]")) { arrange(); intoRows(); }
    else if (at("[data-clear]")) { clear(); field("q").focus(); }
    else if (at("[data-usual-columns]")) chooseColumns(columns.filter((one) => one.usual).map((one) => one.key));
  });
  // What is cut off at the edge of its cell can be read all the same.
  main.addEventListener("pointerover", ({ target }) => {
    const cell = target.closest(".connections tbody td");
    if (!cell) return;
    if (cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent;
    else cell.removeAttribute("title");
  });
  live.subscribe(hear);
  document.addEventListener("gws-form", () => { if (live.snapshot) hear(null, live.snapshot); });
  document.addEventListener("gws-connected", tellOld);
  setInterval(tellOld, SECOND_MS);
  if (tools) { read(); listen(); }
  if (live.snapshot) hear(null, live.snapshot);   // told before this script was there
  return { rows: shownRows, columns: shownColumns };
})();

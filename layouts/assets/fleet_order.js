// Which cards stand where, and which are shown: layouts/fleet_view.py, in the browser.
// A card moves only when its status does, and not while somebody reads among the cards.
(() => {
  const live = window.gwsFleet, says = window.gwsFleetSays;
  const READS_MS = 30000;   // a pointer that was left lying among the cards reads nothing
  const main = document.querySelector("main"), grid = document.querySelector("[data-cards]");
  const form = document.querySelector("[data-choices]");
  const places = new Map([...document.querySelectorAll("[data-card]")].map((el) => [el.dataset.card, el]));
  let touchedAt = -Infinity, builtBy = main.dataset.by;

  // What stands where, and what is shown: as it is painted now, and as it is to be.
  const ids = (cards) => cards.map((el) => el.dataset.card);
  const painted = [...grid.children].map((el) => [...el.querySelectorAll("[data-card]")]);
  let standing = JSON.stringify([builtBy, painted.map(ids), ids(painted.flat().filter((el) => !el.hidden))]);
  const wantedOf = (by, parts, there) => JSON.stringify([
    by, parts.map((part) => part.members.map((card) => card.id)), there.map((card) => card.id),
  ]);

  const chosen = (name) => (form.elements[name] ? form.elements[name].value : "");
  const view = () => ({
    query: chosen("q").trim().toLowerCase(), by: chosen("by"), size: chosen("size"), trouble: form.elements.trouble.checked,
  });
  const shown = (card, { query, trouble }) => {
    if (trouble && !says.unwell(card, live.now())) return false;
    const names = [card.name, card.id, card.region, card.group].filter(Boolean).join(" ").toLowerCase();
    return query.split(/\s+/).every((word) => names.includes(word));
  };
  const rank = (card) => says.ranks[says.standing(card, live.now())];
  const sections = (cards, by) => {
    const found = new Map();
    for (const card of [...cards].sort((a, b) => rank(b) - rank(a))) {
      const key = (by && card[by]) || "";
      if (!found.has(key)) found.set(key, []);
      found.get(key).push(card);
    }
    return [...found].map(([key, members]) => ({ key, members }));
  };

  // A card that keeps its place is not touched; the focus stays where it is.
  const put = (parent, children) => children.forEach((el, i) => {
    if (parent.children[i] === el) return;
    if (parent.children[i + 1] === el) parent.append(parent.children[i]);
    else parent.insertBefore(el, parent.children[i] || null);
  });
  const keepingFocus = (move) => {
    const held = document.activeElement;
    move();
    if (held !== document.activeElement && grid.contains(held)) held.focus({ preventScroll: true });
  };
  const sectionOf = (key, by) => {
    const there = by === builtBy && [...grid.children].find((el) => el.dataset.section === key);
    if (there) return there;
    const made = document.createElement("section"), list = document.createElement("ul");
    made.dataset.section = key;
    if (by) {
      const head = document.createElement("h2"), told = document.createElement("span");
      told.dataset.sectionTold = "";
      head.append(key || says.unplaced[by], " ", told);
      made.append(head);
    } else list.setAttribute("aria-label", says.list);
    made.append(list);
    return made;
  };
  const putSections = (parts, asked) => {
    const made = parts.map(({ key, members }) => {
      const el = sectionOf(key, asked.by);
      put(el.querySelector("ul"), members.map((card) => places.get(card.id)));
      el.hidden = !members.some((card) => shown(card, asked));
      return el;
    });
    put(grid, made);
    while (grid.children.length > made.length) grid.lastElementChild.remove();
    builtBy = asked.by;
  };

  const nothing = ({ trouble, query }, of) => {
    if (!trouble) return says.noneShown;
    return query ? says.noneOfBoth : says.fill(says.noneTroubled, { of });
  };
  // One place among the cards at which the Tab key stops.
  const keepStop = () => {
    const links = [...grid.querySelectorAll("li:not([hidden]) > a")];
    const at = links.find((link) => link === document.activeElement) || links.find((link) => link.tabIndex === 0) || links[0];
    grid.querySelectorAll('a[tabindex="0"]').forEach((link) => { if (link !== at) link.tabIndex = -1; });
    if (at) at.tabIndex = 0;
  };
  const tell = (asked, there, of) => {
    document.querySelector("[data-told-shown]").textContent = there < of ? says.fill(says.shown, { count: there, of }) : "";
    document.querySelector("[data-empty]").hidden = there > 0;
    document.querySelector("[data-nothing]").textContent = nothing(asked, of);
  };
  const tellSections = (parts) => {
    const byKey = new Map(parts.map((part) => [part.key, part.members]));
    for (const el of grid.querySelectorAll("[data-section-told]")) {
      const members = byKey.get(el.closest("section").dataset.section) || [];
      const count = members.filter((card) => says.unwell(card, live.now())).length;
      const told = count ? says.fill(says.section, { count, of: members.length }) : "";
      if (el.textContent !== told) el.textContent = told;
    }
  };

  const reads = () => performance.now() - touchedAt < READS_MS
    && (grid.matches(":hover") || grid.contains(document.activeElement));
  const arrange = (atOnce) => {
    if (!live.fleet) return;
    const asked = view(), cards = live.fleet.deployments.filter((card) => places.has(card.id));
    const parts = sections(cards, asked.by);
    const there = parts.flatMap((part) => part.members).filter((card) => shown(card, asked));
    const wanted = wantedOf(asked.by, parts, there);
    const waits = wanted !== standing && !atOnce && reads();
    document.querySelector("[data-held]").hidden = !waits;
    tellSections(parts);
    if (waits || wanted === standing) return;
    standing = wanted;
    keepingFocus(() => {
      for (const card of cards) places.get(card.id).hidden = !there.includes(card);
      putSections(parts, asked);
    });
    tellSections(parts);
    tell(asked, there.length, cards.length);
    keepStop();
  };

  // The address follows, so that a copied one shows what its sender saw.
  const remember = (name) => {
    const address = new URL(location.href), { query, by, size, trouble } = view();
    const said = { q: query && chosen("q").trim(), by, trouble: trouble ? "1" : "", size: name === "size" ? size : address.searchParams.get("size") };
    for (const [key, value] of Object.entries(said)) {
      if (value) address.searchParams.set(key, value);
      else address.searchParams.delete(key);
    }
    history.replaceState(null, "", address);
    main.dataset.size = size;
    main.dataset.by = by;
  };
  const choose = (event) => { remember(event.target.name); arrange(true); };
  form.addEventListener("input", choose);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = grid.querySelector("li:not([hidden]) > a");
    if (first) first.focus();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-show-all]")) return;
    form.elements.q.value = "";
    form.elements.trouble.checked = false;
    remember("q");
    arrange(true);
    form.elements.q.focus();
  });
  for (const kind of ["pointermove", "pointerdown", "keydown", "wheel"]) {
    grid.addEventListener(kind, () => { touchedAt = performance.now(); }, { passive: true });
  }
  grid.addEventListener("pointerleave", () => arrange(false));
  grid.addEventListener("focusout", () => setTimeout(() => arrange(false)));
  live.subscribe(() => arrange(false));
  setInterval(() => arrange(false), 1000);
})();

// Paints what gwsFleet tells, in the same task: only attributes and texts that differ.
// The elements are the server's (layouts/fleet_card.py, fleet_top.py).
(() => {
  const figures = window.gwsFigures, live = window.gwsFleet, says = window.gwsFleetSays;
  const { map, words, ranks } = says;
  const SVG = "http://www.w3.org/2000/svg", RING_MS = 5000;
  const main = document.querySelector("main");

  const attribute = (el, name, value) => {
    if (value === null) el.removeAttribute(name);
    else if (el.getAttribute(name) !== value) el.setAttribute(name, value);
  };
  const text = (el, value) => { if (el.textContent !== value) el.textContent = value; };
  const made = (name, attributes, ...children) => {
    const el = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
    el.append(...children);
    return el;
  };

  // As layouts/fleet_map.py draws it: over the picture of a well deployment what is not.
  const others = map.drawn.map(([letter]) => letter).join("");
  const pick = (letters, shapes, wanted) => shapes.filter((_, i) => wanted.includes(letters[i])).join("");
  const path = (kind, d, status) => {
    const el = document.createElementNS(SVG, "path");
    el.setAttribute("class", kind);
    if (status) el.setAttribute("data-status", status);
    el.setAttribute("d", d);
    return el;
  };
  const over = (card) => {
    const blank = pick(card.connections, map.lines, others) + pick(card.nodes, map.outlines, others);
    const layer = (kind, letters, shapes) => map.drawn
      .map(([letter, status]) => [status, pick(letters, shapes, letter)])
      .filter(([, d]) => d).map(([status, d]) => path(kind, d, status));
    return [
      ...(blank ? [path("fleet-blank", blank)] : []),
      ...layer("fleet-lines", card.connections, map.lines),
      ...layer("fleet-boxes", card.nodes, map.outlines),
    ];
  };
  const sign = (status) => {
    const svg = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `#gws-sign-${status}`);
    for (const [key, value] of [["class", "sign"], ["viewBox", "0 0 14 14"], ["aria-hidden", "true"], ["focusable", "false"]]) {
      svg.setAttribute(key, value);
    }
    svg.append(use);
    return svg;
  };
  const counts = (card) => Object.entries(card.counts).map(([status, number]) => made(
    "span", { "data-status": status },
    sign(status), made("b", {}, String(number)), made("span", { class: "word" }, ` ${words[status]}`),
  ));

  const tickSince = (el) => {
    const since = el.dataset.since;
    text(el, since ? figures.lasting((live.now() - Date.parse(since)) / 1000) : "");
  };
  const WRITERS = {
    sign: (el, card) => attribute(el, "href", `#gws-sign-${card.status}`),
    word: (el, card) => text(el, words[card.status]),
    since: (el, card) => {
      attribute(el, "datetime", card.since);
      attribute(el, "data-since", card.since || "");
      attribute(el, "title", figures.utc(card.since));
      tickSince(el);
    },
    map: (el, card) => el.replaceChildren(el.firstElementChild, ...over(card)),
    counts: (el, card) => el.replaceChildren(...counts(card)),
    told: (el, card) => text(el, says.told(card)),
    why: (el, card) => text(el, says.why(card, live.now())),
    age: (el, card) => text(el, says.age(card, live.now())),
  };
  // What is built anew, and from which fields: not at all while they are the same.
  const BUILT = { map: ["connections", "nodes"], counts: ["counts"] };
  const same = (name, old, card) => old !== undefined && name in BUILT
    && BUILT[name].every((field) => JSON.stringify(old[field]) === JSON.stringify(card[field]));

  const places = new Map([...document.querySelectorAll("[data-card]")].map((el) => [el.dataset.card, {
    el, link: el.firstElementChild, parts: [...el.querySelectorAll("[data-part]")].map((part) => [part, part.dataset.part]),
  }]));
  const paintCard = (card, old) => {
    const place = places.get(card.id);
    if (!place) return;
    attribute(place.el, "data-status", card.status);
    for (const [part, name] of place.parts) if (!same(name, old, card)) WRITERS[name](part, card);
    keepAge(card, place);
  };
  // What time alone changes.
  const keepAge = (card, place) => {
    attribute(place.el, "data-sight", says.sight(card, live.now()));
    for (const name of ["aria-label", "title"]) attribute(place.link, name, says.label(card, live.now()));
    for (const [part, name] of place.parts) if (name === "why" || name === "age") WRITERS[name](part, card);
  };

  const totals = (cards) => {
    const tally = {};
    for (const { status } of cards) tally[status] = (tally[status] || 0) + 1;
    for (const item of document.querySelectorAll("[data-count]")) {
      const number = tally[item.dataset.count] || 0;
      text(item.querySelector("[data-part=count]"), String(number));
      item.toggleAttribute("data-none", number === 0);
    }
  };
  const summary = (cards) => {
    const place = document.querySelector("[data-overall]");
    const count = cards.filter((card) => says.unwell(card, live.now())).length, of = cards.length;
    const worst = cards.map((card) => says.standing(card, live.now())).reduce((a, b) => (ranks[b] > ranks[a] ? b : a));
    attribute(place, "data-status", worst);
    attribute(place.querySelector("use"), "href", `#gws-sign-${worst}`);
    const well = of === 1 ? says.summaryOne : says.summaryWell;
    text(place.querySelector("[data-part=summary]"), says.fill(count ? says.summaryTrouble : well, { count, of }));
  };
  const announce = (turned) => {
    const grave = turned.filter(([card, old]) => (ranks[card.status] >= says.unwellFrom) !== (ranks[old.status] >= says.unwellFrom));
    const sentences = grave.map(([{ name, status }]) => says.fill(says.became, { name, word: words[status] }));
    if (sentences.length) text(document.querySelector("[data-announce]"), sentences.join(". "));
  };
  const ring = ({ el }) => {
    el.setAttribute("data-changed", "");
    setTimeout(() => el.removeAttribute("data-changed"), RING_MS);
  };

  const paint = (changed, fleet) => {
    const turned = [];
    for (const card of fleet.deployments) {
      if (changed && !changed.has(card.id)) continue;
      const old = changed ? changed.get(card.id) : undefined;
      if (old && old.status !== card.status) turned.push([card, old]);
      paintCard(card, old);
    }
    for (const [card] of turned) if (places.has(card.id)) ring(places.get(card.id));
    attribute(main, "data-version", String(fleet.version));
    attribute(main, "data-at", fleet.at);
    totals(fleet.deployments);
    summary(fleet.deployments);
    announce(turned);
  };
  const tick = () => {
    const instant = new Date(live.connected ? live.now() : live.heard()).toISOString();
    const clock = document.querySelector("[data-clock]");
    text(clock, figures.clock(instant));
    attribute(clock, "datetime", instant);
    if (!live.fleet) return;
    document.querySelectorAll("[data-since]").forEach(tickSince);
    for (const card of live.fleet.deployments) if (places.has(card.id)) keepAge(card, places.get(card.id));
    summary(live.fleet.deployments);
  };
  const showConnected = () => {
    document.querySelector("[data-lost]").hidden = live.connected;
    text(document.querySelector("[data-last-heard]"), figures.clock(new Date(live.heard()).toISOString()));
    text(document.querySelector("[data-live]"), live.connected ? says.live : says.notLive);
    document.documentElement.toggleAttribute("data-cut-off", !live.connected);
  };

  live.subscribe(paint);
  document.addEventListener("gws-connected", showConnected);
  setInterval(tick, 1000);
})();

// A card beside what is pointed at, or walked to by keys, on the picture: its verdict, and
// every witness with its age. It says nothing that the panel does not, so touch needs none.
(() => {
  const live = window.gwsLive, says = window.gwsSays, figures = window.gwsFigures;
  const main = document.querySelector("main");
  const SOON_MS = 250, GAP_PX = 10;
  const card = document.createElement("div");
  card.id = "gws-card";
  card.className = "card";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  main.append(card);
  let subject = null, waiting = 0;

  const make = (name, attributes, ...children) => {
    const el = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== null) el.setAttribute(key, value);
    el.append(...children);
    return el;
  };
  const sign = (status) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "sign");
    svg.setAttribute("viewBox", "0 0 14 14");
    use.setAttribute("href", `#gws-sign-${says.words[status] ? status : "no_data"}`);
    svg.append(use);
    return svg;
  };
  const aged = (instant) => make("time", { "data-observed-at": instant }, figures.ago(says.seconds(instant)));
  const lasting = (instant) => make("time", { "data-since": instant }, figures.lasting(says.seconds(instant)));

  const verdict = (state) => make(
    "p", { class: "verdict", "data-status": state.status },
    sign(state.status), make("strong", {}, says.words[state.status]), ...(state.since ? [lasting(state.since)] : []),
  );
  const witness = (state, name) => {
    const opinion = says.opinion(state, name), heard = state.heard[name];
    return make(
      "li", { "data-status": opinion },
      sign(opinion), make("span", {}, says.witnesses[name]),
      make("span", {}, says.words[opinion] || says.told.silent), ...(heard && heard.at ? [aged(heard.at)] : []),
    );
  };
  const ifKnown = (value, told) => (figures.known(value) ? told() : null);
  const uses = (state) => [
    [says.uses.users, ifKnown(state.users, () => figures.usersShared(state.users, state.users_most, state.users_marks))],
    [says.uses.cpu, ifKnown(state.cpu, () => figures.cores(state.cpu, state.cpu_limit))],
    [says.uses.pods_memory, ifKnown(state.pods_memory, () => figures.ofLimit(state.pods_memory, state.pods_memory_limit, figures.size))],
    [says.uses.replicas_max, ifKnown(state.replicas_max, () => says.atMost.replace("{replicas}", state.replicas_max))],
  ];
  const glance = (state) => [
    [says.told.ready, figures.known(state.ready) || figures.known(state.desired) ? figures.ready(state.ready, state.desired) : null],
    [says.told.restarts, state.restarts],
    [says.told.version, state.version],
    [says.told.memory, state.memory === null ? null : figures.ofLimit(state.memory, state.memory_limit, figures.size)],
    [says.told.clients, state.clients === null ? null : figures.ofLimit(state.clients, state.clients_limit, String)],
    ...uses(state),
  ].filter(([, value]) => figures.known(value))
    .flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, String(value))]);

  const fill = (state) => {
    const title = state.number === undefined ? state.label : `${state.number}  ${says.ends(state)}`;
    const asked = Object.keys(says.witnesses).filter((name) => says.opinion(state, name) !== "none");
    const reason = says.firstReason(state);
    const facts = state.number === undefined ? glance(state) : [];
    card.replaceChildren(
      make("p", { class: "card-title" }, title), verdict(state),
      ...(reason ? [make("p", { class: "reason" }, reason)] : []),
      ...(says.apart(state) ? [make("p", { class: "apart" }, `≠ ${says.disagree}`)] : []),
      ...(facts.length ? [make("dl", {}, ...facts)] : []),
      make("ul", { class: "opinions" }, ...asked.map((name) => witness(state, name))),
    );
  };
  const stateOf = (element) => live.snapshot && (element.dataset.connection
    ? live.snapshot.connections.find((state) => String(state.number) === element.dataset.connection)
    : live.snapshot.nodes.find((state) => state.id === element.dataset.node));

  // Under what it is about, else over it, never outside the picture and never on its subject.
  const place = (element) => {
    const room = main.getBoundingClientRect();
    const about = (element.querySelector(".badge") || element.querySelector(".body")).getBoundingClientRect();
    const { width, height } = card.getBoundingClientRect();
    const middle = (about.left + about.right) / 2;
    const left = Math.min(room.right - width - GAP_PX, Math.max(room.left + GAP_PX, middle - width / 2));
    const below = about.bottom + GAP_PX, above = about.top - GAP_PX - height;
    const fits = below + height <= room.bottom;
    const aside = !fits && above < room.top;
    const beside = about.right + GAP_PX + width <= room.right ? about.right + GAP_PX : about.left - GAP_PX - width;
    const top = aside ? Math.max(room.top, room.bottom - height - GAP_PX) : fits ? below : above;
    card.style.left = `${(aside ? beside : left) - room.left}px`;
    card.style.top = `${top - room.top}px`;
  };
  const hide = () => {
    clearTimeout(waiting);
    if (subject) subject.removeAttribute("aria-describedby");
    subject = null;
    card.hidden = true;
  };
  const show = (element) => {
    const state = stateOf(element);
    if (!state || element.getAttribute("aria-pressed") === "true") return;   // the panel says it all
    hide();
    subject = element;
    fill(state);
    card.hidden = false;
    place(element);
    element.setAttribute("aria-describedby", card.id);
  };
  const later = (what) => { clearTimeout(waiting); waiting = setTimeout(what, SOON_MS); };
  const drawn = (target) => target.closest("g[data-connection], g[data-node]");

  main.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse" || event.buttons) return;
    const element = drawn(event.target);
    if (card.contains(event.target) || (element && element === subject)) clearTimeout(waiting);
    else if (element) later(() => show(element));
    else if (subject) later(hide);
    else clearTimeout(waiting);
  });
  main.addEventListener("pointerleave", () => later(hide));
  main.addEventListener("focusin", (event) => {
    const element = drawn(event.target);
    if (element && element.matches(":focus-visible")) show(element);
  });
  main.addEventListener("focusout", hide);
  for (const gone of ["pointerdown", "wheel", "scroll"]) main.addEventListener(gone, hide, { capture: true, passive: true });
  window.addEventListener("resize", hide);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); }, { capture: true });
  window.gwsPage.onSelect(() => { if (subject && subject.getAttribute("aria-pressed") === "true") hide(); });
  live.subscribe(() => {
    if (!subject) return;
    if (subject.isConnected) fill(stateOf(subject));
    else hide();
  });
})();

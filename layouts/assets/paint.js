// Paints what gwsLive tells, in the same task: only attributes and texts that differ.
// The elements are the server's (layouts/picture.py, table.py, header.py); data-part says
// what of a state an element shows.
(() => {
  const figures = window.gwsFigures, live = window.gwsLive, says = window.gwsSays, values = window.gwsValues;
  const { words, ranks, labels, seconds, inTrouble, page: said } = says;
  const { fill } = figures;
  const main = document.querySelector("main");
  const RING_MS = 5000, CELL = 18, UNDER_PX = 15, UNDER_STACKED_PX = 33;

  const attribute = (el, name, value) => {
    if (el.getAttribute(name) !== value) el.setAttribute(name, value);
  };
  const text = (el, value) => { if (el.textContent !== value) el.textContent = value; };
  const shownIf = (el, there) => { if (el.hasAttribute("hidden") === there) el.toggleAttribute("hidden", !there); };

  // As layouts/geometry.py places them: in a row under a badge, in two under a stacked one.
  const cells = (el, state) => {
    const all = [...el.children];
    const asked = all.filter((cell) => says.opinion(state, cell.dataset.witness) !== "none");
    const stacked = el.hasAttribute("data-stack");
    const wide = stacked ? Math.floor((asked.length + 1) / 2) : asked.length;
    asked.forEach((cell, i) => attribute(cell, "transform", `translate(${(i % wide) * CELL - (wide * CELL) / 2} `
      + `${Math.floor(i / wide) * CELL + (stacked ? UNDER_STACKED_PX : UNDER_PX)})`));
    for (const cell of all) attribute(cell, "data-status", says.opinion(state, cell.dataset.witness));
  };

  const tickSince = (el) => text(el, el.dataset.since ? figures.lasting(seconds(el.dataset.since)) : "");
  const tickHeard = (el) => text(el, el.dataset.observedAt ? figures.ago(seconds(el.dataset.observedAt)) : figures.never);

  const WRITERS = {
    sign: (el, state) => attribute(el, "href", `#gws-sign-${state.status}`),
    word: (el, state) => text(el, words[state.status]),
    value: (el, state) => text(el, values.shown(state)),
    flap: (el, state) => text(el, state.flapping ? `×${state.flapping}` : ""),
    ready: (el, state) => text(el, says.pods(state, Number(el.dataset.room))),
    "status-line": (el, state) => {
      const { middle, baseline, room } = el.dataset;
      attribute(el, "transform", `translate(${middle - says.halfStatusLine(says.pods(state, Number(room)))} ${baseline})`);
    },
    reason: (el, state) => text(el, says.firstReason(state)),
    apart: (el, state) => text(el, says.apart(state) ? "≠" : ""),
    differ: (el, state) => shownIf(el, says.apart(state)),
    details: (el, state) => text(el, says.details(state, Number(el.dataset.room))),
    witnesses: (el, state) => { shownIf(el, says.doubted(state)); cells(el, state); },
    error: (el, state) => text(el, state.error || ""),
    since: (el, state) => {
      attribute(el, "data-since", state.since || "");
      attribute(el, "title", figures.utc(state.since));
      tickSince(el);
    },
    heard: (el, state) => { attribute(el, "data-observed-at", state.last_success || ""); tickHeard(el); },
    metric: (el, state, name) => text(el, figures.metric(name, state.metrics[name])),
    "chip-count": (el, state) => {
      const chip = el.closest("[data-workload]");
      const own = state.pods.filter((pod) => pod.workload.startsWith(chip.dataset.workload));
      const up = own.filter((pod) => pod.ready).length;
      text(el, own.length ? `${up}/${own.length}` : figures.unmeasured);
      const health = !own.length ? "unknown" : up === own.length ? "well" : up ? "partly" : "down";
      attribute(chip, "data-health", health);
    },
  };

  // What shows a subject, found once: [element, its parts]; forgotten when a form changes.
  let places = new Map();
  const find = (selector) => [...document.querySelectorAll(selector)].map((el) => [
    el, [...el.querySelectorAll("[data-part]")].map((part) => [part, ...part.dataset.part.split(" ")]),
  ]);
  const shown = (selector) => {
    if (!places.has(selector)) places.set(selector, find(selector));
    return places.get(selector);
  };
  const marks = (el, state) => {
    for (const mark of el.querySelectorAll("[data-witness]")) {
      const status = says.opinion(state, mark.dataset.witness);
      if (mark.dataset.status === status) continue;
      mark.dataset.status = status;
      attribute(mark.querySelector("use"), "href", `#gws-sign-${words[status] ? status : "no_data"}`);
      mark.title = mark.title.replace(/: .*/, `: ${words[status] || says.told.silent}`);
      text(mark.lastElementChild, mark.title);
    }
  };
  const keepAges = (state) => {
    for (const [row] of shown(`tr[data-connection="${state.number}"]`)) {
      for (const el of row.querySelectorAll("[data-age]")) {
        const heard = state.heard[el.parentElement.dataset.witness];
        text(el, heard && heard.at ? figures.shortest(seconds(heard.at)) : "");
      }
    }
  };
  const ring = (el) => {
    el.setAttribute("data-changed", "");
    setTimeout(() => el.removeAttribute("data-changed"), RING_MS);
  };
  const paintOn = ([el, parts], state, quietly) => {
    const turned = el.dataset.status !== state.status;
    if (turned) el.dataset.status = state.status;
    if (turned && !quietly && el.matches("g")) ring(el);
    if (el.hasAttribute("aria-label")) attribute(el, "aria-label", says.label(state));
    for (const [part, name, more] of parts) WRITERS[name](part, state, more);
  };

  const paintConnection = (state, quietly) => {
    for (const place of shown(`[data-connection="${state.number}"]`)) {
      paintOn(place, state, quietly);
      if (place[0].matches("tr")) marks(place[0], state);
    }
    for (const place of shown(`[data-mirror="${state.number}"]`)) {
      paintOn(place, state, quietly);
      place[0].hidden = ranks[state.status] < ranks.no_data;
    }
  };
  const paintNode = (state, quietly) => {
    for (const place of shown(`[data-node="${CSS.escape(state.id)}"]`)) paintOn(place, state, quietly);
  };
  const paintSource = (state) => {
    for (const place of shown(`[data-source="${CSS.escape(state.name)}"]`)) {
      paintOn(place, state, true);
      place[0].hidden = false;
      attribute(place[0], "title", state.error || "");
    }
    for (const place of shown(`[data-chip="${CSS.escape(state.name)}"]`)) {
      paintOn(place, state, true);
      place[0].hidden = !inTrouble(state.status);
      attribute(place[0], "title", state.error || "");
    }
    for (const [el, parts] of shown(`[data-blind="${CSS.escape(state.name)}"]`)) {
      if (state.error) for (const [part, name] of parts) WRITERS[name](part, state);
      el.hidden = state.status !== "failing";
    }
  };

  // As layouts/sources.py sums them up: [status, words, names].
  const summed = (states) => {
    const count = states.length;
    if (!count) return ["no_data", said.noSources, ""];
    const worst = states.reduce((a, b) => (ranks[b.status] > ranks[a.status] ? b : a)).status;
    const troubled = states.filter((state) => inTrouble(state.status));
    const told = troubled.length ? troubled : states.filter((state) => state.status === "no_data");
    if (!told.length) return [worst, fill(count === 1 ? said.heard : said.allHeard, { count }), ""];
    const sources = fill(count === 1 ? said.source : said.counted, { count });
    const names = told.map((state) => says.sources[state.name] || state.name).join(", ");
    const line = troubled.length ? said.inTrouble : said.notHeard;
    return [worst, fill(line, { told: told.length, sources }), `(${names})`];
  };
  const sumUp = (snapshot) => {
    const [status, line, names] = summed(snapshot.sources);
    for (const place of shown("[data-sources-button]")) paintOn(place, { status }, true);
    text(document.querySelector("[data-summary]"), line);
    text(document.querySelector("[data-summary-names]"), names);
  };

  // Dash paints the panel; ages and numbers in it are kept here, without asking the server.
  const keepPanel = () => {
    const panel = document.querySelector("[data-explains]");
    if (!panel || !live.snapshot) return;
    const subject = panel.dataset.explains;
    const state = live.snapshot.connections.find((c) => String(c.number) === subject)
      || live.snapshot.nodes.find((n) => n.id === subject);
    if (!state) return;
    for (const el of panel.querySelectorAll("[data-witness-heard]")) {
      const heard = state.heard[el.dataset.witnessHeard];
      attribute(el, "data-observed-at", (heard && heard.at) || "");
      tickHeard(el);
    }
    for (const el of panel.querySelectorAll("[data-metric]")) {
      text(el, figures.metric(el.dataset.metric, state.metrics[el.dataset.metric]));
    }
  };

  const order = (snapshot) => {
    const list = document.querySelector("[data-unwell]");
    if (!list) return;
    const rank = new Map(snapshot.connections.map((c) => [String(c.number), ranks[c.status]]));
    const sorted = [...list.children].sort((a, b) => (rank.get(b.dataset.mirror) ?? 0) - (rank.get(a.dataset.mirror) ?? 0)
      || a.dataset.mirror - b.dataset.mirror);
    sorted.forEach((item, i) => { if (list.children[i] !== item) list.insertBefore(item, list.children[i]); });
    document.querySelector("[data-all-well]").hidden = sorted.some((item) => !item.hidden);
  };
  const counts = (snapshot) => {
    const tally = {};
    for (const connection of snapshot.connections) tally[connection.status] = (tally[connection.status] || 0) + 1;
    for (const item of document.querySelectorAll("[data-count]")) {
      const number = tally[item.dataset.count] || 0;
      text(item.querySelector("[data-part=count]"), String(number));
      item.toggleAttribute("data-none", number === 0);
    }
  };
  const overall = (snapshot) => {
    const times = [...snapshot.connections, ...snapshot.nodes]
      .filter((part) => part.status === snapshot.status && part.since).map((part) => part.since).sort();
    const since = (inTrouble(snapshot.status) ? times[0] : times[times.length - 1]) || null;
    const [place] = shown("[data-overall]");
    const before = place[0].dataset.status;
    paintOn(place, { status: snapshot.status, since }, true);
    if (before !== snapshot.status) text(document.querySelector("[data-announce]"), fill(said.became, { word: words[snapshot.status] }));
  };
  // A cluster node is no place of the picture: nothing leads there.
  const lead = (button, { node, connection }) => {
    delete button.dataset.goto;
    delete button.dataset.gotoNode;
    if (node !== null) button.dataset.gotoNode = node;
    else if (connection !== null) button.dataset.goto = connection;
    const label = node !== null ? labels[node] || node : connection !== null ? fill(said.connection, { number: connection }) : "";
    button.hidden = !label;
    text(button, label);
  };
  const suspects = (snapshot) => {
    const found = snapshot.suspects;
    document.querySelectorAll("[data-suspect]").forEach((slot, i) => {
      slot.hidden = !found[i];
      if (!found[i]) return;
      lead(slot.querySelector("button"), found[i]);
      text(slot.querySelector("span"), found[i].text);
    });
    const unseen = ["stale", "no_data"].includes(snapshot.status) ? says.unseen : says.allWell;
    const quiet = inTrouble(snapshot.status) ? says.noCause : unseen;
    text(document.querySelector("[data-quiet]"), found.length ? "" : quiet);
  };

  // Most news is that a witness spoke again and nothing changed: only ages, which tick.
  const UNSEEN = new Set(["number", "id", "heard", "observed_at", "events"]);
  const isSeen = (item) => Object.keys(item).some((field) => !UNSEEN.has(field));

  const paint = (news, snapshot) => {
    const quietly = news === null || live.frozen !== null;   // of the past nothing turns now
    const byNumber = new Map(snapshot.connections.map((c) => [c.number, c]));
    const byId = new Map(snapshot.nodes.map((n) => [n.id, n]));
    for (const item of (news || snapshot).connections || []) {
      if (isSeen(item)) paintConnection(byNumber.get(item.number), quietly);
    }
    for (const item of (news || snapshot).nodes || []) {
      if (isSeen(item)) paintNode(byId.get(item.id), quietly);
    }
    const heard = new Map(snapshot.sources.map((s) => [s.name, s]));
    for (const { name } of (news || snapshot).sources || []) paintSource(heard.get(name));
    if (!news || news.sources) sumUp(snapshot);
    attribute(main, "data-version", String(snapshot.version));
    attribute(main, "data-at", snapshot.at);
    overall(snapshot);
    if (!news || news.connections) { counts(snapshot); order(snapshot); }
    suspects(snapshot);
    keepPanel();
  };

  const tick = () => {
    keepPanel();
    document.querySelectorAll("[data-since]").forEach(tickSince);
    document.querySelectorAll("[data-observed-at]").forEach(tickHeard);
    const states = live.snapshot ? live.snapshot.connections : [];
    for (const state of states) {
      if (state.status === "stale" || values.choice() === "age") paintConnection(state, true);
      keepAges(state);
    }
    const instant = new Date(live.connected ? live.now() : live.heard()).toISOString();
    const clock = document.querySelector("[data-clock]");
    text(clock, figures.clock(instant));
    attribute(clock, "datetime", instant);
  };
  const showConnected = () => {
    document.querySelector("[data-lost]").hidden = live.connected;
    text(document.querySelector("[data-shown]"), figures.clock(new Date(live.heard()).toISOString()));
    text(document.querySelector("[data-live]"), live.connected ? said.live : said.notLive);
    document.documentElement.toggleAttribute("data-cut-off", !live.connected);
  };

  live.subscribe(paint);
  document.addEventListener("gws-connected", showConnected);
  window.gwsPaint = {
    again: () => { places = new Map(); if (live.snapshot) paint(null, live.snapshot); },
  };
  setInterval(tick, 1000);
})();

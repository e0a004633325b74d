// Keeps the wall as the stream tells it (layouts/wall_parts.py, wall_picture.py), and counts.
// window.gwsWall = {said, well(status), clock(ms), fill(text, values), moved(snapshot)}
window.gwsWall = (() => {
  const figures = window.gwsFigures, live = window.gwsLive, says = window.gwsSays, options = window.gwsWallOptions;
  const said = JSON.parse(document.getElementById("gws-wall-words").textContent);
  const main = document.querySelector("main"), one = (selector) => main.querySelector(selector);
  const attribute = (el, name, value) => { if (el.getAttribute(name) !== value) el.setAttribute(name, value); };
  const text = (el, value) => { if (el.textContent !== value) el.textContent = value; };
  const well = (status) => said.well.includes(status);
  const { fill } = figures;

  // Times in the zone of the address, else of this browser; the instant stays in `datetime`.
  const formats = new Map();
  const formatted = (kind) => {
    const key = `${kind} ${options.zone}`;
    const shape = { moment: { hour: "2-digit", minute: "2-digit" }, clock: { timeStyle: "medium" }, day: { day: "numeric", month: "short" },
      short: { timeZoneName: "short" }, offset: { timeZoneName: "shortOffset" } }[kind];
    if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { ...shape, hourCycle: "h23", timeZone: options.zone }));
    return formats.get(key);
  };
  const clock = (ms) => formatted("clock").format(ms);
  const zonePart = (kind, ms) => formatted(kind).formatToParts(ms).find((part) => part.type === "timeZoneName").value.replace("GMT", "UTC");
  const zone = (ms) => {
    const [short, offset] = [zonePart("short", ms), zonePart("offset", ms)];
    return short === "UTC" || short === offset ? short : `${short}, ${offset}`;
  };
  const moment = (instant) => {
    const then = Date.parse(instant), day = formatted("day");
    const shown = formatted("moment").format(then);
    return day.format(then) === day.format(live.now()) ? shown : `${day.format(then)}, ${shown}`;
  };

  const partsOf = (el) => Object.fromEntries([...el.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
  const overall = { el: one("[data-overall]"), sign: one("[data-overall] use"), ...partsOf(one("[data-overall]")) };
  const incident = { el: one("[data-wall-incident]"), ...partsOf(one("[data-wall-incident]")) };
  const slots = [...main.querySelectorAll("[data-slot]")].map((el) => ({ el, sign: el.querySelector("use"), ...partsOf(el) }));
  const counting = [overall.since, ...slots.map((slot) => slot.since), incident.opened.querySelector("time")];
  const drawn = { connections: new Map(), nodes: new Map() };
  const gather = (map, name) => {
    map.clear();
    for (const el of main.querySelectorAll(`[data-${name}]`)) map.set(el.dataset[name], { el, sign: el.querySelector("use") });
  };

  const count = (el) => text(el, el.dataset.since ? figures.lasting(says.seconds(el.dataset.since)) : "");
  const lasting = (el, instant) => {
    attribute(el, "data-since", instant || "");
    attribute(el, "datetime", instant || "");
    count(el);
  };
  const colour = (place, status) => {
    attribute(place.el, "data-status", status);
    attribute(place.sign, "href", `#gws-sign-${status}`);
  };
  const paintDrawn = (place, state) => {
    if (!place) return;
    colour(place, state.status);
    attribute(place.el, "aria-label", says.label(state));
  };

  const began = (snapshot) => {
    const kinds = well(snapshot.status) ? said.well : [snapshot.status];
    const times = [...snapshot.connections, ...snapshot.nodes]
      .filter((part) => kinds.includes(part.status) && part.since).map((part) => part.since).sort();
    return (says.inTrouble(snapshot.status) ? times[0] : times[times.length - 1]) || null;
  };
  const paintOverall = (snapshot) => {
    const before = overall.el.dataset.status, since = began(snapshot);
    colour(overall, snapshot.status);
    text(overall.headline, said.headlines[snapshot.status]);
    text(overall.moment, since ? `${said.since} ${moment(since)}` : "");
    attribute(overall.moment, "datetime", since || "");
    attribute(overall.moment, "title", since || "");
    lasting(overall.since, since);
    if (before !== snapshot.status) text(one("[data-announce]"), said.headlines[snapshot.status]);
  };

  const several = (count, what) => (count ? [count === 1 ? said.one[what] : fill(said.several[what], { count })] : []);
  const counted = ({ cascade }) => {
    const connections = cascade.filter((step) => step.connection !== null).length;
    return [...several(connections, "connection"), ...several(cascade.length - connections, "component")].join(", ");
  };
  const handled = ({ acknowledged, assigned }) => {
    if (acknowledged === undefined) return "";
    const told = acknowledged ? `${said.acknowledged} ${acknowledged.by} ${said.at} ${moment(acknowledged.at)}` : said.notAcknowledged;
    return assigned ? `${told}, ${said.assigned} ${assigned}` : told;
  };
  const paintIncident = (snapshot) => {
    const [gravest] = snapshot.incidents, [suspect] = snapshot.suspects;
    const words = suspect ? suspect.text : gravest ? said.noCause : "";
    incident.el.hidden = !words;
    if (!words) return;
    attribute(incident.el, "data-wall-incident", gravest ? gravest.id : "");
    attribute(incident.el, "data-status", gravest ? gravest.worst : snapshot.status);
    incident.el.toggleAttribute("data-in-hand", Boolean(gravest && gravest.acknowledged));
    text(incident.suspect, words);
    incident.opened.hidden = !gravest;
    if (gravest) lasting(incident.opened.querySelector("time"), gravest.start);
    text(incident.counted, gravest ? counted(gravest) : "");
    text(incident.handled, gravest ? handled(gravest) : "");
  };

  const paintWorst = (snapshot) => {
    const listed = snapshot.connections.filter((state) => says.ranks[state.status] >= says.ranks.no_data)
      .sort((a, b) => says.ranks[b.status] - says.ranks[a.status] || a.number - b.number);
    slots.forEach((slot, i) => {
      const state = listed[i];
      slot.el.hidden = !state;
      if (!state) return;
      colour(slot, state.status);
      text(slot.number, String(state.number));
      text(slot.word, says.words[state.status]);
      text(slot.ends, says.ends(state));
      text(slot.reason, says.firstReason(state));
      lasting(slot.since, state.since);
    });
    const column = slots[0].el.offsetLeft;
    const more = listed.length - slots.filter(({ el }) => !el.hidden && el.offsetLeft === column).length;
    text(one("[data-more]"), more > 0 ? fill(said.more, { count: more }) : "");
    one("[data-none]").hidden = listed.length > 0 || !snapshot.connections.length;
  };
  const UNSEEN = ["failing", "degraded", "no_data"];
  const paintSight = ({ sources }) => {
    const troubled = sources.filter((state) => UNSEEN.includes(state.status)).map((state) => said.sources[state.name] || state.name);
    text(one("[data-sight]"), troubled.length ? `${said.troubled} ${troubled.join(", ")}` : sources.length ? said.allHeard : said.unseen);
    one("[data-sight]").toggleAttribute("data-troubled", troubled.length > 0);
  };

  const paint = (news, snapshot) => {
    const told = news || snapshot;
    const changed = (part, key) => new Set((told[part] || []).map((item) => item[key]));
    const numbers = changed("connections", "number"), ids = changed("nodes", "id");
    for (const state of snapshot.connections) if (numbers.has(state.number)) paintDrawn(drawn.connections.get(String(state.number)), state);
    for (const state of snapshot.nodes) if (ids.has(state.id)) paintDrawn(drawn.nodes.get(state.id), state);
    paintOverall(snapshot);
    paintIncident(snapshot);
    if (told.connections) paintWorst(snapshot);
    if (told.sources) paintSight(snapshot);
    attribute(main, "data-version", String(snapshot.version));
    attribute(main, "data-at", snapshot.at);
  };
  const tick = () => {
    counting.forEach(count);
    const now = live.now(), face = one("[data-clock]");
    text(face, clock(now));
    attribute(face, "datetime", new Date(now).toISOString());
    text(one("[data-zone]"), zone(now));
  };
  const moved = (snapshot) => {
    gather(drawn.connections, "connection");
    gather(drawn.nodes, "node");
    if (snapshot) paint(null, snapshot);
  };

  moved();
  live.subscribe(paint);
  options.onChange(() => { tick(); if (live.snapshot) paint(null, live.snapshot); });
  tick();
  setInterval(tick, 1000);
  return { said, well, clock, fill, moved };
})();

// Why a connection has its colour, in the panel (layouts/explain.py): what the API's
// explanation tells, asked for while it is open and whenever there is news. React changes
// in place what differs, so focus, scroll and marked text stay where they are.
window.gwsExplain = (() => {
  const React = window.React, figures = window.gwsFigures, live = window.gwsLive, says = window.gwsSays;
  const said = says.explain, { fill } = figures;
  const LEAST_MS = 1000, LONGEST_MS = 8000, AGAIN_MS = 5000;
  const make = React.createElement;
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  // Asking: the answer as {told} or {trouble}, and what is wrong said for a reader.
  const asked = async (number, signal) => {
    const { deployment } = document.querySelector("main").dataset;
    const at = live.frozen ? `?at=${encodeURIComponent(live.frozen)}` : "";
    const address = `/api/v1/deployments/${encodeURIComponent(deployment)}/connections/${number}/explain${at}`;
    let answer;
    try {
      answer = await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]), cache: "no-store" });
      if (answer.ok) return { told: await answer.json() };
    } catch {
      return { trouble: said.troubles.unanswered };
    }
    return { trouble: said.troubles[answer.status] || fill(said.troubles.other, { error: answer.status }) };
  };

  // Every explanation that is open hears of news; gwsLive forgets no reader.
  const open = new Set();
  const news = () => open.forEach((look) => look());
  live.subscribe(news);
  document.addEventListener("gws-connected", news);
  document.addEventListener("visibilitychange", news);

  // Tell each answer until told to end; what was told before stays beside a trouble.
  const follow = (number, tell) => {
    const ended = new AbortController();
    let waiting = 0, askedAt = 0, asking = false, missed = false;
    const ask = async () => {
      [waiting, asking, missed, askedAt] = [0, true, false, Date.now()];
      const answer = await asked(number, ended.signal);
      if (ended.signal.aborted) return;
      asking = false;
      tell((before) => ({ told: before.told, trouble: null, ...answer }));
      if (missed) look();
      else if (answer.trouble) waiting = setTimeout(ask, AGAIN_MS);
    };
    const look = () => {
      missed = asking;
      if (asking || document.hidden) return;
      clearTimeout(waiting);
      waiting = setTimeout(ask, Math.max(0, askedAt + LEAST_MS - Date.now()));
    };
    open.add(look);
    look();
    return () => { open.delete(look); clearTimeout(waiting); ended.abort(); };
  };

  // Words.
  const by = (witness) => (witness ? says.witnesses[witness] : said.concluded);
  const sign = (status) => make(
    "svg", { className: "sign", viewBox: "0 0 14 14", "aria-hidden": "true", focusable: "false" },
    make("use", { href: `#gws-sign-${status}` }),
  );
  const aged = (instant) => make("time", { dateTime: instant, "data-observed-at": instant }, figures.ago(says.seconds(instant)));
  // Two of the same name are told apart by their place.
  const keyed = (items, name) => {
    const met = new Map();
    return items.map((item) => {
      const key = name(item), again = met.get(key) || 0;
      met.set(key, again + 1);
      return [`${key} ${again}`, item];
    });
  };
  const section = (title, ...content) => make("div", { key: title }, make("h3", null, title), ...content);

  // The rule that decides, in a sentence; of the past none is kept.
  const rule = (one) => fill(one.hard ? said.ruleAtOnce : said.ruleLasted, { name: one.rule });
  const claim = (one) => (one.witness ? fill(said.claim, { who: by(one.witness), text: one.text }) : one.text);
  // Of several that decide, the one that stands first as the reason everywhere else.
  const deciding = (told) => {
    const found = told.rulings.filter((one) => one.effect === "decides");
    const state = live.snapshot && live.snapshot.connections.find((one) => one.number === told.number);
    return found.find((one) => state && one.text === says.firstReason(state)) || found[0];
  };
  const verdict = (told) => {
    const first = deciding(told);
    const ruled = first && first.rule ? ` (${rule(first)})` : "";
    const because = first ? `${claim(first)}${ruled}` : said.undecided[told.status];
    return make(
      "p", { key: "verdict", className: "decides", "data-status": told.status },
      sign(told.status),
      make("span", null, make("strong", null, capital(says.words[told.status])), " ", fill(said.since, { at: figures.clock(told.since), because })),
    );
  };
  const EFFECTS = {
    decides: (one) => (one.hard ? "atOnce" : "lasted"),
    counts: () => "counts",
    waits: (one) => (one.colours_at ? "waits" : "again"),
    overruled: () => "overruled",
  };
  const effect = (one) => {
    if (!EFFECTS[one.effect]) return "";   // it says well: nothing follows from that
    return fill(said.effects[EFFECTS[one.effect](one)], { status: says.words[one.status], at: figures.clock(one.colours_at) });
  };
  const ruling = ([key, one]) => make(
    "li", { key, "data-status": one.status },
    make("p", null, one.text),
    make("p", { className: "quiet" }, [by(one.witness), one.rule && fill(said.rule, { name: one.rule }), effect(one)].filter(Boolean).join(", "), ", ", aged(one.observed_at)),
  );
  const rules = (told) => Object.entries(said.groups).flatMap(([effect, title]) => {
    const found = told.rulings.filter((one) => one.effect === effect && one !== deciding(told));
    if (!found.length) return [];
    return [section(title, make("ul", { className: "rulings" }, ...keyed(found, (one) => `${one.rule} ${one.witness}`).map(ruling)))];
  });

  // A number and its limits: how far it is from each.
  const known = figures.known;
  const limits = (one) => {
    const mark = (value) => (one.name.endsWith("ratio") && value < 0.001 ? said.any : figures.metric(one.name, value));
    const told = ["degraded", "failing"].filter((level) => known(one[level])).map((level) => fill(said.limit, { level: says.words[level], value: mark(one[level]) }));
    return told.join(", ") || said.noLimit;
  };
  const missing = (one) => {
    const off = (level) => figures.metric(one.name, Math.abs(one[level] - one.value));
    if (!known(one.value)) return said.uncounted;
    const levels = ["failing", "degraded"].filter((level) => known(one[level]));
    const broken = levels.find((level) => one.value >= one[level]);
    const next = levels.filter((level) => one.value < one[level]).pop();
    return [broken && fill(said.above, { by: off(broken), level: says.words[broken] }), next && fill(said.below, { by: off(next), level: says.words[next] })].filter(Boolean).join(", ");
  };
  const level = (one) => (known(one.value)
    ? ["failing", "degraded"].find((name) => known(one[name]) && one.value >= one[name]) || "ok" : "no_data");
  const measured = (one) => make(
    "li", { key: one.name, "data-status": level(one) },
    make("p", { className: "pair" }, make("span", null, said.numbers[one.name] || one.name), make("strong", null, figures.metric(one.name, one.value))),
    make("p", { className: "quiet" }, `${limits(one)}; ${missing(one)}`),
    known(one.value) ? make("p", { className: "quiet" }, fill(said.why, { why: one.why })) : null,
  );

  // A fact: what it is called, what it says by its own fields, who said it and when.
  const NAMES = ["name", "target", "instance", "service", "deployment", "prefix", "what", "to"];
  const BYTES = new Set(["memory", "most_memory"]);
  // What is told only where it is so.
  const USUAL = new Set(["terminating", "rolling", "evicts", "felt"]);
  const MOST = 3;
  const span = (seconds) => (seconds > 0 && seconds < 60 ? figures.latency(seconds * 1000) : figures.duration(seconds));
  const number = (name, value) => {
    if (name.endsWith("_ms")) return figures.latency(value);
    if (name.endsWith("_s")) return span(value);
    if (BYTES.has(name) || name.endsWith("_bytes")) return figures.size(value);
    return String(Number.isInteger(value) ? value : Number(value.toPrecision(3)));
  };
  const shown = (name, value) => {
    if (value === null) return figures.unmeasured;
    if (typeof value === "number") return number(name, value);
    if (Array.isArray(value)) return several(name, value);
    if (typeof value === "object") return inner(value);
    return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? figures.full(value) : value;
  };
  // Of what is within a field the values alone; of a yes its name, of a no nothing.
  const inner = (told) => Object.entries(told).filter(([, value]) => value !== false && value !== null)
    .map(([name, value]) => (value === true ? name : shown(name, value))).join(" ");
  const several = (name, values) => (values.length > MOST || values.some(Array.isArray)
    ? fill(said.several, { count: values.length }) : values.map((one) => shown(name, one)).join("; "));
  const field = ([name, value]) => {
    const word = name.replace(/_(ms|s|bytes)$/, "").replaceAll("_", " ");
    if (typeof value === "boolean") return value ? word : fill(said.not, { what: word });
    return `${word} ${shown(name, value)}`;
  };
  const fields = (told) => Object.entries(told).filter(([name, value]) => value !== false || !USUAL.has(name)).map(field).join(" · ");
  const fact = ([key, one]) => {
    const name = NAMES.find((given) => typeof one.told[given] === "string");
    const { [name]: title, ...rest } = one.told;
    const who = one.witness ? says.witnesses[one.witness] : said.onlyShown;
    const source = says.sources[one.source] || one.source;
    const from = one.source === null ? said.tellerThen : who === source ? said.teller : said.tellerOf;
    const teller = fill(from, { who, source, feed: one.feed });
    const goodFor = one.max_age_s === null ? ": " : fill(said.goodFor, { age: figures.duration(one.max_age_s) });
    const old = one.fresh ? [] : [make("strong", { key: "old" }, said.old), goodFor];
    return make(
      "li", { key, className: one.fresh ? "fact" : "fact outdated" },
      make("p", { className: "pod" }, title ? `${said.kinds[one.kind] || one.kind} ${title}` : said.kinds[one.kind] || one.kind),
      make("p", null, fields(rest)),
      make("p", { className: "quiet" }, ...old, teller, aged(one.observed_at)),
    );
  };
  const about = (subject) => (typeof subject === "number" ? said.aboutItself : fill(said.about, { what: says.labels[subject] || subject }));
  const facts = (told) => {
    const subjects = [...new Set(told.evidence.map((one) => one.about))];
    const old = told.evidence.filter((one) => !one.fresh).length;
    if (!subjects.length) return [section(said.noFacts, make("p", { className: "quiet" }, said.neverHeard))];
    const title = fill(old ? said.factsOld : said.facts, { count: told.evidence.length, old });
    return [make("div", { key: "facts" }, make("h3", null, title), ...subjects.map((subject) => make(
      "div", { key: subject }, make("h4", null, about(subject)),
      make("ul", null, ...keyed(told.evidence.filter((one) => one.about === subject), (one) => [one.source, one.feed, one.kind, one.told.name, one.told.target].join(" ")).map(fact)),
    )))];
  };

  const changes = (told) => told.would_change.length && section(said.changes, make("ul", { className: "changes" }, ...keyed(told.would_change, (text) => text).map(([key, text]) => make("li", { key }, `${capital(text)}.`))));
  const trouble = (text, told) => make(
    "p", { key: "trouble", className: "old", role: "status" }, told ? fill(said.asOf, { trouble: text, at: figures.clock(told.at) }) : text,
  );
  const content = ({ told, trouble: wrong }) => [
    wrong ? trouble(wrong, told) : null,
    told || wrong ? null : make("p", { key: "asked", className: "quiet", role: "status" }, said.asked),
    told && told.recalled ? make("p", { key: "recalled", className: "quiet" }, fill(said.recalled, { at: figures.full(told.at) })) : null,
    ...(told ? [
      verdict(told), ...rules(told),
      section(said.limits, make("ul", null, ...told.measured.map(measured))),
      changes(told) || null, ...facts(told),
    ] : []),
  ];

  return (props) => {
    const [shows, setShows] = React.useState(false);
    const [answer, setAnswer] = React.useState({ told: null, trouble: null });
    React.useEffect(() => (shows ? follow(props.number, setAnswer) : undefined), [shows, props.number]);
    return make(
      "details", { className: "explain", "data-explain": props.number, onToggle: (event) => setShows(event.currentTarget.open) },
      make("summary", null, props.title), shows ? make("div", null, ...content(answer)) : null,
    );
  };
})();

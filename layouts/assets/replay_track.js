// What is drawn along the slider (layouts/replay.py): incidents by their gravity, turns, where
// nothing was kept, and the times. window.gwsTrack = {load(span), show(loaded), at(time), madeUp()};
// a span is {begin, end} in milliseconds; at(time) is {gap, incident} of what is shown.
window.gwsTrack = (() => {
  const live = window.gwsLive, figures = window.gwsFigures, said = window.gwsSays.replay, { words } = window.gwsSays;
  const { make } = window.gwsRoom;
  const PATIENCE_MS = 15000, FEWEST_PX = 96, NARROWEST = 0.004;
  const MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
  const NICE = [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 60 * DAY];
  const strip = document.querySelector("[data-replay]");
  const lane = (name) => strip.querySelector(`[data-replay-lane="${name}"]`);
  const choice = strip.querySelector("[data-replay-incidents]");
  let span = { begin: 0, end: 1 }, told = { first: null, gaps: [], turns: [], incidents: [], more: false };

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const day = (ms) => figures.full(new Date(ms).toISOString()).slice(0, 10);
  // With its day where that is not today's.
  const moment = (ms) => {
    const instant = new Date(ms).toISOString();
    return day(ms) === day(live.present()) ? figures.clock(instant) : figures.full(instant);
  };
  const share = (ms) => Math.min(1, Math.max(0, (ms - span.begin) / (span.end - span.begin)));
  const placed = (begin, end) => `left:${share(begin) * 100}%;width:${Math.max(NARROWEST, share(end) - share(begin)) * 100}%`;
  const gapOf = ({ from, to }) => ({ begin: Date.parse(from), end: Date.parse(to) });
  const incidentOf = (one) => ({ ...one, begin: Date.parse(one.start), over: one.end ? Date.parse(one.end) : live.present() });
  const sign = (status) => {
    const el = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [name, value] of [["class", "sign"], ["viewBox", "0 0 14 14"], ["aria-hidden", "true"]]) el.setAttribute(name, value);
    el.append(Object.assign(document.createElementNS("http://www.w3.org/2000/svg", "use")));
    el.firstChild.setAttribute("href", `#gws-sign-${status}`);
    return el;
  };

  const drawGaps = () => lane("gaps").replaceChildren(...told.gaps.map(gapOf).map((gap) => make(
    "i", { style: placed(gap.begin, gap.end), title: fill(said.gapTitle, { from: moment(gap.begin), to: moment(gap.end) }) },
  )));
  const drawTurns = () => lane("turns").replaceChildren(...told.turns.map(({ at, count }) => make(
    "i", { style: `left:${share(Date.parse(at)) * 100}%`, "data-many": count > 1 ? "" : null },
  )));
  const named = (one) => fill(said.incident, { worst: words[one.worst], from: moment(one.begin), id: one.id });
  // Before they lie one over another they are drawn in two rows.
  const drawIncidents = (all) => {
    const ends = [-1, -1];
    lane("incidents").replaceChildren(...[...all].sort((a, b) => a.begin - b.begin).map((one) => {
      const left = share(one.begin), row = left >= ends[0] ? 0 : 1;
      ends[row] = Math.max(share(one.over), left + 0.012);
      const bar = make("button", {
        type: "button", tabindex: "-1", style: placed(one.begin, one.over), title: `${named(one)}. ${one.text}`, "aria-label": named(one),
        "data-status": one.worst, "data-replay-to": String(one.begin), "data-row": String(row), "data-open": one.end ? null : "",
      });
      bar.append(sign(one.worst));
      return bar;
    }));
  };
  const listIncidents = (all) => {
    const count = all.length;
    const head = make("option", { value: "" }, !count ? said.noIncident : told.more ? fill(said.more, { count }) : said.goTo);
    choice.replaceChildren(head, ...all.map((one) => make("option", { value: String(one.begin) }, named(one))));
    choice.disabled = !count;
  };
  const drawTimes = () => {
    const room = lane("times").clientWidth || 1000, length = span.end - span.begin;
    const step = NICE.find((one) => (one / length) * room >= FEWEST_PX) || 90 * DAY;
    const zone = new Date(span.begin).getTimezoneOffset() * MINUTE;
    const marks = [];
    for (let at = Math.ceil((span.begin - zone) / step) * step + zone; at <= span.end; at += step) {
      const text = figures.dated(new Date(at).toISOString());
      marks.push(make("span", { style: `left:${share(at) * 100}%` }, step >= DAY ? text.slice(5, 10) : text.slice(11, 16)));
    }
    lane("times").replaceChildren(...marks);
  };
  const draw = () => {
    const all = told.incidents.map(incidentOf).filter((one) => one.over >= span.begin && one.begin <= span.end);
    drawGaps();
    drawTurns();
    drawIncidents(all);
    listIncidents(all);
    drawTimes();
  };

  const ask = async (query) => {
    const answer = await fetch(`${live.base}/replay${query}`, { signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store" });
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.error.message);
    return found;
  };
  // Of a span: what is before the first picture is a gap too. Without one: all that is kept.
  const load = async (of) => {
    const found = await ask(of ? `?from=${new Date(of.begin).toISOString()}&to=${new Date(of.end).toISOString()}` : "");
    const kept = of || { begin: Date.parse(found.from), end: Date.parse(found.to) };
    if (found.first && Date.parse(found.first) > kept.begin) {
      found.gaps.unshift({ from: new Date(kept.begin).toISOString(), to: found.first });
    }
    return { ...kept, found };
  };
  const at = (time) => ({
    gap: told.gaps.map(gapOf).find(({ begin, end }) => begin < time && time < end) || null,
    incident: told.incidents.map(incidentOf).find((one) => one.begin <= time && time <= one.over) || null,
  });
  const madeUp = () => Date.parse(told.made_up_until) || 0;   // until when it was
  return { load, at, madeUp, moment, fill, show: (shown) => { span = shown; told = shown.found; draw(); } };
})();

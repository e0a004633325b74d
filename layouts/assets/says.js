// What is said about a connection or a box in words: layouts/says.py, in the browser.
// window.gwsSays: words, and functions of a state as the snapshot holds it.
window.gwsSays = (() => {
  const figures = window.gwsFigures, live = window.gwsLive;
  const said = JSON.parse(document.getElementById("gws-words").textContent);
  const { words, labels, told } = said;
  const { fill } = figures;
  const counted = new Set(said.counted);
  const DOUBTFUL = new Set(["failing", "degraded", "stale"]);
  const NARROW = new Set(" ./·fijlrt"), DIGIT_PX = 9.8, SIGN_PX = 18;

  const seconds = (instant) => (live.now() - Date.parse(instant)) / 1000;
  const firstReason = (state) => (state.reasons.length ? state.reasons[0].text : "");
  // An alert may be about anything and contradicts nobody.
  const apart = (state) => {
    const opinions = Object.entries(state.witnesses).filter(([name]) => name !== "alerts").map(([, status]) => status);
    return opinions.includes("failing") && opinions.includes("ok");
  };
  const opinion = (state, witness) => {
    const status = state.witnesses[witness] || "none";
    return status === "no_data" ? "silent" : status;
  };
  const doubted = (state) => Object.values(state.witnesses).some((status) => DOUBTFUL.has(status));
  const verdict = (state) => {
    const word = words[state.status], reason = firstReason(state);
    const since = state.since ? fill(told.since, { word, at: figures.clock(state.since) }) : word;
    const because = reason ? fill(told.because, { verdict: since, reason }) : since;
    return apart(state) ? fill(told.apart, { verdict: because, disagree: said.disagree }) : because;
  };
  const ends = (state) => fill(told.ends, { source: labels[state.source], destination: labels[state.destination] });
  const named = (state) => {
    if (state.number !== undefined) return fill(told.connectionLabel, { number: state.number, ends: ends(state) });
    if (state.ready === null && state.desired === null) return state.label;
    return fill(told.boxLabel, { name: state.label, ready: figures.ready(state.ready, state.desired) });
  };
  const label = (state) => fill(told.label, { what: named(state), verdict: verdict(state) });

  const inTrouble = (status) => status === "failing" || status === "degraded";
  const unwell = (state) => (figures.known(state.ready) && figures.known(state.desired) && state.ready < state.desired)
    || inTrouble(state.status);
  const matters = (state) => {
    const versions = state.version ? state.version.split(", ") : [];
    return [
      state.restarts && unwell(state) ? figures.restarted(state.restarts) : "",
      figures.known(state.users) ? figures.users(state.users) : "",
      state.memory === null ? "" : figures.memoryShare(state.memory, state.memory_limit),
      state.clients === null ? "" : figures.clientShare(state.clients, state.clients_limit),
      versions.length > 1 ? fill(told.versions, { count: versions.length }) : versions[0],
    ].filter(Boolean);
  };
  const widthPx = (text) => [...text].reduce((sum, one) => sum + (NARROW.has(one) ? DIGIT_PX / 2 : DIGIT_PX), 0);
  const pods = (state, roomPx) => {
    if (state.status === "absent" || !counted.has(state.id)) return words[state.status];
    const ready = figures.ready(state.ready, state.desired);
    return SIGN_PX + widthPx(ready) <= roomPx ? ready : ready.split(" ")[0];
  };
  const halfStatusLine = (text) => Math.floor((SIGN_PX + widthPx(text)) / 2 + 0.5);
  const flows = (state) => Boolean(state.metrics.request_rate);
  const cut = (text, roomPx) => {
    let kept = text;
    while (kept && widthPx(`${kept}…`) > roomPx) kept = kept.slice(0, -1);
    return `${kept}…`;
  };
  const details = (state, roomPx) => {
    let line = "";
    for (const part of matters(state)) {
      const longer = line ? `${line} · ${part}` : part;
      if (widthPx(longer) <= roomPx) line = longer;
      else if (!line) return cut(part, roomPx);
    }
    return line;
  };
  return {
    ...said, counted, seconds, firstReason, apart, opinion, doubted, label, ends, halfStatusLine, flows, pods, details, inTrouble,
  };
})();

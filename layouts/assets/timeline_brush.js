// The hand on the lanes: cross-hair, zoom by dragging or keys, a click opens that moment.
(() => {
  const timeline = window.gwsTimeline, live = window.gwsLive;
  const { section, said } = timeline;
  const plot = section.querySelector("[data-tl-plot]"), tracks = section.querySelector("[data-tl-tracks]");
  const cross = section.querySelector("[data-tl-cross]"), brush = section.querySelector("[data-tl-brush]");
  const announce = document.querySelector("[data-announce]");
  const main = document.querySelector("main[data-deployment]");
  const SHORTEST_MS = 10000, LONGEST_MS = 31 * 86400000, DRAG_PX = 5, STEP = 0.02, PAN = 0.25, ZOOM = 2;
  let drag = null, dragged = false, cursor = null, lane = 0;

  const tip = document.createElement("div");
  tip.className = "tl-tip";
  tip.hidden = true;
  document.body.append(tip);

  const rows = () => [...tracks.querySelectorAll("[data-lane]")];
  const shareOf = (clientX) => {
    const box = tracks.getBoundingClientRect();
    return Math.min(1, Math.max(0, (clientX - box.left) / box.width));
  };
  const at = (share) => { const [b, e] = timeline.shown(); return b + share * (e - b); };
  const shareAt = (ms) => { const [b, e] = timeline.shown(); return (ms - b) / (e - b); };
  const within = (share, low, high) => Math.min(high, Math.max(low, share));

  // What a lane was at a moment: the bar that covers it.
  const endOf = (bar) => (bar.dataset.end ? Date.parse(bar.dataset.end) : Infinity);
  const barAt = (row, ms) => (row ? [...row.querySelectorAll("i.tl-bar")] : [])
    .find((bar) => Date.parse(bar.dataset.begin) <= ms && ms < endOf(bar));
  const line = (text, name = "div", quiet = false) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (quiet) made.className = "quiet";
    return made;
  };
  const wordOf = (bar) => {
    const word = said.words[bar.dataset.status] || said.unwatched;
    return bar.dataset.changes ? `${said.changes.replace("{count}", bar.dataset.changes)} ${word}` : word;
  };
  const lasted = (bar) => {
    const since = `${said.since} ${timeline.local(Date.parse(bar.dataset.begin))}`;
    return bar.dataset.end ? `${since} ${said.until} ${timeline.local(endOf(bar))}` : since;
  };
  const told = (row, ms) => {
    const bar = barAt(row, ms);
    const lines = [line(timeline.local(ms), "b"), line(timeline.utc(ms), "div", true)];
    if (row) lines.push(line(row.dataset.label, "b"));
    if (!bar) return lines;
    lines.push(line(`${wordOf(bar)} ${lasted(bar)}`));
    if (bar.dataset.text) lines.push(line(bar.dataset.text));
    if ("found" in bar.dataset) lines.push(line(said.found, "div", true));
    return lines;
  };

  const point = (row, ms) => {
    for (const other of tracks.querySelectorAll("[data-pointed]")) if (other !== row) delete other.dataset.pointed;
    if (row) row.dataset.pointed = "";
    cross.style.left = `${shareAt(ms) * 100}%`;
    cross.hidden = false;
  };
  const leave = () => {
    cross.hidden = true;
    tip.hidden = true;
    for (const row of tracks.querySelectorAll("[data-pointed]")) delete row.dataset.pointed;
  };
  const showTip = (row, ms, x, y) => {
    tip.replaceChildren(...told(row, ms));
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(6, x + 16 + box.width > innerWidth ? x - 16 - box.width : x + 16)}px`;
    tip.style.top = `${Math.max(6, Math.min(y + 14, innerHeight - box.height - 6))}px`;
  };

  // Zooming: the address says from when to when, and to which span one comes back.
  const zoomTo = (from, to) => {
    const now = live.now();
    let length = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, to - from));
    const end = Math.min(now, Math.max(to, from + length));
    length = Math.min(length, end);
    const url = new URL(location.href);
    if (section.dataset.span) url.searchParams.set("span", section.dataset.span);
    url.searchParams.set("from", new Date(end - length).toISOString());
    url.searchParams.set("to", new Date(end).toISOString());
    timeline.go(url.href);
  };
  const zoomBy = (factor, share) => {
    const [b, e] = timeline.shown(), length = (e - b) * factor, centre = at(share);
    zoomTo(centre - length * share, centre + length * (1 - share));
  };
  const pan = (by) => { const [b, e] = timeline.shown(); zoomTo(b + by * (e - b), e + by * (e - b)); };
  const back = () => { const link = section.querySelector("[data-tl-back]"); if (link) timeline.go(link.href); };
  const open = (row, ms) => {
    const url = new URL(`/map/${encodeURIComponent(main.dataset.deployment)}`, location.href);
    url.searchParams.set("at", new Date(Math.min(ms, live.now())).toISOString());
    const [kind, name] = row ? row.dataset.lane.split(" ") : [];
    if (kind === "connection") url.searchParams.set("c", name);
    if (kind === "node") url.searchParams.set("node", name);
    location.href = url.href;
  };

  tracks.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const row = laneUnder(event), share = shareOf(event.clientX);
    point(row, at(share));
    if (drag && !drag.moved && Math.abs(event.clientX - drag.x) > DRAG_PX) {
      drag.moved = true;
      tracks.setPointerCapture(event.pointerId);   // not before: a click is of what it began on
    }
    if (drag && drag.moved) {
      const [low, high] = [drag.share, share].sort((a, b) => a - b);
      brush.hidden = false;
      brush.style.left = `${low * 100}%`;
      brush.style.width = `${(high - low) * 100}%`;
    }
    if (event.target.closest("a")) tip.hidden = true;   // it has a title of its own
    else showTip(row, at(share), event.clientX, event.clientY);
  });
  tracks.addEventListener("pointerleave", () => { if (!drag) leave(); });
  tracks.addEventListener("pointerdown", (event) => {
    dragged = false;
    if (event.pointerType === "touch" || event.button) return;
    drag = { x: event.clientX, share: shareOf(event.clientX), moved: false };
  });
  const drop = (event, zooms) => {
    if (!drag) return;
    const { share, moved } = drag;
    drag = null;
    dragged = moved;
    brush.hidden = true;
    if (!moved || !zooms) return;
    const [low, high] = [share, shareOf(event.clientX)].sort((a, b) => a - b);
    leave();
    zoomTo(at(low), at(high));
  };
  tracks.addEventListener("pointerup", (event) => drop(event, true));
  tracks.addEventListener("pointercancel", (event) => drop(event, false));
  window.addEventListener("pointerup", () => { drag = null; });   // let go elsewhere, it was no drag
  tracks.addEventListener("dragstart", (event) => event.preventDefault());
  tracks.addEventListener("click", (event) => {
    if (dragged) event.preventDefault();
    else if (!event.target.closest("a")) open(laneUnder(event), at(shareOf(event.clientX)));
    dragged = false;
  });
  // A captured pointer's events are told of the tracks: the lane is the one under it.
  const laneUnder = (event) => document.elementsFromPoint(event.clientX, event.clientY)
    .map((el) => el.closest("[data-lane]")).find(Boolean) || null;

  // By keys: a cross-hair of its own, that stops wherever the lane turned.
  const edges = (row) => (row ? [...row.querySelectorAll("i.tl-bar")] : []).map((bar) => Date.parse(bar.dataset.begin));
  const step = (by) => {
    const [b, e] = timeline.shown(), from = cursor, wanted = from + by * STEP * (e - b);
    const between = edges(rows()[lane]).filter((ms) => (by > 0 ? ms > from && ms < wanted : ms < from && ms > wanted));
    cursor = within(between.length ? (by > 0 ? Math.min(...between) : Math.max(...between)) : wanted, b, e);
  };
  const show = () => {
    const row = rows()[lane];
    const [b, e] = timeline.shown();
    cursor = within(cursor, b, e);
    point(row, cursor);
    if (row) row.scrollIntoView({ block: "nearest" });
    const box = tracks.getBoundingClientRect(), place = (row || tracks).getBoundingClientRect();
    showTip(row, cursor, box.left + shareAt(cursor) * box.width, place.top);
    announce.textContent = [...tip.children].filter((el) => !el.matches(".quiet")).map((el) => el.textContent).join(", ");
  };
  const begin = () => { if (cursor === null) cursor = at(1); };
  const move = (by) => { step(by); show(); };
  const walk = (by) => { lane = within(lane + by, 0, Math.max(0, rows().length - 1)); show(); };
  const zoomAtCursor = (factor) => zoomBy(factor, within(shareAt(cursor), 0, 1));
  const KEYS = {
    ArrowLeft: (event) => (event.shiftKey ? pan(-PAN) : move(-1)),
    ArrowRight: (event) => (event.shiftKey ? pan(PAN) : move(1)),
    ArrowUp: () => walk(-1), ArrowDown: () => walk(1),
    Home: () => { [cursor] = timeline.shown(); show(); }, End: () => { [, cursor] = timeline.shown(); show(); },
    "+": () => zoomAtCursor(1 / ZOOM), "=": () => zoomAtCursor(1 / ZOOM), "-": () => zoomAtCursor(ZOOM),
    0: back, Enter: () => open(rows()[lane], cursor), Escape: leave,
  };
  plot.addEventListener("keydown", (event) => {
    if (event.target !== plot || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    begin();
    event.preventDefault();
    event.stopPropagation();
    KEYS[event.key](event);
  });
  plot.addEventListener("focus", () => { if (plot.matches(":focus-visible")) { begin(); show(); } });
  plot.addEventListener("blur", leave);
  timeline.onPaint(() => {
    lane = within(lane, 0, Math.max(0, rows().length - 1));
    if (document.activeElement === plot && !cross.hidden && cursor !== null) show();
  });
})();

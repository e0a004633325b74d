// The past on a slider (layouts/replay.py): r opens it, p plays and pauses; the slider moves
// by pointer and keys, and while it moves pictures come from gwsPictures. Where it comes to
// rest, the very picture of that moment is asked for, and the address names it.
(() => {
  const live = window.gwsLive, figures = window.gwsFigures, pictures = window.gwsPictures, track = window.gwsTrack;
  const said = window.gwsSays.replay, { words } = window.gwsSays;
  const FRAMES = 1440, SOON_MS = 300, SETTLE_MS = 350, TICK_MS = 100, FOLLOW_MS = 15000;
  const HOUR = 3600000, LENGTHS = { "1h": HOUR, "6h": 6 * HOUR, "24h": 24 * HOUR, "7d": 168 * HOUR, "30d": 720 * HOUR };
  const KEYS = [...Object.keys(LENGTHS), "all"];
  const PLAYED = { 1: 1, 10: 2, 60: 6, 600: 60 };   // seconds from picture to picture, by speed
  const strip = document.querySelector("[data-replay]"), opener = document.querySelector("[data-replay-open]");
  const main = document.querySelector("main");
  const part = (name) => strip.querySelector(`[data-replay-${name}]`);
  const [slider, play, speed, time, choice, postmortem, compare, note] = ["slider", "play", "speed", "at", "incidents", "postmortem", "compare", "said"].map(part);
  let span = { key: "24h", begin: 0, end: 1, first: 0 };
  let at = 0;               // where the slider is
  let atEnd = true;         // it is at the present, and goes on with it
  let playing = 0, playedAt = 0, settling = 0, own = false;

  const { fill, moment } = track;
  const text = (el, value) => { if (el.textContent !== value) el.textContent = value; };
  const isOpen = () => !strip.hidden;
  const step = () => (playing ? PLAYED[speed.value] : Math.max(1, Math.round((span.end - span.begin) / FRAMES / 1000)));

  // The past of a demo is not to be taken for one that somebody watched.
  const madeUp = () => {
    const until = track.madeUp();
    return until && !atEnd && at < until ? fill(said.madeUp, { until: moment(until) }) : "";
  };
  // What stands beside the slider, and what is said of where it is.
  const tell = () => {
    const { gap, incident } = track.at(at), shown = moment(at), { trouble } = pictures.state();
    text(time, atEnd ? said.live : shown);
    time.dateTime = new Date(at).toISOString();
    const values = { at: atEnd ? said.live : shown, ...(incident && { id: incident.id, worst: words[incident.worst] }) };
    slider.setAttribute("aria-valuetext", fill(gap ? said.valueGap : incident ? said.valueIn : said.value, values));
    const from = gap && { from: moment(gap.begin), to: moment(gap.end) };
    text(note, trouble ? fill(said.failed, { why: trouble }) : gap ? fill(said.gap, from) : madeUp());
    main.toggleAttribute("data-gap", Boolean(gap) && !atEnd);
    choice.value = incident ? String(incident.begin) : "";
    postmortem.hidden = !incident;
    if (incident) postmortem.href = postmortem.dataset.replayPostmortem + encodeURIComponent(incident.id);
    compare.href = compare.dataset.replayCompare + (live.frozen && !atEnd ? `?at=${live.frozen}` : "");
  };
  // Before the first picture there is nothing to go to. A moment that was named (by a link, a
  // step, an incident) is not the present, however near to it.
  const place = (to, named = false) => {
    at = Math.min(span.end, Math.max(span.begin, span.first, to));
    atEnd = !named && at >= span.end - 1000 * step() / 2 && span.end >= live.present() - FOLLOW_MS;
    slider.value = String(Math.round(at / 1000));
  };
  const prefetch = () => {
    if (playing) pictures.want(at, at + 120 * 1000 * step(), step(), at);
    else pictures.want(span.begin, span.end, step(), at);
  };

  // Moving: what is here is shown at once, and what is not when it comes.
  const show = () => {
    if (!isOpen() || atEnd) { tell(); return; }
    const picture = pictures.at(at, step());
    if (picture && (!live.frozen || picture.at !== live.snapshot.at)) {
      own = true;
      live.glide(picture);
      own = false;
    }
    tell();
    if (picture === undefined && !pictures.state().trouble) text(note, said.loading);
  };
  const settle = async () => {
    clearTimeout(settling);
    const asked = at;
    if (atEnd) { if (live.frozen) live.thaw(); return; }
    try {
      const picture = await live.recall(new Date(asked).toISOString());
      if (asked !== at || playing || !isOpen()) return;
      own = true;
      if (picture) live.show(picture);
      own = false;
    } catch { text(note, fill(said.failed, { why: said.unreachable })); settling = setTimeout(settle, FOLLOW_MS); }
    tell();
  };
  const glide = (to, named) => {
    place(to, named);
    show();
    clearTimeout(settling);
    settling = setTimeout(settle, SETTLE_MS);
  };

  // Playing: time goes on as fast as it is told to; a gap is passed over, and said.
  const pause = () => {
    clearInterval(playing);
    playing = 0;
    text(play, said.play);
  };
  const tick = () => {
    const now = performance.now(), by = (now - playedAt) * Number(speed.value);
    playedAt = now;
    if (pictures.at(at, step()) === undefined) { prefetch(); return; }
    const { gap } = track.at(at + by);
    place(gap ? Math.max(gap.end, at + by) : at + by);
    show();
    prefetch();
    if (at < span.end) return;
    pause();
    settle();
  };
  const toggle = () => {
    if (!isOpen()) { open(); return; }
    if (playing) { pause(); settle(); return; }
    clearTimeout(settling);
    if (atEnd) place(span.begin);
    playing = setInterval(tick, TICK_MS);
    playedAt = performance.now();
    text(play, said.pause);
    prefetch();
  };

  // A span ends now, or lies around the moment that is looked at.
  const spanOf = (key, around) => {
    const now = live.present(), length = LENGTHS[key];
    const end = around === null ? now : Math.min(now, around + length / 2);
    return { begin: end - length, end };
  };
  const remember = () => {
    const address = new URL(location.href);
    if (isOpen()) address.searchParams.set("span", span.key); else address.searchParams.delete("span");
    history.replaceState(null, "", address.href.replaceAll("%3A", ":"));
  };
  let choosing = 0;
  const choose = async (key) => {
    const mine = choosing += 1, around = live.frozen ? Date.parse(live.frozen) : null;
    if (playing) pause();
    const late = setTimeout(() => text(note, said.loading), SOON_MS);
    for (const el of strip.querySelectorAll("[data-replay-span]")) el.setAttribute("aria-pressed", String(el.dataset.replaySpan === key));
    try {
      const wanted = key === "all" ? null : spanOf(key, around), found = await track.load(wanted);
      if (mine !== choosing) return;
      span = { key, ...found, first: Date.parse(found.found.first) || 0 };
      text(note, span.first ? "" : said.nothing);
    } catch { text(note, fill(said.failed, { why: said.unreachable })); return; } finally { clearTimeout(late); }
    slider.min = String(Math.floor(span.begin / 1000));
    slider.max = String(Math.ceil(span.end / 1000));
    slider.step = String(step());
    track.show(span);
    if (around === null) place(span.end); else place(around, true);
    tell();
    remember();
    prefetch();
  };
  // Named keys only: a wheel over the track goes from one to the next.
  const zoom = (by) => {
    const next = KEYS[KEYS.indexOf(span.key) + by];
    if (next) choose(next);
  };

  const open = () => {
    strip.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    return choose(span.key).then(() => slider.focus());
  };
  const close = () => {
    pause();
    clearTimeout(settling);
    strip.hidden = true;
    main.removeAttribute("data-gap");
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
    remember();
  };

  slider.addEventListener("input", () => { if (playing) pause(); glide(Number(slider.value) * 1000); });
  slider.addEventListener("change", settle);
  strip.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-replay-play]")) toggle();
    else if (on("[data-replay-close]")) close();
    else if (on("[data-replay-span]")) choose(on("[data-replay-span]").dataset.replaySpan);
    else if (on("[data-replay-to]")) glide(Number(on("[data-replay-to]").dataset.replayTo) + 1000, true);
  });
  choice.addEventListener("change", () => { if (choice.value) glide(Number(choice.value) + 1000, true); });
  speed.addEventListener("change", () => { if (playing) prefetch(); });
  let turning = 0;
  part("track").addEventListener("wheel", (event) => {
    event.preventDefault();
    clearTimeout(turning);
    turning = setTimeout(zoom, 120, event.deltaY > 0 ? 1 : -1);
  }, { passive: false });
  opener.addEventListener("click", () => { if (isOpen()) close(); else open(); });

  // Moved by others: steps, back to live, a link.
  document.addEventListener("gws-frozen", ({ detail }) => {
    if (own || !isOpen()) return;
    if (playing) pause();
    if (detail && (Date.parse(detail) < span.begin || Date.parse(detail) > span.end)) { choose(span.key); return; }
    if (detail) place(Date.parse(detail), true); else place(span.end);
    tell();
  });
  document.addEventListener("gws-pictures", () => { if (!playing) show(); else tell(); });
  new ResizeObserver(([{ target }]) => {
    if (!target.hidden) document.documentElement.style.setProperty("--below", `${target.offsetHeight}px`);
    if (isOpen() && span.begin) track.show(span);
  }).observe(strip);
  setInterval(() => { if (isOpen() && atEnd && !document.hidden && span.key !== "all") choose(span.key); }, FOLLOW_MS * 4);

  window.gwsKeys.add("r", "replay", () => { if (isOpen()) close(); else open(); });
  window.gwsKeys.add("p", "play", toggle);
  const asked = new URLSearchParams(location.search).get("span");
  if (KEYS.includes(asked)) { span.key = asked; open(); }
})();

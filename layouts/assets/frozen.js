// Holds the page where it stands and says so (layouts/frozen.py): freeze and back to live
// (f), from change to change ([ and ]), what has turned bad meanwhile. What is shown is
// gwsLive's; the stream goes on underneath. window.gwsFrozen = {toggle(), step(where)}
(() => {
  const figures = window.gwsFigures, live = window.gwsLive, says = window.gwsSays;
  const said = says.frozen;
  const SOON_MS = 300, PATIENCE_MS = 8000, NAMED = 8;
  const bar = document.querySelector("[data-frozen-bar]"), button = document.querySelector("[data-freeze]");
  const [time, ahead, turned] = ["frozen-at", "ahead", "turned"].map((name) => bar.querySelector(`[data-${name}]`));
  const heading = document.title.replace(/^[\d:]+ \S+ · /, "");
  let since = new Set(), stepping = false;

  const text = (el, value) => { if (el.textContent !== value) el.textContent = value; };
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const announce = (words) => text(document.querySelector("[data-announce]"), words);

  // What is bad now, and was not in the picture that is shown; also if it is well again.
  const meanwhile = () => {
    const then = new Map((live.snapshot || { connections: [] }).connections.map((c) => [c.number, c.status]));
    for (const { number, status } of (live.newest || { connections: [] }).connections) {
      const was = then.get(number);
      if (was && says.inTrouble(status) && says.ranks[status] > says.ranks[was]) since.add(number);
    }
    const all = [...since].sort((a, b) => a - b);
    const rest = all.length > NAMED ? [fill(said.more, { count: all.length - NAMED })] : [];
    const numbers = [...all.slice(0, NAMED), ...rest].join(", ");
    text(turned, all.length ? fill(all.length === 1 ? said.turnedOne : said.turned, { count: all.length, numbers }) : "");
  };
  const tick = () => {
    if (!live.frozen || stepping) return;
    const span = figures.duration((live.present() - Date.parse(live.frozen)) / 1000);
    text(ahead, fill(said.ahead, { span }));
  };
  // Another page of the same moment.
  const lead = () => {
    for (const link of document.querySelectorAll("header nav a")) {
      const address = new URL(link.href);
      if (live.frozen) address.searchParams.set("at", live.frozen);
      else address.searchParams.delete("at");
      link.href = address.href;
    }
  };
  const word = () => {
    const known = live.frozen ? said.frozen : live.connected ? said.live : said.notLive;
    text(document.querySelector("[data-live]"), known);
  };
  const paint = () => {
    const at = live.frozen;
    if (!at && bar.contains(document.activeElement)) button.focus();
    bar.hidden = !at;
    button.setAttribute("aria-pressed", String(Boolean(at)));
    document.title = at ? `${figures.clock(at)} · ${heading}` : heading;
    text(time, figures.clock(at));
    text(document.querySelector("[data-clock]"), figures.clock(new Date(live.now()).toISOString()));
    time.dateTime = at || "";
    since = new Set();
    word();
    lead();
    meanwhile();
    tick();
    announce(at ? fill(said.said, { at: figures.clock(at) }) : said.saidLive);
  };

  const freeze = () => {
    if (!live.snapshot) return;
    // Asked for by its moment, the server keeps it: the address leads to this very picture.
    live.recall(live.snapshot.at).catch(() => {});
    live.show(live.snapshot);
  };
  const toggle = () => { if (live.frozen) live.thaw(); else freeze(); };

  const neighbour = async (where) => {
    const at = live.snapshot.at;
    const span = where === "before" ? `to=${at}` : `from=${at}`;
    const answer = await fetch(`${live.base}/moments?turned=true&${span}`, { signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store" });
    const all = (await answer.json()).moments.map((one) => one.at);
    return where === "before" ? all.filter((one) => one < at).pop() : all.find((one) => one > at);
  };
  const go = async (where) => {
    const at = await neighbour(where);
    if (!at && where === "after") { live.thaw(); return ""; }
    if (!at) return said.noEarlier;
    const picture = await live.recall(at);
    if (!picture) return said.gone;
    live.show(picture);
    return "";
  };
  const step = async (where) => {
    if (stepping || !live.snapshot || (where === "after" && !live.frozen)) return;
    stepping = true;
    const waiting = setTimeout(() => text(ahead, said.asking), SOON_MS);
    let trouble = "";
    try { trouble = await go(where); } catch { trouble = said.silent; }
    clearTimeout(waiting);
    stepping = false;
    tick();
    if (!trouble) return;
    text(turned, trouble);
    if (!live.frozen) announce(trouble);
  };

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (at("[data-freeze]")) toggle();
    else if (at("[data-thaw]")) live.thaw();
    else if (at("[data-step]")) step(at("[data-step]").dataset.step);
  });

  document.addEventListener("gws-frozen", paint);
  document.addEventListener("gws-glided", ({ detail }) => {
    text(time, figures.clock(detail));
    text(document.querySelector("[data-clock]"), figures.clock(detail));
    tick();
  });
  document.addEventListener("gws-meanwhile", meanwhile);
  document.addEventListener("gws-connected", word);
  live.subscribe((news) => { if (news === null && live.frozen) meanwhile(); });
  if (live.frozen) paint();
  setInterval(tick, 1000);
  window.gwsFrozen = { toggle, step };
})();

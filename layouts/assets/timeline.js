// Keeps the timeline (layouts/timeline.py) true: asks for it again when something turned or
// another span is chosen, and slides it along with time. The server paints all of it.
// window.gwsTimeline = {section, said, shown(), go(address), onPaint(listener), local(ms), utc(ms)}
window.gwsTimeline = (() => {
  const live = window.gwsLive;
  const section = document.querySelector("[data-timeline]");
  const one = (name) => section.querySelector(`[data-tl-${name}]`);
  const said = JSON.parse(document.getElementById("gws-timeline-words").textContent);
  const SLOW_MS = 300, PATIENCE_MS = 20000, SOON_MS = 400, PAUSE_MS = 2000, SLID_MOST = 8, RETRY_MS = 10000;
  const NARROW = matchMedia("(max-width: 700px)"), LISTS = new Set(["incidents", "turns"]);
  const listeners = [];
  let begin, end, shift = 0, asked = 0, soon = 0, paintedAt = 0, retry = 0, failed = false;

  // Times are the reader's own, and UTC in the title.
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" });
  const sameDay = (a, b) => new Date(a).toDateString() === new Date(b).toDateString();
  const local = (ms) => (sameDay(ms, live.now()) ? "" : `${day.format(ms)} `) + clock.format(ms);
  const utc = (ms) => { const iso = new Date(ms).toISOString(); return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`; };
  const localise = () => {
    for (const el of section.querySelectorAll("[data-tl-time]")) {
      const ms = Date.parse(el.dateTime);
      el.textContent = local(ms);
      el.title = utc(ms);
    }
  };

  // Round moments of the reader's own zone.
  const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800];
  const ROOM_PX = 92;
  const ticks = () => {
    const axis = section.querySelector('[data-tl-region="axis"]'), over = section.querySelector('[data-tl-region="over"]');
    const most = Math.max(2, Math.floor(axis.clientWidth / ROOM_PX));
    const step = (STEPS.find((s) => s * 1000 * most >= end - begin) || STEPS[STEPS.length - 1]) * 1000;
    const zone = -new Date(begin).getTimezoneOffset() * 60000;
    const until = section.dataset.span ? end + (end - begin) * 0.12 : end;
    axis.replaceChildren();
    over.querySelectorAll("[data-tl-grid]").forEach((line) => line.remove());
    for (let at = Math.ceil((begin + zone) / step) * step - zone; at <= until; at += step) {
      const left = `${((at - begin) / (end - begin)) * 100}%`;
      const label = document.createElement("time"), line = document.createElement("i");
      const midnight = (at + zone) % 86400000 === 0;
      label.dateTime = new Date(at).toISOString();
      label.textContent = step >= 86400000 || midnight ? day.format(at) : clock.format(at).slice(0, step < 60000 ? 8 : 5);
      line.className = "tl-grid";
      line.dataset.tlGrid = "";
      label.style.left = left;
      line.style.left = left;
      axis.append(label);
      over.prepend(line);
    }
  };

  const slide = () => {
    const by = `translateX(${-shift.toFixed(3)}%)`;
    one("slide").style.transform = by;
    section.querySelector('[data-tl-region="axis"]').style.transform = by;
  };
  const read = () => {
    begin = Date.parse(section.dataset.begin);
    end = Date.parse(section.dataset.end);
    shift = 0;
  };
  const filter = () => {
    const rows = [...section.querySelectorAll("[data-tl-rows] tr")];
    const wanted = one("filter").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !wanted.every((word) => row.textContent.toLowerCase().includes(word));
    if (one("no-match")) one("no-match").hidden = rows.some((row) => !row.hidden);
  };
  const painted = () => {
    read();
    slide();
    ticks();
    localise();
    filter();
    paintedAt = Date.now();
    for (const listener of listeners) listener();
  };

  // What the server painted, by region: only what differs is replaced, and the focus stays.
  const told = new Map();
  const regions = (root) => [...root.querySelectorAll("[data-tl-region]")];
  const remember = (root) => { for (const el of regions(root)) told.set(el.dataset.tlRegion, el.innerHTML); };
  const replace = (region, fresh) => {
    const focused = region.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    region.replaceChildren(...fresh.childNodes);
    if (focused) region.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  };
  // On a telephone the lists stand above all else, and what came in would push away what is
  // being read: there it waits until it is asked for.
  const swap = (made, quietly) => {
    const keep = quietly && NARROW.matches && !document.hidden;
    one("news").hidden = true;
    for (const region of regions(section)) {
      const fresh = made.querySelector(`[data-tl-region="${region.dataset.tlRegion}"]`);
      const text = fresh.innerHTML;
      if (told.get(region.dataset.tlRegion) === text) continue;
      if (keep && LISTS.has(region.dataset.tlRegion)) { one("news").hidden = false; continue; }
      told.set(region.dataset.tlRegion, text);
      replace(region, fresh);
    }
    for (const name of ["begin", "end", "span"]) {
      if (made.dataset[name]) section.dataset[name] = made.dataset[name];
      else delete section.dataset[name];
    }
    painted();
  };

  const fail = (address, push, error) => {
    const box = one("failed"), again = document.createElement("button");
    const why = error.refused || said.unreachable;
    again.type = "button";
    again.textContent = said.again;
    again.addEventListener("click", () => load(address, push));
    box.replaceChildren(said.failed.replace("{why}", why).replace("{time}", local(end)), again);
    box.hidden = false;
    failed = true;
    section.toggleAttribute("data-old", true);
    clearTimeout(retry);
    if (!push) retry = setTimeout(() => { if (failed) load(location.href, false, true); }, RETRY_MS);
  };
  const ask = async (address) => {
    const url = new URL(address, location.href);
    url.searchParams.set("part", "1");
    const answer = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw Object.assign(new Error(), { refused: said.refused.replace("{code}", answer.status) });
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-timeline]");
  };
  const load = async (address, push, quietly = false) => {
    const mine = ++asked;
    const slow = setTimeout(() => { one("loading").textContent = said.loading; }, SLOW_MS);
    section.setAttribute("aria-busy", "true");
    try {
      const made = await ask(address);
      if (mine !== asked) return;
      if (push) history.pushState(null, "", address);
      swap(made, quietly);
      failed = false;
      one("failed").hidden = true;
      section.toggleAttribute("data-old", false);
    } catch (error) {
      if (mine === asked) fail(address, push, error);
    } finally {
      clearTimeout(slow);
      if (mine === asked) {
        one("loading").textContent = "";
        section.removeAttribute("aria-busy");
      }
    }
  };
  // What is chosen beside stays chosen.
  const go = (address) => {
    const url = new URL(address, location.href), here = new URL(location.href).searchParams;
    for (const name of ["c", "node"]) if (here.get(name)) url.searchParams.set(name, here.get(name));
    return load(url.href, true);
  };

  const TURNS = ["status", "restarts", "version", "desired"];
  const turned = (news) => news.incidents || news.notes || ["connections", "nodes", "sources"]
    .some((part) => (news[part] || []).some((item) => TURNS.some((field) => field in item) || item.reasons));
  const again = () => {
    if (soon || !section.dataset.span) return;
    soon = setTimeout(() => { soon = 0; load(location.href, false, true); }, Math.max(SOON_MS, paintedAt + PAUSE_MS - Date.now()));
  };
  const tick = () => {
    if (!section.dataset.span) return;
    // Cut off, nothing is known to go on.
    const now = live.connected ? live.now() : live.heard();
    shift = Math.max(0, ((now - end) / (end - begin)) * 100);
    if (shift > SLID_MOST && live.connected && !failed) again();
    shift = Math.min(shift, 12);
    slide();
  };

  section.addEventListener("click", (event) => {
    const link = event.target.closest("[data-tl-go]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.href);
  });
  one("news").addEventListener("click", () => { load(location.href, false); });
  section.addEventListener("input", (event) => { if (event.target.matches("[data-tl-filter]")) filter(); });
  window.addEventListener("popstate", () => load(location.href, false));
  new ResizeObserver(() => { if (end) ticks(); }).observe(section);
  remember(section);
  painted();
  live.subscribe((news) => { if (news && turned(news)) again(); });
  document.addEventListener("gws-connected", () => {
    section.toggleAttribute("data-old", !live.connected || failed);
    if (live.connected) again();
  });
  setInterval(tick, 1000);
  return {
    section, said, local, utc, go,
    shown: () => [begin, end].map((ms) => ms + (shift / 100) * (end - begin)),
    onPaint: (listener) => { listeners.push(listener); },
  };
})();

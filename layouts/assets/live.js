// The deployment's state in the browser: snapshot, then deltas, from the event stream.
// window.gwsLive = {snapshot, connected, frozen, newest, now(), present(), subscribe(reader),
// show(picture), glide(picture), thaw(), merge(old, news)}, and for the wall open(), follow(deployment), setClock(instant); a
// reader is called with (news, snapshot) in the task in which the message arrived; news is
// null for a snapshot, and while a slider moves what differs from the picture before. While it is frozen (the moment that is shown, else null) `snapshot`
// and `now()` stand still, and `newest` follows the stream.
window.gwsLive = (() => {
  const PARTS = [["connections", "number"], ["nodes", "id"], ["sources", "name"]];
  const WHOLE = ["status", "suspects", "incident", "incidents", "maintenance", "notes"];
  const PROBE_MS = 5000, AGAIN_MS = 5000;
  const main = document.querySelector("main[data-deployment]");
  const addressOf = (deployment) => `/api/v1/deployments/${encodeURIComponent(deployment)}`;
  let base = addressOf(main.dataset.deployment);
  const readers = [];
  let heardAt = Date.now();
  let ahead = Date.now() - Date.parse(main.dataset.now);   // our clock against the server's

  const live = {
    base,
    snapshot: null,
    newest: null,
    frozen: main.dataset.frozen || null,
    connected: true,
    present: () => Date.now() - ahead,
    now: () => (live.frozen ? Date.parse(live.frozen) : live.present()),
    heard: () => (live.frozen ? live.now() : heardAt - ahead),
    subscribe: (reader) => { readers.push(reader); },
  };

  // Of the notes only new and changed ones come, and of those that went the ids.
  const heardOf = (old, news) => {
    const byId = new Map([...old, ...news].map((note) => [note.id, note]));
    return [...byId.values()].filter((note) => !note.gone)
      .sort((a, b) => ([a.at, a.id] < [b.at, b.id] ? 1 : -1));
  };
  // The reverse of app/domain/wire.py delta(): a changed field replaces the old one whole.
  const merge = (old, news) => {
    const merged = { ...old, ...news };
    for (const [part, key] of PARTS) {
      const byKey = new Map(old[part].map((item) => [item[key], item]));
      for (const item of news[part] || []) byKey.set(item[key], { ...byKey.get(item[key]), ...item });
      merged[part] = [...byKey.values()];
    }
    if (news.notes) merged.notes = heardOf(old.notes, news.notes);
    return merged;
  };
  const tell = (news) => { for (const reader of readers) reader(news, live.snapshot); };
  const dispatch = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const become = (picture, news) => {
    live.newest = picture;
    if (live.frozen) { dispatch("gws-meanwhile", picture); return; }
    live.snapshot = picture;
    tell(news);
  };
  const stream = window.gwsStream({
    stream: () => `${base}/stream`,
    present: () => `${base}/snapshot`,
    version: () => (live.newest ? live.newest.version : null),
    snapshot: (picture) => become(picture, null),
    delta: (news) => become(merge(live.newest, news), news),
    connected: (connected) => { live.connected = connected; dispatch("gws-connected", connected); },
    heard: (at) => {
      heardAt = Date.now();
      if (at) ahead = Math.min(ahead, heardAt - Date.parse(at));
    },
  });

  // The address of a page names the moment that it shows, if it is a past one.
  live.addressOf = (at) => {
    const address = new URL(location.href);
    if (at) address.searchParams.set("at", at);
    else address.searchParams.delete("at");
    return address.href.replaceAll("%3A", ":");
  };
  const turn = (at, picture) => {
    live.frozen = at;
    live.snapshot = picture;
    if (at) main.dataset.frozen = at;
    else delete main.dataset.frozen;
    history.replaceState(null, "", live.addressOf(at));
    tell(null);
    dispatch("gws-frozen", at);
  };
  live.show = (picture) => turn(picture.at, picture);
  // As app/domain/wire.py delta() tells it; null where a part came or went.
  const same = (a, b) => a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));
  const fieldsOf = (old, item, key) => {
    const news = { [key]: item[key] };
    for (const name of Object.keys(item)) if (!same(old[name], item[name])) news[name] = item[name];
    return news;
  };
  const differing = (old, picture) => {
    const news = {};
    for (const name of WHOLE) if (!same(old[name], picture[name])) news[name] = picture[name];
    for (const [part, key] of PARTS) {
      const byKey = new Map(old[part].map((item) => [item[key], item]));
      if (picture[part].length !== byKey.size || !picture[part].every((item) => byKey.has(item[key]))) return null;
      news[part] = picture[part].filter((item) => byKey.get(item[key]) !== item)
        .map((item) => fieldsOf(byKey.get(item[key]), item, key)).filter((item) => Object.keys(item).length > 1);
      if (!news[part].length) delete news[part];
    }
    return news;
  };
  // One of many while a slider moves: address, bar and attributes follow when it rests.
  live.glide = (picture) => {
    if (!live.frozen) { live.show(picture); return; }
    const news = live.snapshot && differing(live.snapshot, picture);
    live.frozen = picture.at;
    live.snapshot = picture;
    tell(news);
    dispatch("gws-glided", picture.at);
  };
  live.merge = merge;
  live.thaw = () => {
    if (live.newest) turn(null, live.newest);
    else location.assign(live.addressOf(null));
  };
  // A page that was sent frozen is painted already; what else reads the picture needs it too.
  live.recall = async (at) => {
    const asked = `${base}/snapshot?at=${encodeURIComponent(at)}`;
    const answer = await fetch(asked, { signal: AbortSignal.timeout(PROBE_MS), cache: "no-store" });
    return answer.ok ? answer.json() : null;
  };
  const fill = async () => {
    const at = live.frozen;
    try {
      const picture = await live.recall(at);
      if (picture && live.frozen === at && !live.snapshot) { live.snapshot = picture; tell(null); }
    } catch { setTimeout(fill, AGAIN_MS); }
  };

  live.open = stream.open;
  live.setClock = (instant) => { ahead = Date.now() - Date.parse(instant); };
  live.follow = (deployment) => {
    base = live.base = addressOf(deployment);
    live.snapshot = live.newest = null;
    stream.open();
  };
  if (live.frozen) fill();
  return live;
})();

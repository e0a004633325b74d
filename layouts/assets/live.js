// The deployment's state in the browser: snapshot, then deltas, from the event stream.
// window.gwsLive = {snapshot, connected, now(), subscribe(reader)}, and for the wall open(),
// follow(deployment), setClock(instant); a reader is called with (news, snapshot) in the
// task in which the message arrived; news is null for a snapshot.
window.gwsLive = (() => {
  const PARTS = [["connections", "number"], ["nodes", "id"], ["sources", "name"]];
  const SILENCE_MS = 30000, GRACE_MS = 2500, PROBE_MS = 5000;
  const main = document.querySelector("main[data-deployment]");
  const addressOf = (deployment) => `/api/v1/deployments/${encodeURIComponent(deployment)}`;
  let base = addressOf(main.dataset.deployment);
  const readers = [];
  let stream = null, heardAt = Date.now(), lostTimer = 0, pause = 1000, probing = false;
  let ahead = Date.now() - Date.parse(main.dataset.now);   // our clock against the server's

  const live = {
    snapshot: null,
    connected: true,
    now: () => Date.now() - ahead,
    heard: () => heardAt - ahead,
    subscribe: (reader) => { readers.push(reader); },
  };

  // The reverse of app/domain/wire.py delta(): a changed field replaces the old one whole.
  const merge = (old, news) => {
    const merged = { ...old, ...news };
    for (const [part, key] of PARTS) {
      const byKey = new Map(old[part].map((item) => [item[key], item]));
      for (const item of news[part] || []) byKey.set(item[key], { ...byKey.get(item[key]), ...item });
      merged[part] = [...byKey.values()];
    }
    return merged;
  };
  const tell = (news) => { for (const reader of readers) reader(news, live.snapshot); };
  const setConnected = (connected) => {
    if (live.connected === connected) return;
    live.connected = connected;
    document.dispatchEvent(new CustomEvent("gws-connected", { detail: connected }));
  };
  const heard = (at) => {
    heardAt = Date.now();
    if (at) ahead = Math.min(ahead, heardAt - Date.parse(at));
    clearTimeout(lostTimer);
    lostTimer = 0;
    pause = 1000;
    setConnected(true);
  };
  const doubt = () => {
    if (!lostTimer) lostTimer = setTimeout(() => setConnected(false), GRACE_MS);
  };

  const open = () => {
    if (stream) stream.close();
    stream = new EventSource(`${base}/stream`);
    stream.addEventListener("snapshot", (event) => {
      live.snapshot = JSON.parse(event.data);
      tell(null);
      heard(live.snapshot.at);
    });
    stream.addEventListener("delta", (event) => {
      const news = JSON.parse(event.data);
      if (!live.snapshot || news.version <= live.snapshot.version) return;
      live.snapshot = merge(live.snapshot, news);
      tell(news);
      heard(news.at);
    });
    stream.addEventListener("open", () => heard(null));
    stream.addEventListener("error", () => {
      doubt();
      if (stream.readyState !== EventSource.CLOSED) return;   // the browser tries again
      setTimeout(open, pause);
      pause = Math.min(pause * 2, 10000);
    });
  };

  // Heartbeat comments are invisible to scripts: after a silence, ask. A stream that is
  // open but behind the server is dead; a server that does not answer is lost.
  const ask = async () => {
    const answer = await fetch(`${base}/snapshot`, { signal: AbortSignal.timeout(PROBE_MS), cache: "no-store" });
    const present = await answer.json();
    if (live.snapshot && present.version > live.snapshot.version) open();
    else heard(null);
  };
  const watch = async () => {
    if (probing || Date.now() - heardAt <= SILENCE_MS) return;
    probing = true;
    try { await ask(); } catch { setConnected(false); open(); } finally { probing = false; }
  };

  live.open = open;
  live.setClock = (instant) => { ahead = Date.now() - Date.parse(instant); };
  live.follow = (deployment) => { base = addressOf(deployment); live.snapshot = null; open(); };
  open();
  setInterval(watch, 1000);
  return live;
})();

// The fleet in the browser: snapshot, then deltas, from the one stream of all deployments.
// window.gwsFleet = {fleet, connected, now(), heard(), subscribe(reader)}; a reader is called
// with (changed, fleet): the cards as they were, by id; null for a snapshot. Of a moment of
// the past (`frozen`, else null) it is told once.
window.gwsFleet = (() => {
  const main = document.querySelector("main[data-fleet]");
  const PATIENCE_MS = 8000, AGAIN_MS = 5000;
  const readers = [];
  let ahead = Date.now() - Date.parse(main.dataset.now), heardAt = Date.now();   // our clock against the server's

  const frozen = main.dataset.frozen || null;
  const live = {
    fleet: null,
    frozen,
    connected: true,
    now: () => (frozen ? Date.parse(frozen) : Date.now() - ahead),
    heard: () => (frozen ? live.now() : heardAt - ahead),
    subscribe: (reader) => { readers.push(reader); },
  };
  const tell = (changed) => { for (const reader of readers) reader(changed, live.fleet); };

  // The reverse of app/domain/fleet.py delta(): a changed field replaces the old one whole.
  const merge = (old, news) => {
    const byId = new Map(old.deployments.map((card) => [card.id, card]));
    for (const card of news.deployments) byId.set(card.id, { ...byId.get(card.id), ...card });
    return { ...old, ...news, deployments: [...byId.values()] };
  };
  const recall = async () => {
    try {
      const answer = await fetch(`/api/v1/fleet?at=${encodeURIComponent(frozen)}`, { signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store" });
      live.fleet = await answer.json();
      tell(null);
    } catch { setTimeout(recall, AGAIN_MS); }
  };
  if (frozen) { recall(); return live; }

  window.gwsStream({
    stream: () => "/api/v1/fleet/stream",
    present: () => "/api/v1/fleet",
    version: () => (live.fleet ? live.fleet.version : null),
    snapshot: (whole) => { live.fleet = whole; tell(null); },
    delta: (news) => {
      const before = new Map(live.fleet.deployments.map((card) => [card.id, card]));
      live.fleet = merge(live.fleet, news);
      tell(new Map(news.deployments.map(({ id }) => [id, before.get(id)])));
    },
    connected: (connected) => {
      live.connected = connected;
      document.dispatchEvent(new CustomEvent("gws-connected", { detail: connected }));
    },
    heard: (at) => {
      heardAt = Date.now();
      if (at) ahead = Math.min(ahead, heardAt - Date.parse(at));
    },
  });
  return live;
})();

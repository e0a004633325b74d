// Whether the wall still tells the present: its own stream, the age of the picture, the way
// back after a cut, and a new release of what it is made of.
// window.gwsWallLink = {states, onStates(reader), follows(ids)}
window.gwsWallLink = (() => {
  const figures = window.gwsFigures, live = window.gwsLive, wall = window.gwsWall;
  const { said, fill } = wall;
  const root = document.documentElement, lost = document.querySelector("[data-lost]");
  const line = document.querySelector("[data-age-line]");
  const PATIENCE_MS = 1500, AGAIN_MS = [700, 1300], AT_ONCE_MS = 5000, SEEN_OLD_MS = 15000, UNTOLD_MS = 3000, LOST_MS = 25000;
  const RENEW_WITHIN_MS = 600000, SPREAD_MS = 5000, RENEWED = "gws-wall-renewed";
  const readers = [];
  const link = { states: [], onStates: (reader) => { readers.push(reader); } };
  let stream = null, ids = [], toldAt = Date.now(), confirmed = true, connectedAt = 0, beatAt = Date.now();
  let asking = false, askAt = 0, watched = true, newBuildAt = 0, renewing = false, renewAt = 0;

  const between = ([least, most]) => least + Math.random() * (most - least);
  const beat = (event) => {
    beatAt = Date.now();
    live.setClock(JSON.parse(event.data).now);
    if (confirmed && live.connected) toldAt = beatAt;   // no news is good news
  };
  const heard = (event) => {
    const news = JSON.parse(event.data);
    link.states = news.deployments;
    if (news.build === root.dataset.build) newBuildAt = 0;
    else if (!newBuildAt) { newBuildAt = Date.now(); renewAt = newBuildAt + Math.random() * SPREAD_MS; }
    for (const reader of readers) reader(link.states);
  };
  const listen = () => {
    if (stream) stream.close();
    beatAt = Date.now();
    stream = new EventSource(`/api/v1/wall/stream?of=${ids.join(",")}`);
    stream.addEventListener("wall", heard);
    stream.addEventListener("beat", beat);
  };
  link.follows = (wanted) => {
    if (wanted.join() === ids.join() && stream) return;
    ids = wanted;
    listen();
  };

  // A browser waits long for a server that does not answer at all, and for good after an
  // error page of a proxy: while the picture is old, the wall asks by itself, about every
  // second, and goes back as soon as there is an answer.
  const answers = async () => {
    const answer = await fetch("/api/v1/deployments", { signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store" });
    if (answer.status === 401) location.replace("/wall");   // let in no more: it shows a code again
    if (!answer.ok) return false;
    const { deployments } = await answer.json();
    watched = deployments.some(({ id }) => id === document.querySelector("main").dataset.deployment);
    return true;
  };
  const back = () => {
    if (!live.connected || Date.now() - toldAt > LOST_MS) live.open();
    if (!stream || stream.readyState !== EventSource.OPEN || Date.now() - beatAt > LOST_MS) listen();
  };
  const ask = async () => {
    asking = true;
    try { if (await answers()) back(); } catch { /* it does not answer yet */ }
    asking = false;
    askAt = Date.now() + between(AGAIN_MS);
  };
  const broken = () => !live.connected || Date.now() - beatAt > LOST_MS || stream.readyState === EventSource.CLOSED;

  const renew = async () => {
    renewing = true;
    try {
      const page = await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE_MS * 4), cache: "no-store" });
      if (!page.ok) return;
      try { sessionStorage.setItem(RENEWED, String(Date.now())); } catch { /* no storage here */ }
      location.reload();
    } catch { /* at the next look */ } finally { renewing = false; }
  };
  const renewed = () => { try { return Number(sessionStorage.getItem(RENEWED)) || 0; } catch { return 0; } };
  const maybeRenew = () => {
    const now = Date.now();
    if (!newBuildAt || renewing || !live.connected || now < renewAt || now - renewed() < RENEW_WITHIN_MS) return;
    const calm = live.snapshot && wall.well(live.snapshot.status);
    if (calm || now - newBuildAt > RENEW_WITHIN_MS) renew();
  };

  const text = (el, value) => { if (el.textContent !== value) el.textContent = value; };
  const show = () => {
    const age = Date.now() - toldAt, old = !live.connected || age > LOST_MS;
    const lasted = figures.duration(age / 1000);
    text(line, age < AT_ONCE_MS ? said.fresh : fill(said.old, { age: lasted }));
    line.dataset.old = old ? "lost" : age > SEEN_OLD_MS ? "old" : "fresh";
    root.toggleAttribute("data-cut-off", old);
    lost.hidden = !old;
    if (!old) return;
    text(lost.querySelector("[data-lost-age]"), fill(said.noNews, { age: lasted }));
    text(lost.querySelector("[data-lost-picture]"), fill(said.pictureOf, { time: wall.clock(live.now() - age) }));
    text(lost.querySelector("[data-lost-why]"), live.connected ? said.silent : watched ? said.lost : said.unwatched);
  };
  const look = () => {
    show();
    // Taken up where it was, a stream has nothing to say of a picture that is the same.
    if (live.connected && !confirmed && Date.now() - connectedAt > UNTOLD_MS) { connectedAt = Date.now(); live.open(); }
    if (broken() && !asking && Date.now() >= askAt) ask();
    maybeRenew();
  };

  live.subscribe(() => { toldAt = Date.now(); confirmed = true; show(); });
  document.addEventListener("gws-connected", (event) => {
    if (event.detail) connectedAt = Date.now();
    else confirmed = false;
    show();
  });
  // After sleep, or when the network is back, there is nothing to wait for.
  const hurry = () => { askAt = 0; look(); };
  window.addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);
  link.follows([document.querySelector("main").dataset.deployment]);
  setInterval(look, 500);
  return link;
})();

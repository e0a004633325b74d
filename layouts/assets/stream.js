// One event stream, kept true: opened anew when it breaks, doubted when it is silent.
// gwsStream({ stream(), present(), version(), snapshot, delta, connected, heard }): two
// addresses and the newest version that is known; the rest hears what came. `heard(at)`: a
// sign of life. It answers {open()}, which opens it anew.
window.gwsStream = (told) => {
  const SILENCE_MS = 30000, GRACE_MS = 2500, PROBE_MS = 5000, SLOWEST_MS = 10000;
  let source = null, heardAt = Date.now(), lostTimer = 0, pause = 1000, probing = false, connected = true;

  const setConnected = (now) => {
    if (connected === now) return;
    connected = now;
    told.connected(now);
  };
  const heard = (at) => {
    heardAt = Date.now();
    told.heard(at);
    clearTimeout(lostTimer);
    lostTimer = 0;
    pause = 1000;
    setConnected(true);
  };
  const open = () => {
    if (source) source.close();
    source = new EventSource(told.stream());
    source.addEventListener("snapshot", (event) => {
      const whole = JSON.parse(event.data);
      told.snapshot(whole);
      heard(whole.at);
    });
    source.addEventListener("delta", (event) => {
      const news = JSON.parse(event.data);
      if (told.version() === null || news.version <= told.version()) return;
      told.delta(news);
      heard(news.at);
    });
    source.addEventListener("open", () => heard(null));
    source.addEventListener("error", () => {
      if (!lostTimer) lostTimer = setTimeout(() => setConnected(false), GRACE_MS);
      if (source.readyState !== EventSource.CLOSED) return;   // the browser tries again
      document.dispatchEvent(new CustomEvent("gws-refused"));
      setTimeout(open, pause);
      pause = Math.min(pause * 2, SLOWEST_MS);
    });
  };

  // Heartbeat comments are invisible to scripts: after a silence, ask. A stream that is
  // open but behind the server is dead; a server that does not answer is lost.
  const ask = async () => {
    const answer = await fetch(told.present(), { signal: AbortSignal.timeout(PROBE_MS), cache: "no-store" });
    if (answer.status === 401) document.dispatchEvent(new CustomEvent("gws-refused"));
    const present = await answer.json();
    if (told.version() !== null && present.version > told.version()) open();
    else heard(null);
  };
  const watch = async () => {
    if (probing || Date.now() - heardAt <= SILENCE_MS) return;
    probing = true;
    try { await ask(); } catch { setConnected(false); open(); } finally { probing = false; }
  };

  open();
  setInterval(watch, 1000);
  return { open };
};

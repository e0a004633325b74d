// The screen itself: kept awake, without a cursor, and never with one picture in one place.
// window.gwsWallScreen = {awake}: "" | "awake" | "awakeByVideo" | "asleep"
window.gwsWallScreen = (() => {
  const root = document.documentElement, main = document.querySelector("main");
  const IDLE_MS = 5000, STEP_MS = 20000, RENEW_MS = 60000, REACH_X = 11, REACH_Y = 7;
  const screen = { awake: "" };
  let lock = null, film = null, idle = 0, step = 0;

  // Without HTTPS a browser has no wake lock; what plays a film it keeps awake all the same,
  // if it is large: one still frame, behind everything.
  const frame = () => {
    const paint = film.canvas.getContext("2d");
    paint.fillStyle = getComputedStyle(document.body).backgroundColor;
    paint.fillRect(0, 0, film.canvas.width, film.canvas.height);
  };
  const byFilm = async () => {
    if (!film) {
      film = { canvas: document.createElement("canvas"), video: document.createElement("video") };
      film.video.srcObject = film.canvas.captureStream(1);
      film.video.muted = true;
      film.video.className = "still-film";
      film.video.setAttribute("aria-hidden", "true");
      document.body.append(film.video);
    }
    frame();
    try { await film.video.play(); screen.awake = "awakeByVideo"; } catch { screen.awake = "asleep"; }
  };
  const keepAwake = async () => {
    if (document.visibilityState !== "visible" || lock) return;
    try {
      const held = await navigator.wakeLock.request("screen");
      lock = held;
      held.addEventListener("release", () => { if (lock === held) lock = null; }, { once: true });
      screen.awake = "awake";
    } catch { await byFilm(); }
  };

  const busy = () => {
    root.removeAttribute("data-idle");
    clearTimeout(idle);
    idle = setTimeout(() => root.setAttribute("data-idle", ""), IDLE_MS);
  };

  // One pixel at a time (of a screen of 1080 lines), so slowly that nobody sees it move.
  const wave = (at, reach) => Math.abs(((at + reach) % (4 * reach)) - 2 * reach) - reach;
  const shift = () => {
    step += 1;
    const unit = Math.max(1, Math.round(window.innerHeight / 1080));
    main.style.transform = `translate(${wave(step, REACH_X) * unit}px, ${wave(step, REACH_Y) * unit}px)`;
  };

  for (const sign of ["pointermove", "pointerdown", "keydown"]) window.addEventListener(sign, busy, { passive: true });
  document.addEventListener("visibilitychange", keepAwake);
  busy();
  keepAwake();
  setInterval(keepAwake, RENEW_MS);
  setInterval(shift, STEP_MS);
  return screen;
})();

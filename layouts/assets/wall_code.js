// A TV that waits to be let in: it shows a code, and goes where it is sent once somebody
// typed it. Its own secret is in a cookie that no script sees.
(() => {
  const figures = window.gwsFigures;
  const said = JSON.parse(document.getElementById("gws-wall-words").textContent);
  const one = (name) => document.querySelector(`[data-${name}]`);
  const PATIENCE_MS = 5000, AGAIN_MS = [1000, 1800];
  let stream = null, until = 0;

  const post = async (path) => {
    const answer = await fetch(`/api/v1/wall/${path}`, { method: "POST", signal: AbortSignal.timeout(PATIENCE_MS) });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.error.message);
    return told;
  };
  const later = (what) => setTimeout(what, AGAIN_MS[0] + Math.random() * (AGAIN_MS[1] - AGAIN_MS[0]));
  const told = async (what, again) => {
    try {
      await what();
      one("trouble").textContent = "";
    } catch (error) {
      one("trouble").textContent = error instanceof TypeError || error.name === "TimeoutError" ? said.lost : error.message;
      later(again);
    }
  };

  const enter = async () => {
    const { path } = await post("entry");
    if (path) location.replace(path);
    return Boolean(path);
  };
  const listen = () => {
    if (stream) stream.close();
    stream = new EventSource("/api/v1/wall/pairings/stream");
    stream.addEventListener("let-in", () => { stream.close(); begin(); });
    stream.addEventListener("gone", () => { stream.close(); begin(); });
    stream.addEventListener("error", () => { if (stream.readyState === EventSource.CLOSED) later(begin); });
  };
  const wait = async () => {
    const { code, until: end } = await post("pairings");
    until = Date.parse(end);
    one("code").toggleAttribute("data-shown", true);
    one("code").textContent = `${code.slice(0, 3)} ${code.slice(3)}`;
    listen();
  };
  // Who was let in before, and only lost the page, needs no code.
  const begin = () => told(async () => { if (!(await enter())) await wait(); }, begin);
  const tick = () => {
    if (until) one("lasts").textContent = said.lasts.replace("{age}", figures.duration(Math.max(0, until - Date.now()) / 1000));
  };

  begin();
  setInterval(tick, 1000);
})();

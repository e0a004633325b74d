// Who looks at this page (layouts/person.py), and what becomes of it when the session is over:
// the picture stays with its age, and a line says how to go on.
(() => {
  const root = document.documentElement, place = document.querySelector("[data-person]");
  const said = JSON.parse(document.getElementById("gws-person-words").textContent);
  const PATIENCE_MS = 5000, AGAIN_MS = 5000;
  let line = null, asking = false;

  const make = (name, text, attributes = {}) => Object.assign(document.createElement(name), { textContent: text, ...attributes });
  const here = () => `/auth/login?next=${encodeURIComponent(location.pathname + location.search)}`;
  const shownAt = () => {
    const main = document.querySelector("main");
    return window.gwsFigures.clock(main.dataset.at);
  };
  const out = () => {
    if (line) return;
    line = make("p", "", { className: "signed-out" });
    line.setAttribute("role", "status");
    line.append(make("strong", said.out), ` ${said.outTold.replace("{time}", shownAt())} `, make("a", said.again, { href: here() }));
    document.body.append(line);
    root.toggleAttribute("data-signed-out", true);
  };
  const back = () => {
    if (!line) return;
    line.remove();
    line = null;
    root.toggleAttribute("data-signed-out", false);
  };
  // A stream that was refused does not say why. Who signs in again in another window is
  // signed in here as well.
  const doubt = async () => {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch("/api/v1/me", { signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store" });
      if (answer.status === 401) out();
      else if (answer.ok) back();
    } catch { /* the dashboard can't be reached, which is told otherwise */ } finally { asking = false; }
    if (line) setTimeout(doubt, AGAIN_MS);
  };

  const leave = async (event) => {
    event.preventDefault();
    const { action } = event.target;
    try {
      const answer = await fetch(action, { method: "POST", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS) });
      location.assign((await answer.json()).next);
    } catch {
      event.target.submit();
    }
  };
  const form = place && place.querySelector("form");
  if (form) form.addEventListener("submit", leave);
  root.toggleAttribute("data-named", Boolean(place));
  document.addEventListener("gws-refused", doubt);
})();

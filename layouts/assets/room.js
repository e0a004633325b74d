// What those share that let people say something: the words (layouts/strings_room.py), the
// name that somebody typed once, and how the server is told.
// window.gwsRoom = {words, say, name(), remember(name), send(method, path, body), busy(button, work)}
window.gwsRoom = (() => {
  const words = JSON.parse(document.getElementById("gws-room-words").textContent);
  const main = document.querySelector("main");
  const base = `/api/v1/deployments/${encodeURIComponent(main.dataset.deployment)}`;
  const NAME = "gws-maintenance-by", PATIENCE_MS = 10000, SOON_MS = 300;

  const signed = document.querySelector("[data-person]")?.dataset.person || "";

  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const kept = (key) => { try { return localStorage.getItem(key) || ""; } catch { return ""; } };
  const keep = (key, value) => {
    try {
      if (value) localStorage.setItem(key, value); else localStorage.removeItem(key);
    } catch { /* private window */ }
  };
  const query = (by) => `?by=${encodeURIComponent(by)}`;

  // {done: what there is now}, or {trouble: words, field}: nothing is thrown at the caller.
  const send = async (method, path, { by, ...rest }) => {
    const told = method === "DELETE" ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify({ by, ...rest }) };
    try {
      const address = `${base}${path}${method === "DELETE" ? query(by) : ""}`;
      const answer = await fetch(address, { method, signal: AbortSignal.timeout(PATIENCE_MS), ...told });
      const said = await answer.json();
      if (answer.status === 401) document.dispatchEvent(new CustomEvent("gws-refused"));
      return answer.ok ? { done: said } : { trouble: said.error.message, field: said.error.field };
    } catch {
      return { trouble: words.unreachable };
    }
  };
  // A button that waits for `work` can't be pressed twice, and says so when it takes long.
  const busy = async (button, work) => {
    if (button.getAttribute("aria-disabled") === "true") return { trouble: "" };
    const shown = button.textContent;
    button.setAttribute("aria-disabled", "true");
    const late = setTimeout(() => { button.textContent = words.sending; }, SOON_MS);
    try { return await work(); } finally {
      clearTimeout(late);
      button.removeAttribute("aria-disabled");
      if (button.textContent === words.sending) button.textContent = shown;
    }
  };
  const announce = (text) => { document.querySelector("[data-announce]").textContent = text; };
  const make = (name, attributes, ...children) => {
    const el = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== null) el.setAttribute(key, value);
    el.append(...children);
    return el;
  };
  const aged = (instant) => make(
    "time", { datetime: instant, "data-observed-at": instant },
    window.gwsFigures.ago(window.gwsSays.seconds(instant)),
  );
  return {
    words, say, kept, keep, send, busy, announce, make, aged,
    name: () => signed || kept(NAME),
    remember: (name) => { if (!signed) keep(NAME, name.trim()); },
    frozen: () => window.gwsLive?.frozen || main.dataset.frozen || null,
  };
})();

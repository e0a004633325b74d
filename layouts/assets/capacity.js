// The page of the capacity review (layouts/capacity.py): asks for what is still being made,
// for another choice, and for the subject that is chosen. The server paints all of it; the
// charts are drawn here, by plot.js. Choices stand in the address.
(() => {
  const section = document.querySelector("[data-capacity]");
  if (!section) return;
  const said = JSON.parse(document.getElementById("gws-capacity-words").textContent);
  const one = (name, root = section) => root.querySelector(`[data-cap-${name}]`);
  const body = one("body"), form = one("form"), failed = one("failed");
  const PATIENCE_MS = 120000, TICK_MS = 1000;
  let asking = new AbortController(), ticking = 0;

  // Where nothing is told from, the script of the page itself may come first: Dash loads plot.js.
  const plot = async (root) => {
    for (const place of root.querySelectorAll("[data-cap-plot]")) {
      const figure = JSON.parse(place.nextElementSibling.textContent);
      const Plotly = await window.gwsPlot.load(section.dataset.plotly);
      await window.gwsPlot.draw(Plotly, place, figure);
    }
  };
  const draw = () => plot(body).catch(() => fail(said.unreachable, draw));

  const fail = (why, again) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = said.again;
    button.addEventListener("click", () => { failed.hidden = true; again(); });
    failed.replaceChildren(`${said.failed.replace("{why}", why)} `, button);
    failed.hidden = false;
  };
  // A part of the page as the server paints it, or what is wrong.
  const fetched = async (address, part) => {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking, asked = new URL(address, location.href);
    asked.searchParams.set("part", part);
    try {
      const answer = await fetch(asked, { cache: "no-store", signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) });
      if (answer.ok) return { html: await answer.text() };
      const told = await answer.json().catch(() => null);
      return { trouble: (told && told.error && told.error.message) || said.unreachable };
    } catch {
      return signal.aborted ? null : { trouble: said.unreachable };
    }
  };

  // How long it has been taking, while nothing else can be said.
  const wait = () => {
    const begun = Date.now();
    clearInterval(ticking);
    ticking = setInterval(() => {
      const place = one("seconds");
      if (place) place.textContent = said.still.replace("{seconds}", Math.round((Date.now() - begun) / 1000));
    }, TICK_MS);
  };
  const busy = (on) => {
    body.setAttribute("aria-busy", String(on));
    body.toggleAttribute("data-pending", on);
    if (on) wait(); else clearInterval(ticking);
  };
  const load = async () => {
    busy(true);
    failed.hidden = true;
    const answer = await fetched(location.href, "1");
    if (answer === null) return;
    busy(false);
    if (answer.trouble) { fail(answer.trouble, load); return; }
    body.innerHTML = answer.html;
    draw();
  };

  // Another choice: the address follows, so that a copied link shows the same.
  const choose = () => {
    const address = new URL(form.action), chosen = new URLSearchParams(location.search);
    for (const [name, value] of new FormData(form)) if (value && value !== "own") address.searchParams.set(name, value);
    for (const name of ["c", "node"]) if (chosen.get(name)) address.searchParams.set(name, chosen.get(name));
    history.pushState(null, "", address);
    load();
  };
  const showDays = () => {
    const own = form.elements.span.value === "own", days = one("days");
    days.hidden = !own;
    days.querySelectorAll("input").forEach((field) => { field.disabled = !own; });
    return own;
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); choose(); });
  form.addEventListener("change", (event) => {
    const own = showDays();
    if (event.target.name === "agents" && !event.target.validity.valid) return;
    const days = ["from", "to"].map((name) => form.elements[name].value);
    if (own && !days.every(Boolean)) { form.elements.from.focus(); return; }
    choose();
  });
  window.addEventListener("popstate", load);

  // One subject in detail, beside what fills up first.
  const detailed = async (link) => {
    history.replaceState(null, "", link.href);
    const detail = one("detail");
    detail.setAttribute("aria-busy", "true");
    const answer = await fetched(link.href, "subject");
    if (answer === null) return;
    detail.removeAttribute("aria-busy");
    if (answer.trouble) { fail(answer.trouble, () => detailed(link)); return; }
    if (window.Plotly) detail.querySelectorAll("[data-cap-plot]").forEach((place) => window.Plotly.purge(place));
    detail.innerHTML = answer.html;
    for (const row of section.querySelectorAll("[data-cap-row]")) {
      row.toggleAttribute("data-chosen", row.dataset.capRow === link.dataset.capOf);
      if (row.dataset.capRow === link.dataset.capOf) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    detail.focus({ preventScroll: true });
    detail.scrollIntoView({ block: "nearest" });
    draw();
  };
  section.addEventListener("click", (event) => {
    const link = event.target.closest("[data-cap-of]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    detailed(link);
  });

  document.addEventListener("gws-loaded", () => {
    if (body.hasAttribute("data-pending")) load();
    else draw();
    window.gwsPlot.themed(draw);
  });
})();

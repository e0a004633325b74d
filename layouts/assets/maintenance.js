// Begins and ends maintenance: the form of layouts/maintenance.py, opened from the panel.
// The picture follows from the stream, as any other news does.
(() => {
  const { deployment } = document.querySelector("main").dataset;
  const base = `/api/v1/deployments/${encodeURIComponent(deployment)}/maintenance`;
  const dialog = document.querySelector("[data-maintain-form]"), form = dialog.querySelector("form");
  const within = (name) => form.querySelector(`[data-maintain-${name}]`);
  const { why, by, until } = form.elements;
  const NAME = "gws-maintenance-by", UNTIL = "until";
  const PATIENCE_MS = 10000;
  let about = null;   // {subject: "17"} is to begin, {ends: "<id>"} is to end

  const remembered = () => { try { return localStorage.getItem(NAME) || ""; } catch { return ""; } };
  const remember = (name) => { try { localStorage.setItem(NAME, name); } catch { /* private window */ } };

  const open = (asked, title, told) => {
    about = asked;
    const ends = asked.ends !== undefined;
    form.reset();
    by.value = remembered();
    form.querySelector("h2").textContent = title;
    within("about").textContent = told;
    within("about").hidden = !told;
    within("error").textContent = "";
    within("new").hidden = ends;
    within("new").querySelectorAll("input, fieldset").forEach((field) => { field.disabled = ends; });
    within("go").textContent = ends ? "End maintenance" : "Begin maintenance";
    until.required = false;
    dialog.showModal();
    if (!ends) why.focus();
    else (by.value ? within("go") : by).focus();
  };
  // A box's id never is a number.
  const subjects = (subject) => (/^\d+$/.test(subject) ? { connections: [Number(subject)] } : { nodes: [subject] });
  const asked = () => {
    const span = form.elements.for.value;
    const end = span === UNTIL ? { until: new Date(until.value).toISOString() } : { for: span };
    return { ...subjects(about.subject), ...end, why: why.value, by: by.value };
  };
  const send = () => (about.ends !== undefined
    ? fetch(`${base}/${about.ends}?by=${encodeURIComponent(by.value)}`, { method: "DELETE", signal: AbortSignal.timeout(PATIENCE_MS) })
    : fetch(base, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(asked()), signal: AbortSignal.timeout(PATIENCE_MS),
    }));
  const trouble = async () => {
    try {
      const answer = await send();
      return answer.ok ? "" : (await answer.json()).error.message;
    } catch {
      return "The dashboard can't be reached; nothing was changed.";
    }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    within("go").disabled = true;
    const said = await trouble();
    within("go").disabled = false;
    within("error").textContent = said;
    if (said) return;
    remember(by.value);
    dialog.close();
    const ended = about.ends !== undefined;
    document.querySelector("[data-announce]").textContent = ended ? "Maintenance has ended" : "Maintenance has begun";
    if (ended) document.querySelector("[data-maintain]").focus();   // the way out of it goes away
  });
  const chosen = () => { until.required = form.elements.for.value === UNTIL; };
  form.addEventListener("change", chosen);
  form.addEventListener("input", () => { within("error").textContent = ""; });
  until.addEventListener("input", () => { form.elements.for.value = UNTIL; chosen(); });
  within("cancel").addEventListener("click", () => dialog.close());
  // What is typed here is not meant for the picture; Esc closes the form, and no more.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-maintain], [data-maintain-end]");
    if (!button) return;
    const name = document.querySelector("#panel h2").textContent;
    const { maintain, maintainEnd, told } = button.dataset;
    if (maintainEnd) open({ ends: maintainEnd }, "End maintenance", told);
    else open({ subject: maintain }, `Maintenance: ${name}`, "");
  });
})();

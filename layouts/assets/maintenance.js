// Begins and ends maintenance: the form of layouts/maintenance.py, opened from the panel.
// The picture follows from the stream, as any other news does.
(() => {
  const room = window.gwsRoom, said = window.gwsSays.maintenance, { fill } = window.gwsFigures;
  const dialog = document.querySelector("[data-maintain-form]"), form = dialog.querySelector("form");
  const within = (name) => form.querySelector(`[data-maintain-${name}]`);
  const { why, by, until } = form.elements;
  const UNTIL = "until";
  let about = null;   // {subject: "17"} is to begin, {ends: "<id>"} is to end

  const open = (asked, title, told) => {
    about = asked;
    const ends = asked.ends !== undefined;
    form.reset();
    by.value = room.name();
    form.querySelector("h2").textContent = title;
    within("about").textContent = told;
    within("about").hidden = !told;
    within("error").textContent = "";
    within("new").hidden = ends;
    within("new").querySelectorAll("input, fieldset").forEach((field) => { field.disabled = ends; });
    within("go").textContent = ends ? said.end : said.begin;
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
    ? room.send("DELETE", `/maintenance/${about.ends}`, { by: by.value })
    : room.send("POST", "/maintenance", asked()));

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { trouble } = await room.busy(within("go"), send);
    within("error").textContent = trouble || "";
    if (trouble !== undefined) return;
    room.remember(by.value);
    dialog.close();
    const ended = about.ends !== undefined;
    room.announce(ended ? said.ended : said.begun);
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
    if (maintainEnd) open({ ends: maintainEnd }, said.end, told);
    else open({ subject: maintain }, fill(said.of, { name }), "");
  });
})();

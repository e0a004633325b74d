// Acknowledges and assigns the incident that is shown (layouts/care.py). What comes of it is
// painted when the stream tells it, here as in every other browser.
(() => {
  const room = window.gwsRoom, incident = window.gwsIncident;
  const place = document.querySelector("[data-incident]");
  const dialog = document.querySelector("[data-care-form]"), form = dialog.querySelector("form");
  const within = (name) => form.querySelector(`[data-care-${name}]`);
  const { name, by } = form.elements;
  let about = null;   // [what, id]: what is done to which incident

  const path = (id, what) => `/incidents/${encodeURIComponent(id)}/${what}`;
  const ACTS = {
    acknowledge: (id, who) => room.send("PUT", path(id, "acknowledgement"), { by: who }),
    withdraw: (id, who) => room.send("DELETE", path(id, "acknowledgement"), { by: who }),
    assign: (id, who) => room.send("PUT", path(id, "assignee"), { name: name.value, by: who }),
    unassign: (id, who) => room.send("DELETE", path(id, "assignee"), { by: who }),
  };

  const told = ({ trouble = "", field }) => {
    within("error").textContent = trouble;
    for (const input of [name, by]) input.setAttribute("aria-invalid", String(input.name === field));
    if (field && form.elements[field]) form.elements[field].focus();
    return !trouble;
  };
  const open = (what, id, wrong = {}) => {
    about = [what, id];
    const assigns = what === "assign", shown = incident.shown();
    const taken = assigns && shown !== null && shown.assigned !== null;
    form.querySelector("h2").textContent = room.say(`title-${what}`);
    within("go").textContent = room.say(`go-${what}`);
    name.closest("label").hidden = name.disabled = !assigns;
    within("nobody").hidden = !taken;
    by.value = room.name();
    name.value = assigns && !taken ? by.value : "";
    dialog.showModal();
    (assigns ? name : by).focus();
    told(wrong);
  };
  const done = () => {
    room.remember(by.value);
    dialog.close();
    place.querySelector("summary").focus();
  };
  const submit = async (button, what) => {
    if (told(await room.busy(button, () => ACTS[what](about[1], by.value)))) done();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(within("go"), about[0]);
  });
  within("nobody").addEventListener("click", (event) => {
    if (by.reportValidity()) submit(event.currentTarget, "unassign");
  });
  form.addEventListener("input", () => told({}));
  within("cancel").addEventListener("click", () => dialog.close());
  // What is typed here is not meant for the picture; Esc closes the form, and no more.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());

  // Whoever has typed a name once is not asked again; what goes wrong is told in the form.
  const directly = async (button, what, id) => {
    const said = await room.busy(button, () => ACTS[what](id, room.name()));
    if (said.trouble) open(what, id, said);
    else place.querySelector("summary").focus();
  };
  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-acknowledge], [data-withdraw], [data-assign]");
    if (!button) return;
    const what = ["acknowledge", "withdraw", "assign"].find((one) => one in button.dataset);
    const id = place.dataset.incident;
    if (what === "assign" || !room.name()) open(what, id);
    else directly(button, what, id);
  });
})();

// Lets a TV in by the code that it shows (layouts/let_in.py), from any page.
(() => {
  const dialog = document.querySelector("[data-let-in-form]"), button = document.querySelector("[data-let-in]");
  const form = dialog.querySelector("form"), within = (name) => form.querySelector(`[data-let-in-${name}]`);
  const { code, rotate, theme, sound } = form.elements, said = dialog.dataset;
  const here = document.querySelector("main").dataset.deployment;
  const PATIENCE_MS = 10000, SOON_MS = 250, USUAL_TURN = "30s";

  const chosen = () => [...within("shows").querySelectorAll(":checked")].map(({ value }) => value);
  const arrange = () => { rotate.closest("label").hidden = chosen().length < 2; };
  const option = ({ id, name }) => {
    const line = document.createElement("label"), box = document.createElement("input");
    Object.assign(box, { type: "checkbox", value: id, checked: id === here });
    line.append(box, ` ${name}`);
    return line;
  };
  const fillIn = async () => {
    const waiting = setTimeout(() => { within("shows").textContent = said.asking; }, SOON_MS);
    try {
      const answer = await fetch("/api/v1/deployments", { signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store" });
      const { deployments } = await answer.json();
      deployments.sort((a, b) => (b.id === here) - (a.id === here));
      within("shows").replaceChildren(...deployments.map(option));
      if (deployments.length === 1) within("shows").querySelector("input").checked = true;
    } catch {
      within("shows").textContent = "";
      within("error").textContent = said.unreachable;
    }
    clearTimeout(waiting);
    arrange();
  };
  const open = () => {
    form.reset();
    rotate.value = USUAL_TURN;
    for (const name of ["error", "done"]) within(name).textContent = "";
    within("how").textContent = within("how").dataset.letInHow.replace("{address}", `${location.origin}/wall`);
    within("here").href = here ? `/wall/${here}` : "/wall";
    dialog.showModal();
    code.focus();
    fillIn();
  };

  const asked = () => ({
    code: code.value, deployments: chosen(), theme: theme.value, sound: sound.checked,
    rotate: chosen().length > 1 ? rotate.value : null,
  });
  const trouble = async () => {
    if (!chosen().length) return said.none;
    try {
      const answer = await fetch("/api/v1/wall/admissions", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(asked()), signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return answer.ok ? "" : (await answer.json()).error.message;
    } catch {
      return said.unreachable;
    }
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    within("go").disabled = true;
    const late = setTimeout(() => { within("done").textContent = said.sending; }, SOON_MS);
    const told = await trouble();
    clearTimeout(late);
    within("go").disabled = false;
    within("error").textContent = told;
    within("done").textContent = told ? "" : said.in;
    if (!told) code.value = "";
  });
  form.addEventListener("change", arrange);
  form.addEventListener("input", () => { within("error").textContent = ""; within("done").textContent = ""; });
  within("cancel").addEventListener("click", () => dialog.close());
  button.addEventListener("click", open);
  // What is typed here is not meant for the picture.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
})();

// Makes and revokes tokens on the page of layouts/admin.py. What there is then is read anew
// with the page; the secret of a new one is shown once, and stays until one leaves.
(() => {
  const form = document.querySelector("[data-make-token]");
  if (!form) return;
  const within = (name) => form.querySelector(`[data-${name}]`);
  const PATIENCE_MS = 10000;

  const send = async (method, path, body) => {
    const told = body ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
    try {
      const answer = await fetch(`/api/v1/tokens${path}`, { method, signal: AbortSignal.timeout(PATIENCE_MS), ...told });
      const said = await answer.json();
      return answer.ok ? { done: said } : { trouble: said.error.message };
    } catch {
      return { trouble: form.dataset.unreachable };
    }
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { name, role, deployment, days } = form.elements, go = form.querySelector("button");
    go.disabled = true;
    const { done, trouble } = await send("POST", "", {
      name: name.value, role: role.value, days: Number(days.value), deployments: deployment.value ? [deployment.value] : null,
    });
    go.disabled = false;
    within("error").textContent = trouble || "";
    within("made").hidden = !done;
    if (!done) return;
    within("secret").textContent = done.secret;
    name.value = "";
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-revoke]");
    if (!button) return;
    if (button.textContent !== button.dataset.surely) {
      const before = button.textContent;
      button.textContent = button.dataset.surely;
      button.addEventListener("blur", () => { button.textContent = before; }, { once: true });
      return;
    }
    const { trouble } = await send("DELETE", `/${button.dataset.revoke}`);
    if (trouble) within("error").textContent = trouble;
    else location.reload();
  });
})();

// The settings of this wall (layouts/wall_settings.py): there while somebody moves the mouse
// or types, gone five seconds later. What is chosen goes into the address.
(() => {
  const options = window.gwsWallOptions, sound = window.gwsWallSound, screen = window.gwsWallScreen, { said } = window.gwsWall;
  const place = document.querySelector("[data-settings]"), main = document.querySelector("main");
  const within = (name) => place.querySelector(`[data-${name}]`), field = (name) => place.querySelector(`[name=${name}]`);
  const SHOWN_MS = 5000, USED_MS = 20000, PATIENCE_MS = 8000;
  const first = main.dataset.deployment;
  let hiding = 0, asked = false;

  const label = ({ id, name }) => {
    const line = document.createElement("label"), box = document.createElement("input");
    box.type = "checkbox";
    box.value = id;
    box.checked = options.others.includes(id);
    line.append(box, ` ${name}`);
    return line;
  };
  const fillIn = async () => {
    if (asked) return;
    asked = true;
    try {
      const answer = await fetch("/api/v1/deployments", { signal: AbortSignal.timeout(PATIENCE_MS) });
      const { deployments } = await answer.json();
      const others = deployments.filter(({ id }) => id !== first);
      within("in-turn").replaceChildren(...others.map(label));
      within("in-turn-field").hidden = !others.length;
      field("rotate").closest("label").hidden = !others.length;
    } catch { asked = false; }
  };
  const tell = () => {
    field("theme").value = document.documentElement.dataset.theme;
    field("rotate").value = [...field("rotate").options].some(({ value }) => value === options.raw("rotate")) ? options.raw("rotate") : "";
    field("sound").checked = options.sound;
    within("sound-state").textContent = options.sound && !sound.ready() ? said.waitsForClick : said.soundOn;
    within("awake-state").textContent = said[screen.awake] || "";
    within("to-map").href = `/map/${main.dataset.deployment}`;
  };
  const hide = () => { place.hidden = true; };
  const show = () => {
    clearTimeout(hiding);
    hiding = setTimeout(hide, place.contains(document.activeElement) ? USED_MS : SHOWN_MS);
    if (!place.hidden) return;
    fillIn();
    tell();
    place.hidden = false;
  };

  place.addEventListener("change", ({ target }) => {
    if (target.name === "theme") options.set("theme", target.value === "dark" ? "" : target.value);
    else if (target.name === "rotate") options.set("rotate", target.value);
    else if (target.name === "sound") options.set("sound", target.checked ? "on" : "");
    else options.set("with", [...within("in-turn").querySelectorAll(":checked")].map(({ value }) => value).join(","));
    tell();
  });
  within("hear").addEventListener("click", () => { sound.hear(); });
  within("full-screen").addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => {});
  });
  for (const sign of ["pointermove", "pointerdown", "input"]) window.addEventListener(sign, show, { passive: true });
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    else show();
  });
})();

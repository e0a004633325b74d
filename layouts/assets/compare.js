// Two moments side by side (layouts/compare.py): a difference finds what it is about on both
// pictures; typed times, which are the reader's own, become an address.
(() => {
  const main = document.querySelector("[data-compare]");
  const form = main.querySelector("[data-compare-form]"), fade = main.querySelector("[data-compare-fade]");
  const two = (number) => String(number).padStart(2, "0");
  const typed = (instant) => {
    const at = new Date(instant);
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  };
  const places = (name) => main.querySelectorAll(`:is([data-connection="${CSS.escape(name)}"], [data-node="${CSS.escape(name)}"])`);
  const mark = (attribute, name, is) => places(name).forEach((el) => el.toggleAttribute(attribute, is));

  for (const { dataset } of main.querySelectorAll("[data-differs]")) mark("data-different", dataset.differs, true);
  let found = null;
  const find = (name) => {
    if (found !== null) mark("data-found", found, false);
    found = name;
    if (name !== null) mark("data-found", name, true);
    for (const el of main.querySelectorAll("[data-find]")) el.setAttribute("aria-pressed", String(el.dataset.find === name));
    for (const picture of main.querySelectorAll(".cm-pictures")) picture.toggleAttribute("data-finding", name !== null);
  };
  main.addEventListener("click", (event) => {
    const button = event.target.closest("[data-find]");
    if (!button) return;
    find(button.dataset.find === found ? null : button.dataset.find);
    if (found !== null) places(found)[0]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape") find(null); });
  fade?.addEventListener("change", () => main.toggleAttribute("data-fading", fade.checked));

  // Both pictures are looked at in the same place.
  const frames = [...main.querySelectorAll(".cm-picture")];
  for (const frame of frames) {
    frame.addEventListener("scroll", () => {
      for (const other of frames) if (other.scrollLeft !== frame.scrollLeft) other.scrollLeft = frame.scrollLeft;
    });
  }

  form.hidden = false;
  for (const field of form.querySelectorAll("input")) if (field.dataset.moment) field.value = typed(field.dataset.moment);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const address = new URL(form.action);
    for (const field of form.querySelectorAll("input")) {
      if (field.value) address.searchParams.set(field.name, new Date(field.value).toISOString());
    }
    location.assign(address.href.replaceAll("%3A", ":"));
  });
})();

// The list of sources under the line that sums them up.
(() => {
  const place = document.querySelector("[data-sources]");
  const button = place.querySelector("[data-sources-button]");
  const list = document.getElementById(button.getAttribute("aria-controls"));
  const show = (there) => {
    list.hidden = !there;
    button.setAttribute("aria-expanded", String(there));
    if (there) button.focus();   // Safari's buttons do not take it by a click
  };
  button.addEventListener("click", () => show(list.hidden));
  // Esc closes the list alone: what is chosen on the picture stays chosen.
  place.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.stopPropagation();
    show(false);
    button.focus();
  });
  place.addEventListener("focusout", (event) => { if (!place.contains(event.relatedTarget)) show(false); });
  document.addEventListener("pointerdown", (event) => { if (!place.contains(event.target)) show(false); });
})();

// Runs before the first paint, so that the chosen theme never flashes.
(() => {
  const root = document.documentElement;
  const stored = () => {
    try { return localStorage.getItem("gws-theme") || ""; } catch { return ""; }
  };
  const show = (theme) => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  show(stored());
  document.addEventListener("DOMContentLoaded", () => {
    const choice = document.querySelector("[data-theme-choice]");
    if (!choice) return;
    choice.value = stored();
    choice.addEventListener("change", () => {
      try { localStorage.setItem("gws-theme", choice.value); } catch { /* private window */ }
      show(choice.value);
    });
  });
})();

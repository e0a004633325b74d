// Runs before the first paint, so that neither the chosen theme nor what else the address or
// the last visit asks for flashes.
(() => {
  const root = document.documentElement;
  const stored = (key) => {
    try { return localStorage.getItem(key) || ""; } catch { return ""; }
  };
  const show = (theme) => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  show(stored("gws-theme"));
  if (new URLSearchParams(location.search).get("only") === "trouble") root.dataset.only = "trouble";
  root.toggleAttribute("data-motion", stored("gws-motion") === "on");
  document.addEventListener("DOMContentLoaded", () => {
    const choice = document.querySelector("[data-theme-choice]");
    if (!choice) return;
    choice.value = stored("gws-theme");
    choice.addEventListener("change", () => {
      try { localStorage.setItem("gws-theme", choice.value); } catch { /* private window */ }
      show(choice.value);
    });
  });
})();
// Nor is the table seen before table.js has it as this address, or this browser, asks for it.
(() => {
  const asked = /[?&](?:q|status|classification|witness|box|sort|columns)=/.test(location.search);
  const stored = () => { try { return localStorage.getItem("gws-columns") !== null; } catch { return false; } };
  document.documentElement.toggleAttribute("data-arranging", asked || stored());
})();

// Dash's part (the panel, the charts) is loaded once the picture stands on the screen: its
// scripts take longer than all of ours, and nothing that is seen at first needs them.
(() => {
  const addresses = JSON.parse(document.getElementById("gws-dash").textContent);
  const load = () => {
    const scripts = addresses.map((src) => Object.assign(document.createElement("script"), { src, async: false }));
    scripts.at(-1)?.addEventListener("load", () => new window.DashRenderer());
    document.body.append(...scripts);
  };
  // No frame is made of a page that is not looked at.
  if (document.hidden) load(); else requestAnimationFrame(() => setTimeout(load));
})();

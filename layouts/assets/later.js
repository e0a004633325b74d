// Loads the page's scripts, and then Dash's (the panel, the charts), once what is seen at first
// stands on the screen: nothing of it needs them, and they would take longer than all of it.
(() => {
  const load = () => {
    const addresses = JSON.parse(document.getElementById("gws-scripts").textContent);
    const scripts = addresses.map((src) => Object.assign(document.createElement("script"), { src, async: false }));
    scripts.at(-1).addEventListener("load", () => {
      document.dispatchEvent(new Event("gws-loaded"));
      if (window.DashRenderer) new window.DashRenderer();
    });
    document.body.append(...scripts);
  };
  // No frame is made of a page that is not looked at.
  if (document.hidden) load(); else requestAnimationFrame(() => setTimeout(load));
})();

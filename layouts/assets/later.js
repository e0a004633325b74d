// Loads the page's scripts, and then Dash's (the panel, the charts), once what is seen at first
// stands on the screen: nothing of it needs them, and they would take longer than all of it.
(() => {
  const load = () => {
    const addresses = JSON.parse(document.getElementById("gws-scripts").textContent);
    const scripts = addresses.map((src) => Object.assign(document.createElement("script"), { src, async: false }));
    const loaded = () => {
      document.dispatchEvent(new Event("gws-loaded"));
      if (window.DashRenderer) new window.DashRenderer();
    };
    // A script that can't be had keeps nobody waiting for it.
    for (const ending of ["load", "error"]) scripts.at(-1).addEventListener(ending, loaded);
    document.body.append(...scripts);
  };
  // No frame is made of a page that is not looked at.
  if (document.hidden) load(); else requestAnimationFrame(() => setTimeout(load));
})();

// What the style of the whole page depends on, as attributes of the root: data-replaying (the
// strip is open), data-bannered, data-held (a past moment is shown). A style that asked for it
// with :has() from the root would be sought anew, in the whole page, at every change in it.
(() => {
  const root = document.documentElement;
  const strip = document.querySelector(".replay"), main = document.querySelector("main");
  const banners = [...document.querySelectorAll(".banner")];
  const look = () => {
    root.toggleAttribute("data-replaying", Boolean(strip) && !strip.hidden);
    root.toggleAttribute("data-bannered", banners.some((banner) => !banner.hidden));
    root.toggleAttribute("data-held", main.hasAttribute("data-frozen"));
  };
  const changes = new MutationObserver(look);
  for (const el of [strip, main, ...banners]) {
    if (el) changes.observe(el, { attributes: true, attributeFilter: ["hidden", "data-frozen"] });
  }
  look();
})();

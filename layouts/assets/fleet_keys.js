// The keys of the fleet: walk the cards as they stand, search, and show the keys.
(() => {
  const grid = document.querySelector("[data-cards]"), search = document.querySelector("[data-choices] [name=q]");
  const keys = document.querySelector("[data-keys]");
  const links = () => [...grid.querySelectorAll("li:not([hidden]) > a")];

  const focusOn = (link) => {
    if (!link) return false;
    grid.querySelectorAll('a[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
    link.tabIndex = 0;
    link.focus();
    link.scrollIntoView({ block: "nearest" });
    return true;
  };
  const first = () => focusOn(links().find((link) => link.tabIndex === 0) || links()[0]);
  const step = (by) => {
    const all = links(), at = all.indexOf(document.activeElement);
    return at >= 0 && focusOn(all[Math.min(all.length - 1, Math.max(0, at + by))]);
  };
  // The nearest card of the next row up or down, whatever the width of the page.
  const middle = (box) => box.left + box.width / 2;
  const row = (down) => {
    const from = document.activeElement.getBoundingClientRect();
    if (!grid.contains(document.activeElement)) return false;
    const boxes = links().map((link) => [link, link.getBoundingClientRect()])
      .filter(([, box]) => (down ? box.top >= from.bottom - 1 : box.bottom <= from.top + 1));
    const edge = down ? Math.min(...boxes.map(([, box]) => box.top)) : Math.max(...boxes.map(([, box]) => box.top));
    const inRow = boxes.filter(([, box]) => Math.abs(box.top - edge) < 2);
    const off = ([, box]) => Math.abs(middle(box) - middle(from));
    const nearest = inRow.sort((a, b) => off(a) - off(b))[0];
    return focusOn(nearest && nearest[0]);
  };
  const toSearch = () => { search.focus(); search.select(); return true; };
  const toggle = () => { if (keys.open) keys.close(); else keys.showModal(); return true; };
  const KEYS = {
    ArrowRight: () => step(1), ArrowLeft: () => step(-1), ArrowDown: () => row(true), ArrowUp: () => row(false),
    Home: () => grid.contains(document.activeElement) && focusOn(links()[0]),
    End: () => grid.contains(document.activeElement) && focusOn(links().at(-1)),
    "/": toSearch, "?": toggle,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    if (keys.open && event.key !== "?") return;
    if (KEYS[event.key] && KEYS[event.key]()) event.preventDefault();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && first()) event.preventDefault();
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (!search.value) { first(); return; }
    search.value = "";
    search.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-keys-button]")) toggle(); });
})();

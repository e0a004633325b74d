// The keys of the fleet: walk the cards as they stand, and search.
(() => {
  const grid = document.querySelector("[data-cards]"), search = document.querySelector("[data-choices] [name=q]");
  const keys = window.gwsKeys;
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
  keys.add("ArrowRight", "cards", () => step(1));
  keys.add("ArrowLeft", "cards", () => step(-1));
  keys.add("ArrowDown", "cards", () => row(true));
  keys.add("ArrowUp", "cards", () => row(false));
  const leaping = (place) => () => grid.contains(document.activeElement) && focusOn(links().at(place));
  keys.add("Home", "ends", leaping(0));
  keys.add("End", "ends", leaping(-1));
  keys.add("/", "search", () => { search.focus(); search.select(); });
  // A card is a link, and the search hears for itself: these are only told of.
  keys.add("Enter", "map", () => false);
  keys.add("Escape", "clear", () => false);

  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && first()) event.preventDefault();
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (!search.value) { first(); return; }
    search.value = "";
    search.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();

// Measures a drawn picture as it stands on the screen: what covers what, what stands out of
// its box, which line goes through something that is not its own. Answers with complaints.
() => {
  const GROUP = "platform-services", STEP = 4, LEAST_PX = 12;
  const svg = document.querySelector(".picture");
  const complaints = [];
  const complain = (...words) => complaints.push(words.join(" "));
  const rect = (el) => {
    const { left, top, right, bottom } = el.getBoundingClientRect();
    return { left, top, right, bottom };
  };
  // A font's box is higher than its letters: nothing is written in a sixth of it at the top,
  // nor, in digits and capitals, in a fifth at the bottom.
  const ink = (el) => {
    const box = rect(el), height = box.bottom - box.top;
    const upright = el.matches(".number, .value, .flap, .chip-name, .chip-count, .witnesses text");
    return { ...box, top: box.top + height * 0.16, bottom: box.bottom - (upright ? height * 0.2 : 0) };
  };
  const overlap = (a, b) => a.left < b.right - 0.1 && b.left < a.right - 0.1 && a.top < b.bottom - 0.1 && b.top < a.bottom - 0.1;
  const inside = (a, b) => a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
  const owner = (el) => { const g = el.closest("[data-connection], [data-node]"); return g ? g.dataset.connection || g.dataset.node : "ground"; };
  const shown = (el) => el.checkVisibility() && el.getBoundingClientRect().width > 0;
  const all = (selector) => [...svg.querySelectorAll(selector)].filter(shown);
  const named = (el) => `${owner(el)}:${el.getAttribute("class") || el.closest("[class]").getAttribute("class")}:${el.textContent}`;

  const texts = all("text").map((el) => ({ el, is: ink(el), of: owner(el) }));
  const signs = all("use, .at-odds").map((el) => ({ el, is: rect(el), of: owner(el) }));
  const plates = all(".plate").map((el) => ({ el, is: rect(el), of: owner(el) }));
  const marks = all(".witnesses rect").map((el) => ({ el, is: rect(el), of: owner(el) }));
  const bodies = all(".body").map((el) => ({ el, is: rect(el), of: owner(el) }));
  const chips = all(".chip rect").map((el) => ({ el, is: rect(el), of: owner(el) }));

  // Everything written is in what it belongs to.
  const holder = (el) => {
    if (el.matches(".number, .value")) return el.closest(".badge").querySelector(".plate");
    if (el.closest(".witnesses")) return el.parentElement.querySelector("rect");
    if (el.closest(".chip")) return el.closest(".chip").querySelector("rect");
    return el.matches(".name, .ready, .details") ? el.closest("[data-node]").querySelector(".body") : null;
  };
  for (const { el, is } of texts) {
    const within = holder(el);
    if (within && !inside(is, rect(within))) complain("out of its box:", named(el));
    const size = parseFloat(getComputedStyle(el).fontSize) * svg.getScreenCTM().a;
    if (size < LEAST_PX) complain("too small:", named(el), size.toFixed(1));
  }
  // Nothing covers a text or a sign; no badge and no mark covers another, or a box.
  const pairs = (some, others, words) => some.forEach((one, i) => others.forEach((other, k) => {
    if (some === others && k <= i) return;
    if (one.el !== other.el && overlap(one.is, other.is)) complain(words, named(one.el), named(other.el));
  }));
  pairs(texts, texts, "text over text:");
  pairs(texts, signs.filter(({ el }) => el.matches("use")), "sign over text:");
  pairs(plates, plates, "badge over badge:");
  pairs(marks, marks, "mark over mark:");
  pairs(plates, marks, "mark over badge:");
  const apart = signs.filter(({ el }) => el.matches(".at-odds"));
  const words = texts.filter(({ el }) => !el.matches(".number, .value") && !el.closest(".badge"));
  pairs(apart, words, "sign of disagreement over text:");
  const single = bodies.filter(({ of }) => of !== GROUP);
  for (const kind of [plates, marks, apart.filter(({ el }) => el.closest(".badge")), chips]) pairs(kind, single, "over a box:");
  pairs(texts.filter(({ el }) => el.closest(".badge")), single, "text over a box:");

  // Every line, point by point: through nothing that is not its own.
  const states = window.gwsLive.snapshot.connections;
  const grouped = single.filter(({ is }) => inside(is, bodies.find(({ of }) => of === GROUP).is)).map(({ of }) => of);
  const obstacles = [...texts, ...plates, ...marks, ...apart, ...single, ...chips];
  const length = (path) => path.getTotalLength();
  for (const path of all(".line")) {
    const number = owner(path), state = states.find((one) => String(one.number) === number);
    const own = new Set([number, state.source, state.destination]);
    if (own.has(GROUP)) own.add(GROUP);
    const matrix = path.getScreenCTM();
    for (let at = 0; at <= length(path); at += STEP) {
      const { x, y } = path.getPointAtLength(at).matrixTransform(matrix);
      const point = { left: x - 1, right: x + 1, top: y - 1, bottom: y + 1 };
      const hit = obstacles.find(({ el, is, of }) => !own.has(of) && !(of === GROUP && el.matches(".body")) && overlap(point, is));
      if (hit) { complain("line", number, "goes through", named(hit.el)); break; }
    }
  }
  if (grouped.length !== 6) complain("members stand out of their group");

  // No text of the page is smaller than can be read.
  for (const el of document.querySelectorAll("body *:not(svg *, script, template, style)")) {
    const own = [...el.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const size = parseFloat(getComputedStyle(el).fontSize);
    if (own && shown(el) && size < LEAST_PX) complain("too small:", el.tagName, el.textContent.slice(0, 30), size);
  }
  return complaints;
}

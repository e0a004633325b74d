// The picture as a file of its own: a copy of the map with its looks written into it, and
// around it what a reader elsewhere must know: whose it is, when, how old, what means what.
// window.gwsBurn.svg(picture, link) is text, .png(svg) a promise of a blob.
window.gwsBurn = (() => {
  const live = window.gwsLive, figures = window.gwsFigures, says = window.gwsSays;
  const said = says.share, SVG = "http://www.w3.org/2000/svg";
  const WIDTH = 1640, MARGIN = 20, HEAD = 104, ROW = 26, BESIDE = 280, SCALE = 2;
  const INHERITED = [
    "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
    "stroke-opacity", "font-family", "font-size", "font-weight", "letter-spacing", "text-anchor",
  ];
  const KEPT = new Set(["x", "y", "width", "height", "rx", "ry", "r", "cx", "cy", "d", "viewBox", "transform", "dx", "dy", "x1", "x2", "y1", "y2", "points"]);

  const make = (name, attributes, ...children) => {
    const el = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
    el.append(...children);
    return el;
  };
  const plain = (value) => value.replace(/(\d)px/g, "$1");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  // A sign refers to what is defined elsewhere in the page: here it is drawn.
  const sign = (use, style) => {
    const symbol = document.querySelector(use.getAttribute("href"));
    const cut = style.getPropertyValue("--sign-ink").trim() || colour("ground");
    const looks = {
      "sign-body": { fill: style.color, stroke: "none" },
      "sign-ink": { fill: "none", stroke: cut },
      "sign-line": { fill: "none", stroke: style.color },
    };
    const shapes = [...symbol.children].map((shape) => {
      const made = make(shape.localName, { ...looks[shape.getAttribute("class")], "stroke-width": 1.8, "stroke-linecap": "round", "stroke-linejoin": "round" });
      for (const { name, value } of shape.attributes) if (KEPT.has(name)) made.setAttribute(name, value);
      return made;
    });
    const at = (name, other) => use.getAttribute(name) || other;
    return make("svg", { x: at("x", 0), y: at("y", 0), width: at("width", 14), height: at("height", 14), viewBox: symbol.getAttribute("viewBox") }, ...shapes);
  };
  const moved = (drawn, transform) => {
    if (drawn.localName === "svg") return make("g", { transform }, drawn);
    drawn.setAttribute("transform", transform);
    return drawn;
  };
  // What an element looks like, written as attributes: any program can read them.
  const copy = (from, above) => {
    const style = getComputedStyle(from);
    if (style.display === "none" || style.visibility === "hidden" || from.matches(".hit, title, desc")) return null;
    const drawn = from.localName === "use" ? sign(from, style) : make(from.localName, {});
    const own = Object.fromEntries(INHERITED.map((name) => [name, style.getPropertyValue(name)]));
    if (from.localName !== "use") {
      for (const { name, value } of from.attributes) if (KEPT.has(name)) drawn.setAttribute(name, value);
      for (const name of INHERITED) if (own[name] !== above[name]) drawn.setAttribute(name, plain(own[name]));
      for (const child of from.childNodes) {
        const made = child.nodeType === Node.TEXT_NODE ? child.cloneNode() : child.nodeType === Node.ELEMENT_NODE && copy(child, own);
        if (made) drawn.append(made);
      }
    }
    if (style.opacity !== "1") drawn.setAttribute("opacity", style.opacity);
    return style.transform === "none" ? drawn : moved(drawn, style.transform);
  };

  const text = (x, y, size, content, more = {}) => make("text", { x, y, "font-size": size, fill: colour("ink"), ...more }, content);
  const ruler = document.createElement("canvas").getContext("2d");
  const widthOf = (content, size, family) => { ruler.font = `${size}px ${family}`; return ruler.measureText(content).width; };
  const cut = (content, size, family) => {
    let kept = content;
    while (kept && widthOf(`${kept}…`, size, family) > WIDTH - 2 * MARGIN - BESIDE) kept = kept.slice(0, -1);
    return kept === content ? content : `${kept}…`;
  };
  const END = { "text-anchor": "end" }, BOLD = { "font-weight": 650 };
  const quiet = () => ({ fill: colour("quiet") });

  const ages = (snapshot) => snapshot.sources.map((one) => {
    const age = one.last_success && (Date.parse(snapshot.at) - Date.parse(one.last_success)) / 1000;
    return `${says.sources[one.name] || one.name} ${age === null ? said.never : figures.ago(age)}`;
  }).join(", ");
  const head = (snapshot, family) => [
    text(MARGIN, 36, 24, window.gwsSummary.overall(snapshot), BOLD),
    text(MARGIN, 62, 14, cut(snapshot.suspects.map((one) => one.text).slice(0, 1).join(""), 14, family)),
    text(MARGIN, 86, 14, `${said.ages}: ${ages(snapshot)}`, quiet()),
    text(WIDTH - MARGIN, 34, 18, window.gwsSummary.local(snapshot.at), { ...END, ...BOLD }),
    text(WIDTH - MARGIN, 60, 16, window.gwsSummary.utc(snapshot.at), END),
  ];
  const counts = (snapshot) => {
    const tally = new Map();
    for (const { status } of snapshot.connections) tally.set(status, (tally.get(status) || 0) + 1);
    const sorted = [...tally].sort(([a], [b]) => says.ranks[b] - says.ranks[a]);
    return `${said.counts}: ${sorted.map(([status, number]) => `${number} ${says.words[status]}`).join(", ")}`;
  };
  // The page's own legend, entry by entry, in as many rows as it takes.
  const legend = (top, family) => {
    const made = [];
    let x = MARGIN, y = top;
    for (const entry of document.querySelectorAll(".legend li")) {
      const parts = [...entry.children].map((part) => {
        const svg = part.matches("svg");
        const [, , w, h] = svg ? (part.getAttribute("viewBox") || "0 0 14 14").split(" ").map(Number) : [];
        return { part, svg, w: svg ? w : widthOf(part.textContent, 13, family), h };
      });
      const width = parts.reduce((sum, one) => sum + one.w + 6, 14);
      if (x + width > WIDTH - MARGIN) { x = MARGIN; y += ROW; }
      for (const { part, svg, w, h } of parts) {
        const drawn = svg ? copy(part, {}) : text(x, y, 13, part.textContent);
        if (svg && drawn) for (const [key, value] of Object.entries({ x, y: y - 4.5 - h / 2, width: w, height: h })) drawn.setAttribute(key, value);
        if (drawn) made.push(drawn);
        x += w + 6;
      }
      x += 14;
    }
    return [made, y];
  };

  const svg = (picture, link) => {
    const { snapshot } = live, family = getComputedStyle(document.body).fontFamily;
    const [, , w, h] = picture.getAttribute("viewBox").split(" ").map(Number);
    const wide = WIDTH - 2 * MARGIN, high = (wide * h) / w;
    const map = copy(picture, {});
    for (const [key, value] of Object.entries({ x: MARGIN, y: HEAD, width: wide, height: high })) map.setAttribute(key, value);
    const [entries, last] = legend(HEAD + high + ROW, family);
    const height = last + 2 * ROW;
    const drawn = make(
      "svg", { width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}`, "font-family": family },
      make("title", {}, `${said.product}: ${window.gwsSummary.overall(snapshot)}, ${window.gwsSummary.moment(snapshot.at)}`),
      make("rect", { width: WIDTH, height, fill: colour("ground") }),
      ...head(snapshot, family), map, ...entries,
      text(MARGIN, last + ROW, 13, counts(snapshot), BOLD),
      text(WIDTH - MARGIN, last + ROW, 13, link, { ...END, ...quiet() }),
    );
    return new XMLSerializer().serializeToString(drawn);
  };
  const png = async (source) => {
    const url = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }));
    try {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width * SCALE, image.height * SCALE];
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      return await new Promise((done, failed) => {
        canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/png");
      });
    } finally {
      URL.revokeObjectURL(url);
    }
  };
  return { svg, png };
})();

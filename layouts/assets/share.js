// The menu of what can be copied of the page (layouts/share.py): a link to exactly this, a
// summary for chat, the picture. What a browser refuses to copy is marked, or downloaded.
// window.gwsShare = {toggle()}
(() => {
  const live = window.gwsLive, figures = window.gwsFigures, said = window.gwsSays.share;
  const { fill } = figures;
  const SOON_MS = 300;
  const place = document.querySelector("[data-share-place]"), button = place.querySelector("[data-share-button]");
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  const note = place.querySelector("[data-share-said]"), byHand = place.querySelector("[data-share-by-hand]");
  const PICTURES = ["picture", "png", "svg"];

  const say = (words) => { note.textContent = words; };
  const drawn = () => [...document.querySelectorAll("main .picture")].find((el) => el.getClientRects().length);
  const ways = () => [...menu.querySelectorAll("[data-share]")].filter((way) => !way.parentElement.hidden);

  const show = (there) => {
    menu.hidden = !there;
    button.setAttribute("aria-expanded", String(there));
    say("");
    byHand.hidden = true;
    for (const way of menu.querySelectorAll("[data-share]")) {
      way.parentElement.hidden = PICTURES.includes(way.dataset.share) && !drawn();
    }
    if (there) ways()[0].focus();
  };
  const close = () => { show(false); button.focus(); };

  // The picture that is shown, by its moment: asked for, the server keeps it.
  const linked = () => {
    live.recall(live.snapshot.at).catch(() => {});
    return live.addressOf(live.snapshot.at);
  };
  const copy = async (text, words) => {
    try {
      await navigator.clipboard.writeText(text);
      say(words);
    } catch {
      byHand.value = text;
      byHand.hidden = false;
      byHand.select();
      say(said.byHand);
    }
  };
  const file = (blob, ending) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    const moment = live.snapshot.at.replace(/\.\d+/, "").replaceAll(":", "-");
    link.download = `${live.snapshot.deployment}-${moment}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };
  const svg = () => window.gwsBurn.svg(drawn(), linked());
  const png = () => window.gwsBurn.png(svg());
  const copyPicture = async () => {
    const blob = png();
    try {
      // A promise: the browser must see that it is a click that asks.
      await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
      say(said.pictured);
    } catch {
      file(await blob, "png");
      say(said.keptInstead);
    }
  };
  const DO = {
    link: () => copy(linked(), fill(said.linked, { at: figures.clock(live.snapshot.at) })),
    summary: () => copy(window.gwsSummary(live.snapshot, linked()), said.summed),
    picture: copyPicture,
    png: async () => { file(await png(), "png"); say(said.kept); },
    svg: () => { file(new Blob([svg()], { type: "image/svg+xml" }), "svg"); say(said.kept); },
  };
  const share = async (way) => {
    byHand.hidden = true;
    if (!live.snapshot) { say(said.nothing); return; }
    const waiting = setTimeout(() => say(said.drawing), SOON_MS);
    try { await DO[way](); } catch { say(said.failed); } finally { clearTimeout(waiting); }
  };

  button.addEventListener("click", () => show(menu.hidden));
  menu.addEventListener("click", (event) => {
    const way = event.target.closest("[data-share]");
    if (way) share(way.dataset.share);
  });
  place.addEventListener("keydown", (event) => {
    if (menu.hidden) return;
    const all = ways(), at = all.indexOf(document.activeElement);
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") all[(at + 1) % all.length].focus();
    else if (event.key === "ArrowUp") all[(at + all.length - 1) % all.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  place.addEventListener("focusout", ({ relatedTarget: to }) => { if (to && !place.contains(to)) show(false); });
  document.addEventListener("pointerdown", (event) => { if (!menu.hidden && !place.contains(event.target)) show(false); });
  window.gwsShare = { toggle: () => { if (menu.hidden) show(true); else close(); } };
})();

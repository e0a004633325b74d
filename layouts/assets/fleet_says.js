// What is said about one deployment of the fleet: layouts/fleet_says.py, in the browser.
// window.gwsFleetSays: the words, and functions of a card as app/domain/fleet.py makes it.
window.gwsFleetSays = (() => {
  const figures = window.gwsFigures;
  const { fill } = figures;
  const said = JSON.parse(document.getElementById("gws-words").textContent);
  const { words, ranks } = said;

  const passed = (card, now) => (card.heard_at === null ? null : (now - Date.parse(card.heard_at)) / 1000);
  const sight = (card, now) => {
    const age = passed(card, now);
    const settled = card.sight === "waiting" || card.sight === "blind";
    return settled || age === null || age < said.oldS ? card.sight : "old";
  };
  const standing = (card, now) => (sight(card, now) === "old" && ranks[card.status] < ranks.stale ? "stale" : card.status);
  const unwell = (card, now) => ranks[standing(card, now)] >= said.unwellFrom || sight(card, now) !== "clear";
  const troubled = ([first, ...more]) => {
    if (!first) return "";
    const why = fill(said.source, { source: said.sources[first.name] || first.name, why: first.error || said.untold });
    return more.length ? fill(said.more, { why, count: more.length }) : why;
  };
  const why = (card, now) => {
    const seen = sight(card, now);
    if (seen === "waiting") return fill(said.unseen, { why: card.waiting });
    if (seen === "old") return fill(said.old, { age: figures.duration(passed(card, now)) });
    const text = troubled(card.sources);
    return seen === "blind" ? fill(said.blind, { why: text }) : text;
  };
  const age = (card, now) => {
    const seconds = passed(card, now);
    if (seconds === null) return said.noData;
    const fresh = seconds < said.freshS;
    return fill(fresh ? said.fresh : said.aged, { age: figures.duration(fresh ? said.freshS : seconds) });
  };
  const told = (card) => card.suspect || (card.incident ? card.incident.text : "");
  const place = (card) => [card.region, card.group].filter(Boolean).join(" · ");
  const label = (card, now) => {
    const word = words[card.status];
    const status = card.since ? fill(said.since, { word, at: figures.clock(card.since) }) : word;
    const named = [card.name, place(card)].filter(Boolean).join(", ");
    const counts = Object.entries(card.counts).map(([status, number]) => `${number} ${words[status]}`).join(", ");
    return [`${named}: ${status}`, counts, told(card), why(card, now)].filter(Boolean).join("; ");
  };
  return { ...said, fill, standing, unwell, sight, why, age, told, place, label };
})();

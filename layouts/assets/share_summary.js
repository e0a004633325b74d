// What is said of a deployment in a chat: plain text that Markdown makes handsome.
// window.gwsSummary(snapshot, link) is the text; .moment(at) its time, local and in UTC.
window.gwsSummary = (() => {
  const figures = window.gwsFigures, says = window.gwsSays;
  const said = says.share;
  const { fill } = figures;
  // Made when it is first asked for: the names of zones take the browser tens of milliseconds.
  let format = null;
  const local = (at) => {
    format ||= new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });
    return format.format(new Date(at));
  };

  const utc = (at) => `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
  const moment = (at) => fill(said.at, { local: local(at), utc: utc(at) });
  const lasting = (since) => (since ? ` ${fill(said.since, { at: figures.clock(since) })}` : "");
  const name = () => document.querySelector("h1").textContent;
  const overall = (snapshot) => {
    const { since } = document.querySelector("[data-overall] [data-since]").dataset;
    return fill(said.title, { deployment: name(), status: says.words[snapshot.status] }) + lasting(since);
  };
  const unwell = (snapshot) => snapshot.connections
    .filter((one) => says.ranks[one.status] >= says.ranks.stale)
    .sort((a, b) => says.ranks[b.status] - says.ranks[a.status] || a.number - b.number);
  const line = (one) => {
    const reason = says.firstReason(one);
    const told = fill(said.bad, { number: one.number, ends: says.ends(one), status: says.words[one.status] });
    return `- ${told}${lasting(one.since)}${reason ? `, ${reason}` : ""}`;
  };

  const summary = (snapshot, link) => {
    const bad = unwell(snapshot), all = snapshot.connections.length;
    const [suspect] = snapshot.suspects;
    return [
      `**${overall(snapshot)}**`,
      moment(snapshot.at),
      ...(suspect ? [suspect.text] : []),
      bad.length ? fill(said.notWell, { count: bad.length, all }) : fill(said.allWell, { all }),
      ...bad.map(line),
      link,
    ].join("\n");
  };
  return Object.assign(summary, { moment, overall, utc, local });
})();

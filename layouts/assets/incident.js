// Keeps the line of the gravest open incident (layouts/incident.py) as the stream tells it.
(() => {
  const figures = window.gwsFigures, live = window.gwsLive;
  const { words, labels, ends } = window.gwsSays;
  const place = document.querySelector("[data-incident]");
  const fold = place.querySelector("details"), list = place.querySelector("ol");
  const text = (el, value) => { if (el.textContent !== value) el.textContent = value; };

  const element = (name, content, attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = content;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const who = (step, snapshot) => {
    if (step.node !== null) {
      return [element("button", labels[step.node] || step.node, { type: "button", "data-goto-node": step.node })];
    }
    const state = snapshot.connections.find((c) => c.number === step.connection);
    const button = element("button", String(step.connection), { type: "button", "data-goto": step.connection });
    return [button, ` ${ends(state)}:`];
  };
  const item = (step, snapshot) => {
    const made = element("li", "", { "data-status": step.status });
    const until = step.until ? `, well again at ${figures.clock(step.until)}` : "";
    made.append(element("time", figures.clock(step.at), { datetime: step.at }), " ", ...who(step, snapshot), ` ${words[step.worst]}${until}`);
    return made;
  };
  const paint = (news, snapshot) => {
    if (news && !news.incidents) return;
    const [first, ...more] = snapshot.incidents;
    place.hidden = !first;
    if (!first) { fold.open = false; return; }
    place.dataset.incident = first.id;
    place.dataset.status = first.worst;
    place.querySelector("summary use").setAttribute("href", `#gws-sign-${first.worst}`);
    text(place.querySelector("[data-incident-text]"), first.text);
    text(place.querySelector("[data-incident-more]"), more.length ? `and ${more.length} more` : "");
    // A reader may stand on one of the buttons: only what differs is made anew.
    first.cascade.forEach((step, i) => {
      const made = item(step, snapshot);
      const old = list.children[i];
      if (!old) list.append(made);
      else if (old.outerHTML !== made.outerHTML) old.replaceWith(made);
    });
    while (list.children.length > first.cascade.length) list.lastElementChild.remove();
  };
  live.subscribe(paint);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !fold.open) return;
    fold.open = false;
    place.querySelector("summary").focus();
    event.stopImmediatePropagation();
  }, true);
})();

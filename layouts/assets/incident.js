// Keeps the line of the open incident, and who has it in hand, as the stream tells it
// (layouts/incident.py, care.py). window.gwsIncident = {shown(), onShow(listener)}
window.gwsIncident = (() => {
  const figures = window.gwsFigures, live = window.gwsLive, room = window.gwsRoom;
  const { words, labels, ends } = window.gwsSays;
  const place = document.querySelector("[data-incident]");
  const part = (name) => place.querySelector(`[data-${name}]`);
  const fold = place.querySelector("details"), list = place.querySelector("ol"), others = part("also").querySelector("ul");
  const listeners = [];
  const text = (el, value) => { if (el.textContent !== value) el.textContent = value; };
  let wanted = null;   // the one that the reader chose to look at
  let seenAs = null;   // by whom and when it is painted to be acknowledged

  const { make } = room;
  const who = (step, snapshot) => {
    if (step.node !== null) {
      return [make("button", { type: "button", "data-goto-node": step.node }, labels[step.node] || step.node)];
    }
    const state = snapshot.connections.find((c) => c.number === step.connection);
    const button = make("button", { type: "button", "data-goto": step.connection }, String(step.connection));
    return [button, ` ${ends(state)}:`];
  };
  const item = (step, snapshot) => {
    const word = words[step.worst];
    const became = step.until ? room.say("wellAgain", { word, at: figures.clock(step.until) }) : word;
    return make(
      "li", { "data-status": step.status },
      make("time", { datetime: step.at }, figures.clock(step.at)), " ", ...who(step, snapshot), ` ${became}`,
    );
  };
  // A reader may stand on one of the buttons: only what differs is made anew.
  const lay = (holder, items) => {
    items.forEach((made, i) => {
      const old = holder.children[i];
      if (!old) holder.append(made);
      else if (old.outerHTML !== made.outerHTML) old.replaceWith(made);
    });
    while (holder.children.length > items.length) holder.lastElementChild.remove();
  };
  const shownOf = (opened) => opened.find((one) => one.id === wanted)
    || opened.find((one) => !one.acknowledged) || opened[0] || null;

  const paintCare = ({ acknowledged, assigned }) => {
    const seen = part("seen");
    place.toggleAttribute("data-acknowledged", acknowledged !== null);
    part("acknowledge").hidden = acknowledged !== null;
    part("withdraw").hidden = seen.hidden = acknowledged === null;
    const told = acknowledged === null ? "" : `${acknowledged.by} ${acknowledged.at}`;
    if (told !== seenAs) {
      seenAs = told;
      seen.replaceChildren(...(told ? [make("span", {}, room.say("seen", { who: acknowledged.by })), " ", room.aged(acknowledged.at)] : []));
    }
    part("assigned").hidden = assigned === null;
    text(part("assigned"), assigned === null ? "" : room.say("has", { who: assigned }));
    text(part("assign"), room.say(assigned === null ? "assign" : "handOver"));
  };
  const paintOthers = (more) => {
    part("also").hidden = !more.length;
    lay(others, more.map((one) => make(
      "li", { "data-status": one.worst },
      make("button", { type: "button", "data-incident-show": one.id }, one.text),
      ...(one.acknowledged ? [make("p", { class: "quiet" }, room.say("seen", { who: one.acknowledged.by }))] : []),
    )));
  };
  const show = (snapshot) => {
    const one = shownOf(snapshot.incidents);
    place.hidden = !one;
    if (!one) { fold.open = false; wanted = null; }
    else {
      const more = snapshot.incidents.filter((other) => other !== one);
      place.dataset.incident = one.id;
      place.dataset.status = one.worst;
      place.querySelector("summary use").setAttribute("href", `#gws-sign-${one.worst}`);
      text(part("incident-text"), one.text);
      text(part("incident-more"), more.length ? room.say("more", { count: more.length }) : "");
      part("incident-told").href = `/incident/${encodeURIComponent(snapshot.deployment)}/${encodeURIComponent(one.id)}`;
      part("incident-begun").href = `/map/${encodeURIComponent(snapshot.deployment)}?at=${one.start}`;
      lay(list, one.cascade.map((step) => item(step, snapshot)));
      paintOthers(more);
      paintCare(one);
    }
    listeners.forEach((listener) => listener(one));
  };

  live.subscribe((news, snapshot) => { if (!news || news.incidents) show(snapshot); });
  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-incident-show]");
    if (!button) return;
    wanted = button.dataset.incidentShow;
    show(live.snapshot);
    place.querySelector("summary").focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !fold.open || document.querySelector("dialog[open]")) return;
    fold.open = false;
    place.querySelector("summary").focus();
    event.stopImmediatePropagation();
  }, true);
  return {
    shown: () => (live.snapshot ? shownOf(live.snapshot.incidents) : null),
    onShow: (listener) => { listeners.push(listener); },
  };
})();

// Shows the notes as the stream tells them (layouts/notes.py): the line in the header, the
// lists of the drawer, and those about what is chosen in the panel.
// window.gwsNotes = {of(id), keyOf(note), only(key), paint(), add(note), seen()}
window.gwsNotes = (() => {
  const live = window.gwsLive, room = window.gwsRoom, figures = window.gwsFigures;
  const { labels, ends } = window.gwsSays;
  const { make, say, words } = room;
  const { deployment } = document.querySelector("main").dataset;
  const part = (name) => document.querySelector(`[data-notes-${name}]`);
  const drawer = document.getElementById("gws-notes");
  const list = part("list"), summary = part("summary"), pinnedLine = part("pinned");
  const SEEN = `gws-notes-seen-${deployment}`, IN_PANEL = 3, SEEK_MS = 100, SEEKS = 100;
  let only = null;   // the subject that the list is confined to
  let seenAt = room.kept(SEEN);
  const added = [];   // written on a page that stands still: no stream brings them

  const notes = () => {
    const told = live.snapshot ? live.snapshot.notes : [];
    return [...added.filter((note) => !told.some((one) => one.id === note.id)), ...told];
  };
  const keyOf = ({ about }) => String(about.connection ?? about.node ?? about.incident ?? "");
  const text = (el, value) => { if (el.textContent !== value) el.textContent = value; };

  // As _about() of layouts/notes.py.
  const about = (note) => {
    const { connection, node, incident, moment } = note.about;
    if (connection !== undefined) {
      const state = live.snapshot.connections.find((c) => c.number === connection);
      return [make("button", { type: "button", "data-goto": connection }, String(connection)), state ? ` ${ends(state)}` : ""];
    }
    if (node !== undefined) return [make("button", { type: "button", "data-goto-node": node }, labels[node] || node)];
    if (incident !== undefined) return [say("incident", { which: incident })];
    const shown = make("time", { datetime: moment }, figures.clock(moment));
    return [make("a", { href: `/map/${deployment}?at=${encodeURIComponent(moment)}` }, shown)];
  };
  const own = (note) => note.by === room.name();
  const item = (note) => {
    const written = make("div", { class: "note-text" });
    written.innerHTML = note.html;   // sanitised where it was rendered: app/domain/markdown.py
    return make(
      "li", { "data-note": note.id },
      make("p", { class: "note-head" }, make("strong", {}, note.by), " ", make("span", { class: "about" }, ...about(note)), " ", room.aged(note.at)),
      written,
      make(
        "p", { class: "ways" },
        make("button", { type: "button", "data-note-pin": "" }, say(note.pinned ? "unpin" : "pin")),
        make("button", { type: "button", "data-note-delete": "", hidden: own(note) ? null : "" }, say("delete")),
      ),
    );
  };
  // Who stands on a button of a note stays there, also when the note is made anew.
  const lay = (holder, shown) => {
    const before = new Map([...holder.children].map((li) => [li.dataset.note, li]));
    const focus = (li) => [...li.querySelectorAll("button, a")].indexOf(document.activeElement);
    const items = shown.map((note) => {
      const key = JSON.stringify([note, own(note)]), old = before.get(note.id);
      return old && old.key === key ? old : Object.assign(item(note), { key });
    });
    const kept = new Set(items);
    for (const [id, old] of before) {
      if (kept.has(old)) continue;
      const at = focus(old), made = items.find((li) => li.dataset.note === id);
      old.replaceWith(...(made ? [made] : []));
      if (made && at >= 0) made.querySelectorAll("button, a")[at]?.focus();
    }
    items.forEach((li, i) => { if (holder.children[i] !== li) holder.insertBefore(li, holder.children[i] || null); });
  };

  const plain = (note) => {
    const box = document.createElement("div");
    box.innerHTML = note.html;
    return box.textContent.replace(/\s+/g, " ").trim();
  };
  const paintLine = (all, pinned) => {
    text(part("count"), String(all.length));
    const fresh = all.filter((note) => note.at > seenAt && !own(note)).length;
    text(part("fresh"), fresh && drawer.hidden ? say("fresh", { count: fresh }) : "");
    const told = pinned ? plain(pinned) : "";
    text(pinnedLine, told);
    if (pinnedLine.title !== told) pinnedLine.title = told;
  };
  const paintDrawer = (all, pinned) => {
    const rest = all.filter((note) => !note.pinned && (only === null || keyOf(note) === only));
    lay(summary, pinned ? [pinned] : []);
    lay(list, rest);
    document.querySelector("[data-no-summary]").hidden = Boolean(pinned);
    const empty = document.querySelector("[data-no-notes]");
    empty.hidden = rest.length > 0;
    text(empty, only === null ? words.noNotes : words.noneAbout);
  };
  const paintPanel = (all) => {
    const slot = document.querySelector("[data-notes-for]");
    if (!slot) return false;
    const found = all.filter((note) => keyOf(note) === slot.dataset.notesFor);
    if (!slot.querySelector("[data-note-write]")) {
      slot.replaceChildren(make("h3", {}, words.notes), make("ul", {}), make(
        "p", { class: "ways" }, make("button", { type: "button", "data-note-write": "" }, words.writeNote),
        make("button", { type: "button", "data-notes-about": "" }),
      ));
    }
    lay(slot.querySelector("ul"), found.slice(0, IN_PANEL));
    const more = slot.querySelector("[data-notes-about]");
    more.hidden = found.length <= IN_PANEL;
    text(more, say("allNotes", { count: found.length }));
    return slot.dataset.notesFor === String(window.gwsPage.selection?.connection ?? window.gwsPage.selection?.node);
  };
  const paint = () => {
    if (!live.snapshot) return;
    const all = notes(), pinned = all.find((note) => note.pinned);
    paintLine(all, pinned);
    paintDrawer(all, pinned);
    paintPanel(all);
  };

  const seen = () => {
    seenAt = notes()[0]?.at ?? live.snapshot?.at ?? seenAt;
    room.keep(SEEN, seenAt);
    paint();
  };
  let known = null;
  live.subscribe((news, snapshot) => {
    if (!seenAt) seenAt = snapshot.at;
    if (news && !news.notes) { paintPanel(notes()); return; }
    const written = known && snapshot.notes.find((note) => !known.has(note.id) && !own(note));
    known = new Set(snapshot.notes.map((note) => note.id));
    if (written) room.announce(say("wrote", { who: written.by }));
    if (drawer.hidden) paint(); else seen();
  });
  // The panel comes from Dash, a moment after the choice.
  let seeking = 0;
  const seek = (left) => {
    if (!live.snapshot || !paintPanel(notes())) seeking = left ? setTimeout(seek, SEEK_MS, left - 1) : 0;
  };
  window.gwsPage.onSelect((selection) => {
    clearTimeout(seeking);
    if (selection) seek(SEEKS);
  });
  return {
    keyOf, paint, seen,
    of: (id) => notes().find((note) => note.id === id),
    only: (key) => { only = key; paint(); },
    add: (note) => { if (room.frozen()) { added.unshift(note); paint(); } },
  };
})();

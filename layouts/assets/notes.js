// The drawer of notes: opens and closes it, writes, pins and deletes (layouts/notes.py).
(() => {
  const room = window.gwsRoom, list = window.gwsNotes, live = window.gwsLive, page = window.gwsPage, incident = window.gwsIncident;
  const { make, say, words } = room;
  const { labels, ends } = window.gwsSays;
  const drawer = document.getElementById("gws-notes"), form = drawer.querySelector("form");
  const opener = document.querySelector("[data-notes-button]"), only = drawer.querySelector("[data-notes-only]");
  const error = drawer.querySelector("[data-notes-error]"), go = drawer.querySelector("[data-notes-go]");
  const { about, text, by, pinned } = form.elements;
  const DRAFT = `gws-note-draft-${document.querySelector("main").dataset.deployment}`;
  let from = null;   // where the focus goes back to

  // What a note can be about now: what is chosen, the open incident, this moment.
  const chosenKey = ({ connection, node }) => (connection ? `connection:${connection}` : `node:${node}`);
  const nameOf = ({ connection, node }) => {
    if (node) return labels[node] || node;
    const state = live.snapshot && live.snapshot.connections.find((c) => c.number === connection);
    return state ? `${connection} ${ends(state)}` : String(connection);
  };
  const choices = () => {
    const shown = incident.shown(), chosen = page.selection;
    return [
      ...(chosen ? [[chosenKey(chosen), nameOf(chosen)]] : []),
      ...(shown ? [[`incident:${shown.id}`, words.theIncident]] : []),
      ["moment", room.frozen() ? words.thatMoment : words.thisMoment],
    ];
  };
  // What somebody writes about stays what it is while there is a text.
  const offer = (wanted) => {
    const keep = wanted || (text.value ? about.value : "");
    const offered = choices();
    if (keep && !offered.some(([value]) => value === keep)) {
      const [what, which] = keep.split(":");
      offered.unshift([keep, what === "connection" ? nameOf({ connection: Number(which) }) : what === "node" ? nameOf({ node: which }) : say("incident", { which })]);
    }
    const options = offered.map(([value, name]) => make("option", { value }, name));
    if (about.innerHTML !== options.map((option) => option.outerHTML).join("")) about.replaceChildren(...options);
    about.value = keep || offered[0][0];
  };
  const subject = () => {
    const [what, which] = about.value.split(":");
    if (what === "moment") return room.frozen() ? { moment: room.frozen() } : undefined;
    return { [what]: what === "connection" ? Number(which) : which };
  };

  const keepDraft = () => {
    room.keep(DRAFT, text.value ? JSON.stringify({ text: text.value, about: about.value, pinned: pinned.checked }) : "");
    opener.toggleAttribute("data-draft", text.value !== "");
    opener.title = text.value ? words.draft : "";
  };
  const takeUpDraft = () => {
    let draft = null;
    try { draft = JSON.parse(room.kept(DRAFT) || "null"); } catch { /* not ours */ }
    if (draft) {
      text.value = draft.text;
      pinned.checked = draft.pinned;
    }
    offer(draft ? draft.about : "");
    keepDraft();
  };

  const show = (there) => {
    drawer.hidden = !there;
    opener.setAttribute("aria-expanded", String(there));
    document.documentElement.toggleAttribute("data-notes", there);
    if (!there) return;
    by.value = room.name();
    list.seen();
  };
  const open = (wanted) => {
    if (drawer.hidden) from = document.activeElement;
    show(true);
    offer(wanted);
    text.focus();
  };
  const close = () => {
    show(false);
    (from && from.isConnected && from !== document.body ? from : opener).focus();
  };

  const told = ({ trouble = "", field }) => {
    error.textContent = trouble;
    for (const input of [text, by]) input.setAttribute("aria-invalid", String(input.name === field));
    if (field && form.elements[field]) form.elements[field].focus();
    return !trouble;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const note = { about: subject(), text: text.value, by: by.value, pinned: pinned.checked };
    const said = await room.busy(go, () => room.send("POST", "/notes", note));
    if (!said.done) { told(said); return; }
    told({});
    room.remember(by.value);
    list.add(said.done);
    if (text.value === note.text) { text.value = ""; pinned.checked = false; }
    keepDraft();
    offer("");
    list.paint();
    room.announce(words.sent);
    text.focus();
  });
  form.addEventListener("input", () => { told({}); keepDraft(); });
  about.addEventListener("change", keepDraft);

  const pin = async (button, note) => {
    const who = room.name() || by.value;
    if (!who) { by.reportValidity(); return; }
    told(await room.busy(button, () => room.send(note.pinned ? "DELETE" : "PUT", `/notes/${note.id}/pin`, { by: who })));
  };
  const remove = async (button, note) => {
    if (button.textContent === words.delete) {
      button.textContent = words.deleteSurely;
      button.addEventListener("blur", () => { button.textContent = words.delete; }, { once: true });
      return;
    }
    const said = await room.busy(button, () => room.send("DELETE", `/notes/${note.id}`, { by: room.name() }));
    if (told(said) && !drawer.hidden) text.focus();
  };
  document.addEventListener("click", (event) => {
    const at = (name) => event.target.closest(`[data-${name}]`);
    if (at("notes-button")) { if (drawer.hidden) open(); else close(); return; }
    if (at("notes-close")) { close(); return; }
    if (at("note-incident")) { open(incident.shown() ? `incident:${incident.shown().id}` : ""); return; }
    if (at("note-write") || at("notes-about")) {
      open(page.selection ? chosenKey(page.selection) : "");
      if (at("notes-about")) { only.checked = true; confine(); }
      return;
    }
    const button = at("note-pin") || at("note-delete");
    const note = button && list.of(button.closest("[data-note]").dataset.note);
    if (note) (at("note-pin") ? pin : remove)(button, note);
  });

  const confine = () => {
    const chosen = page.selection;
    drawer.querySelector(".only").hidden = !chosen;
    drawer.querySelector("[data-notes-chosen]").textContent = chosen ? say("only", { who: nameOf(chosen) }) : "";
    if (!chosen) only.checked = false;
    list.only(only.checked ? String(chosen.connection ?? chosen.node) : null);
  };
  only.addEventListener("change", confine);
  page.onSelect(() => { confine(); offer(""); });
  incident.onShow(() => offer(""));

  drawer.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === text) form.requestSubmit();
    if (event.key === "Escape") close();
    else if (!event.target.matches("input, textarea, select")) return;
    event.stopPropagation();   // neither the picture nor the panel is meant
  });
  window.gwsKeys.add("n", "notes", () => open());
  takeUpDraft();
})();

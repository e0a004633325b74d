// The keys of a page, all in one place.
//
//   window.gwsKeys.add(key, action, handler)
//
// `key`: a `KeyboardEvent.key`, or a list of them. `action`: a row of the `?` dialog, whose
// words and keys stand in layouts/strings_keys.py and layouts/keys.py. `handler(event)` does
// it; when it answers `false` the key was not for it, and whoever added the key before is
// asked; else the key is taken. A key that the action does not name there is refused with an
// error, and a row appears once somebody has added a key of it: the help and what keys do
// can't differ.
//
// No handler runs while something is typed or chosen in a field (a slider is none), nor with Ctrl, Alt or the
// command key, nor under an open dialog. Characters (not arrows, Enter, Esc) are ignored while the
// reader has switched them off (WCAG 2.1.4): the checkbox in the dialog, kept in this browser.
window.gwsKeys = (() => {
  const NAME = "gws-single-keys", OFF = "off";
  const dialog = document.querySelector("dialog[data-keys]");
  const single = dialog.querySelector("[data-single-keys]");
  const rows = new Map([...dialog.querySelectorAll("[data-action]")].map((row) => [row.dataset.action, row]));
  const handlers = new Map();   // key -> [{action, handler}], the newest first

  const add = (key, action, handler) => {
    const row = rows.get(action), keys = [key].flat();
    const named = row ? JSON.parse(row.dataset.codes) : [];
    const unknown = keys.filter((one) => !named.includes(one));
    if (unknown.length) throw new Error(`layouts/keys.py: ${action} has no key ${unknown.join(" ")}`);
    for (const one of keys) handlers.set(one, [{ action, handler }, ...(handlers.get(one) || [])]);
    row.hidden = false;
  };

  const typing = (target) => target.closest("input:not([type=range]), select, textarea, [contenteditable]");
  const isCharacter = (key) => key.length === 1 && key !== " ";
  // Under a dialog nothing is done; in ours its own key closes it.
  const reachable = (action) => {
    const open = document.querySelector("dialog[open]");
    return !open || (open === dialog && action === "keys");
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (isCharacter(event.key) && !single.checked) return;
    const taken = (handlers.get(event.key) || [])
      .some(({ action, handler }) => reachable(action) && handler(event) !== false);
    if (taken) event.preventDefault();
  });

  try { single.checked = localStorage.getItem(NAME) !== OFF; } catch { /* private window */ }
  single.addEventListener("change", () => {
    try { localStorage.setItem(NAME, single.checked ? "on" : OFF); } catch { /* private window */ }
  });

  const toggle = () => { if (dialog.open) dialog.close(); else dialog.showModal(); };
  document.addEventListener("click", (event) => { if (event.target.closest("[data-keys-button]")) toggle(); });
  add("?", "keys", toggle);
  return { add };
})();

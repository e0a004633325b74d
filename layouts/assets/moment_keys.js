// The keys of moments: freeze or go on (f), the change before and after ([ and ]), share (s),
// and Esc, which leads back to live when there is nothing left that it would close.
(() => {
  const live = window.gwsLive, { toggle, step } = window.gwsFrozen;
  const closable = () => window.gwsPage.selection
    || document.querySelector('dialog[open], .typed:not([hidden]), [aria-expanded="true"], .incident [open]');
  const unfreeze = () => {
    if (!live.frozen || closable()) return false;
    live.thaw();
    return true;
  };
  const KEYS = {
    f: ["freeze", toggle],
    "[": ["step", () => step("before")],
    "]": ["step", () => step("after")],
    s: ["share", window.gwsShare.toggle],
    Escape: ["close", unfreeze],
  };
  if (window.gwsKeys) {
    for (const [key, [action, does]] of Object.entries(KEYS)) window.gwsKeys.add(key, action, does);
    return;
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    if (event.target.closest("input, select, textarea") || document.querySelector("dialog[open]")) return;
    if (KEYS[event.key][1]() === false) return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });
})();

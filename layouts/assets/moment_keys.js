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
  window.gwsKeys.add("f", "freeze", toggle);
  window.gwsKeys.add("[", "step", () => step("before"));
  window.gwsKeys.add("]", "step", () => step("after"));
  window.gwsKeys.add("s", "share", window.gwsShare.toggle);
  window.gwsKeys.add("Escape", "close", unfreeze);
})();

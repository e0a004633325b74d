// Keeps every change of a status, with what it was before, so that a test can say that
// nothing else changed and that nothing changed twice.
(() => {
  window.testChanges = [];
  new MutationObserver((records) => {
    for (const { target, oldValue } of records) {
      const status = target.dataset.status;
      const of = ["connection", "node", "source"].find((kind) => kind in target.dataset);
      if (of && status !== oldValue) {
        window.testChanges.push({ of, id: target.dataset[of], from: oldValue, to: status });
      }
    }
  }).observe(document, {
    subtree: true,
    attributes: true,
    attributeOldValue: true,
    attributeFilter: ["data-status"],
  });
})();

// Tells the harness when a connection's new status is on the screen: the moment of the
// mutation and of the second animation frame after it, both by the machine's own clock.
(() => {
  const tell = (number, status) => {
    const changed = Date.now();
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        window.benchSeen({ number, status, changed, painted: Date.now() }),
      ),
    );
  };
  new MutationObserver((records) => {
    for (const { target } of records) {
      if (target.dataset.connection) {
        tell(Number(target.dataset.connection), target.dataset.status);
      }
    }
  }).observe(document, {
    subtree: true,
    attributes: true,
    attributeFilter: ["data-status"],
  });
})();

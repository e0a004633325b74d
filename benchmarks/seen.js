// Tells the harness when a connection's new status is on the screen, by the machine's own
// clock: `changed`, the mutation; `painted`, the task that follows the next animation frame,
// whose style, layout and painting are then done; `second`, the second animation frame.
(() => {
  const frame = () => new Promise((done) => { requestAnimationFrame(done); });
  const task = () => new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(null);
  });
  const tell = async (number, status) => {
    const changed = Date.now();
    const drawn = frame();
    const painted = drawn.then(task).then(() => Date.now());
    const second = drawn.then(frame).then(() => Date.now());
    window.benchSeen({ number, status, changed, painted: await painted, second: await second });
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

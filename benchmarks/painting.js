// The event stream in the harness's own hand: what it tells is painted as if it had come
// from the server, without the server's share of the processor.
(() => {
  const streams = [];
  window.EventSource = class extends EventTarget {
    static CLOSED = 2;

    constructor(url) {
      super();
      this.url = url;
      this.readyState = 1;
      streams.push(this);
    }

    close() { this.readyState = 2; }
  };
  const told = (name, data) => streams[streams.length - 1].dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  const drawn = () => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
  let version = 0;
  window.benchBegin = async (path) => {
    const snapshot = await (await fetch(path)).json();
    version = snapshot.version;
    told("snapshot", snapshot);
    await drawn();
  };
  // `count` connections turn at once, to `status`.
  window.benchTurn = async (count, status) => {
    version += 1;
    const at = new Date().toISOString();
    const reasons = [{ witness: "probe", status, text: "connect timed out, 3 of 3", observed_at: at }];
    const numbers = Array.from({ length: count }, (_, i) => i + 1);
    told("delta", { version, at, connections: numbers.map((number) => ({ number, status, since: at, observed_at: at, reasons })) });
    await drawn();
  };
  window.benchRestyle = async (count, colour) => {
    const numbers = Array.from({ length: count }, (_, i) => i);
    const borders = Object.fromEntries(numbers.map((i) => [`annotations[${i}].bordercolor`, colour]));
    if (count) await window.Plotly.update("map", { "line.color": numbers.map(() => colour) }, borders, numbers);
    await drawn();
  };
})();

// The page's time runs RATE times as fast as the real one: what it waits for, and what it
// reads off. What the browser itself waits for (a stream's next try) does not.
(() => {
  const rate = RATE, began = Date.now(), RealDate = Date;
  const read = () => began + (RealDate.now() - began) * rate;
  window.Date = class extends RealDate {
    constructor(...given) { super(...(given.length ? given : [read()])); }
    static now() { return read(); }
  };
  const sooner = (name) => {
    const real = window[name].bind(window);
    window[name] = (what, wait, ...given) => real(what, wait / rate, ...given);
  };
  sooner("setTimeout");
  sooner("setInterval");
})();

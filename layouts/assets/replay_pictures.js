// Past pictures by the sixty, so that a slider moves without asking the server for each:
// the first whole, of the others what changed, put together as the stream's are.
// window.gwsPictures = {at(time, step), want(from, to, step, around), state()}; `step` in
// seconds; state() is {all: whether nothing more is wanted, trouble}. When more is here, or
// can't be fetched, the document hears "gws-pictures".
window.gwsPictures = (() => {
  const live = window.gwsLive;
  const EACH = 60, MOST = 72, ASKED_MOST = 4, AGAIN_MS = 5000, PATIENCE_MS = 30000;
  const parts = new Map();   // key -> {pictures, times, until, asked}; the last used at the end
  let wanted = [], fetching = null, trouble = "";

  const lengthOf = (step) => step * EACH * 1000;
  const placeOf = (time, step) => Math.floor(time / lengthOf(step));
  const keyOf = (place, step) => `${step}:${place}`;
  const complete = (part, place, step) => part && (part.asked >= (place + 1) * lengthOf(step) || live.present() - part.asked < step * 1000);

  // Whose moment is the last by `time`; null: none is kept of then; undefined: not here yet.
  const at = (time, step) => {
    const key = keyOf(placeOf(time, step), step), part = parts.get(key);
    if (!part || time > part.until + step * 1000) return undefined;
    parts.delete(key);
    parts.set(key, part);
    let low = 0, high = part.times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (part.times[middle] <= time) low = middle + 1; else high = middle;
    }
    return low ? part.pictures[low - 1] : null;
  };

  const joined = (told) => {
    const pictures = [];
    for (const one of told) pictures.push(pictures.length ? live.merge(pictures[pictures.length - 1], one) : one);
    return pictures;
  };
  const ask = async (begin, end, step) => {
    const span = `from=${new Date(begin).toISOString()}&to=${new Date(end).toISOString()}&step=${step}`;
    const answer = await fetch(`${live.base}/pictures?${span}`, { signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store" });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.error.message);
    return told;
  };
  // Where very much turned an answer does not reach to the end: the rest is asked for, up to a
  // bound; beyond it nothing is here.
  const load = async (place, step) => {
    const end = Math.min((place + 1) * lengthOf(step), live.present());
    const pictures = [];
    let until = place * lengthOf(step);
    for (let asked = 0; asked < ASKED_MOST && until < end; asked += 1) {
      const told = await ask(until, end, step);
      pictures.push(...joined(told.pictures).filter((one) => Date.parse(one.at) > until || !pictures.length));
      until = Date.parse(told.to);
    }
    parts.set(keyOf(place, step), { pictures, times: pictures.map((one) => Date.parse(one.at)), until, asked: end });
    while (parts.size > MOST) parts.delete(parts.keys().next().value);
  };
  const tell = () => document.dispatchEvent(new CustomEvent("gws-pictures"));
  const pause = () => new Promise((done) => { setTimeout(done, AGAIN_MS); });
  const pump = async () => {
    if (fetching) return;
    while (wanted.length) {
      const [place, step] = fetching = wanted.shift();
      try {
        await load(place, step);
        trouble = "";
      } catch (error) {
        trouble = error instanceof TypeError || error.name === "TimeoutError" ? window.gwsSays.replay.unreachable : error.message;
        wanted.unshift([place, step]);
        tell();
        await pause();
      }
      tell();
    }
    fetching = null;
  };

  // What lies nearest to `around` comes first; what was wanted before and is not now, never.
  const want = (from, to, step, around) => {
    const middle = placeOf(around, step), places = [];
    for (let place = placeOf(from, step); place <= placeOf(Math.min(to, live.present()), step); place += 1) {
      if (!complete(parts.get(keyOf(place, step)), place, step)) places.push(place);
    }
    places.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
    wanted = places.slice(0, MOST).map((place) => [place, step]);
    pump();
  };
  return { at, want, state: () => ({ all: parts.size > 0 && !fetching, trouble }) };
})();

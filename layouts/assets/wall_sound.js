// A soft tone of two notes at a new failing; none while it is acknowledged.
// window.gwsWallSound = {hear(), ready(), turned(before, after)}
window.gwsWallSound = (() => {
  const live = window.gwsLive, link = window.gwsWallLink, options = window.gwsWallOptions;
  const NOTES = [[587, 0], [440, .24]], LASTS_S = .7, LOUD = .16, QUIET_MS = 20000;
  const notice = document.querySelector("[data-sound-waits]");
  let context = null, rangAt = -QUIET_MS, before = null, states = new Map();

  const ready = () => context !== null && context.state === "running";
  const tell = () => { notice.hidden = !options.sound || ready(); };
  const awake = () => {
    if (!context) {
      context = new AudioContext();
      context.addEventListener("statechange", tell);
    }
    if (context.state === "suspended") context.resume();
  };
  const note = (pitch, from) => {
    const tone = context.createOscillator(), loudness = context.createGain(), at = context.currentTime + from;
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(LOUD, at + .03);
    loudness.gain.exponentialRampToValueAtTime(.001, at + LASTS_S);
    tone.connect(loudness).connect(context.destination);
    tone.addEventListener("ended", () => loudness.disconnect(), { once: true });
    tone.start(at);
    tone.stop(at + LASTS_S);
  };
  const hear = () => { awake(); NOTES.forEach(([pitch, from]) => note(pitch, from)); };
  const ring = () => {
    if (!options.sound || !ready() || performance.now() - rangAt < QUIET_MS) return;
    rangAt = performance.now();
    document.dispatchEvent(new CustomEvent("gws-wall-rang"));
    hear();
  };

  // Does anything fail that did not, and that nobody has in hand?
  const failing = (snapshot) => new Set([
    ...snapshot.connections.filter((state) => state.status === "failing").map((state) => state.number),
    ...snapshot.nodes.filter((state) => state.status === "failing").map((state) => state.id),
  ]);
  const turned = (old, snapshot) => {
    if (!old || old.deployment !== snapshot.deployment) return false;
    const known = failing(old);
    const fresh = [...failing(snapshot)].some((subject) => !known.has(subject));
    const [gravest] = snapshot.incidents;
    return fresh && !(gravest && gravest.acknowledged);
  };
  live.subscribe((_, snapshot) => {
    if (turned(before, snapshot)) ring();
    before = snapshot;
  });
  // Those whose turn it is not are heard by their whole.
  link.onStates((told) => {
    for (const state of told) {
      const known = states.get(state.id);
      if (known && known !== "failing" && state.status === "failing" && !state.acknowledged) ring();
    }
    states = new Map(told.map((state) => [state.id, state.status]));
  });

  const begin = () => {
    if (options.sound && !ready()) awake();
    tell();
  };
  for (const gesture of ["pointerdown", "keydown"]) window.addEventListener(gesture, begin, { passive: true });
  options.onChange(begin);
  begin();
  return { hear, ready, turned };
})();

// What the address says of this wall: /wall/<id>?with=b,c&rotate=30s&theme=light&sound=on&zone=UTC
// window.gwsWallOptions = {rotateMs, others, sound, zone, raw(name), set(name, value), onChange(reader)}
window.gwsWallOptions = (() => {
  const THEMES = ["dark", "light", "contrast"], SHORTEST_S = 5;
  const readers = [];
  const raw = (name) => new URLSearchParams(location.search).get(name) || "";
  const spanMs = (text) => {
    const found = /^(\d{1,4})(s|m)$/.exec(text);
    return found ? Math.max(SHORTEST_S, found[1] * (found[2] === "m" ? 60 : 1)) * 1000 : 0;
  };
  const zoneOf = (name) => {
    try { return name && new Intl.DateTimeFormat("en-GB", { timeZone: name }).resolvedOptions().timeZone; } catch { return ""; }
  };
  const options = { raw, onChange: (reader) => { readers.push(reader); } };
  const read = () => {
    options.rotateMs = spanMs(raw("rotate"));
    options.others = [...new Set(raw("with").split(","))].filter((id) => /^[a-z0-9-]+$/.test(id));
    options.sound = raw("sound") === "on";
    options.zone = zoneOf(raw("zone")) || undefined;
    document.documentElement.dataset.theme = THEMES.includes(raw("theme")) ? raw("theme") : THEMES[0];
  };
  options.set = (name, value) => {
    const address = new URL(location.href);
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
    history.replaceState(null, "", address.href.replaceAll("%2C", ","));
    read();
    for (const reader of readers) reader();
  };
  read();
  return options;
})();

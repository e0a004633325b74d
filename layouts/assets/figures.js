// Numbers and times as the reader sees them: layouts/figures.py, in the browser.
window.gwsFigures = (() => {
  const said = JSON.parse(document.getElementById("gws-words").textContent).figures;
  const { unmeasured, units } = said;
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const whole = (value) => Math.floor(value + 0.5);
  const tenths = (value) => (Math.floor(value * 10 + 0.5) / 10).toFixed(1).replace(/\.0$/, "");
  const known = (value) => value !== null && value !== undefined;
  const ladder = [[86400, units.day], [3600, units.hour], [60, units.minute], [1, units.second]];

  const counted = (value) => {
    if (value === 0) return "0";
    if (value < 0.1) return "<0.1";
    if (value < 9.95) return tenths(value);
    return value < 9999.5 ? String(whole(value)) : `${whole(value / 1000)}k`;
  };
  const latency = (ms) => {
    if (!known(ms)) return unmeasured;
    if (ms < 1) return "<1 ms";
    if (ms < 999.5) return `${whole(ms)} ms`;
    return ms < 9950 ? `${tenths(ms / 1000)} s` : `${whole(ms / 1000)} s`;
  };
  const rate = (perSecond) => (known(perSecond) ? `${counted(perSecond)}/s` : unmeasured);
  const ratio = (value) => (known(value) ? `${counted(value * 100)} %` : unmeasured);
  const count = (value) => (known(value) ? counted(value) : unmeasured);
  const metric = (name, value) => {
    if (name.endsWith("_ms")) return latency(value);
    if (name === "request_rate") return rate(value);
    return name === "connections_active" ? count(value) : ratio(value);
  };
  const headline = (metrics) => {
    if (known(metrics.latency_p95_ms)) return latency(metrics.latency_p95_ms);
    if (known(metrics.latency_mean_ms)) return `ø${latency(metrics.latency_mean_ms)}`;
    return rate(metrics.request_rate);
  };
  const duration = (seconds) => {
    const left = Math.max(0, Math.floor(seconds));
    if (left < 60) return `${left} s`;
    const place = ladder.findIndex(([size]) => left >= size);
    const [size, unit] = ladder[place];
    const [finer, finerUnit] = ladder[place + 1];
    const rest = Math.floor((left % size) / finer);
    const text = `${Math.floor(left / size)} ${unit}`;
    return rest && finer >= 60 ? `${text} ${rest} ${finerUnit}` : text;
  };
  const shortest = (seconds) => {
    const left = Math.max(0, Math.floor(seconds));
    const [size, unit] = ladder.find((step) => left >= step[0]) || ladder[3];
    return `${Math.floor(left / size)}${unit[0]}`;
  };
  const shortAge = (seconds) => fill(said.old, { age: shortest(seconds) });
  const ready = (pods, desired) => {
    if (!known(pods) && !known(desired)) return said.noPods;
    return fill(said.ready, { ready: known(pods) ? pods : unmeasured, desired: known(desired) ? desired : unmeasured });
  };
  const MIB = 2 ** 20, GIB = 2 ** 30;
  const size = (bytes) => (bytes / MIB < 1023.5 ? `${whole(bytes / MIB)} MiB` : `${tenths(bytes / GIB)} GiB`);
  const memoryShare = (used, limit) => {
    if (!known(limit)) return size(used);
    const [unit, name] = limit / MIB < 1023.5 ? [MIB, "MiB"] : [GIB, "GiB"];
    return `${counted(used / unit)}/${counted(limit / unit)} ${name}`;
  };
  const clientShare = (used, limit) => {
    if (known(limit)) return fill(said.clientsOf, { count: counted(used), limit: counted(limit) });
    return used === 1 ? said.client : fill(said.clients, { count: counted(used) });
  };
  const users = (count) => (count === 1 ? said.user : fill(said.users, { count: counted(count) }));
  const usersShared = (count, most, marks) => {
    const shared = known(most) ? fill(said.fullest, { count, most }) : String(count);
    return marks.length ? fill(said.marks, { shared, marks: marks.join(said.and) }) : shared;
  };
  const hundredths = (value) => (value > 0 && value < 0.01
    ? "<0.01" : (Math.floor(value * 100 + 0.5) / 100).toFixed(2).replace(/\.?0+$/, ""));
  const ofLimit = (used, limit, shown) => (known(limit) ? fill(said.of, { used: shown(used), limit: shown(limit) }) : shown(used));
  const cores = (used, limit) => fill((known(limit) ? limit : used) === 1 ? said.core : said.cores, { used: ofLimit(used, limit, hundredths) });
  const restarted = (count) => (count === 1 ? said.restart : fill(said.restarts, { count }));
  // Times are the reader's own, with the zone said; UTC is what a title says.
  const two = (number) => String(number).padStart(2, "0");
  const zone = (at) => {
    const ahead = -at.getTimezoneOffset(), size = Math.abs(ahead);
    if (!ahead) return "UTC";
    return `UTC${ahead < 0 ? "−" : "+"}${Math.floor(size / 60)}${size % 60 ? `:${two(size % 60)}` : ""}`;
  };
  const day = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const minute = (at) => `${two(at.getHours())}:${two(at.getMinutes())}`;
  const local = (write) => (instant) => (instant ? write(new Date(instant)) : unmeasured);
  const clock = local((at) => `${minute(at)}:${two(at.getSeconds())} ${zone(at)}`);
  const dated = local((at) => `${day(at)} ${minute(at)} ${zone(at)}`);
  const full = local((at) => `${day(at)} ${clock(at)}`);
  const utc = (instant) => (instant ? `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC` : unmeasured);
  const ago = (seconds) => fill(said.ago, { lasted: duration(seconds) });
  const lasting = (seconds) => fill(said.lasting, { lasted: duration(seconds) });
  return {
    unmeasured, never: said.never, fill, known, latency, rate, ratio, count, metric, headline, duration, shortest, shortAge, ready,
    size, memoryShare, clientShare, users, usersShared, cores, restarted, ofLimit, ago, lasting, clock, dated, full, utc,
  };
})();

// The charts of the chosen connection's last hour (layouts/charts.py), over the picture and
// beside the panel. They are asked for anew with each step, while anybody can see them.
window.gwsCharts = (() => {
  const React = window.React, make = React.createElement;
  const STEP_MS = 15000, SLOW_MS = 300, LONGEST_MS = 8000, AGAIN_MS = 5000;

  // Asking: the answer as {told}, or {trouble: what to say}.
  const asked = async (number, signal) => {
    const { deployment } = document.querySelector("main").dataset, { frozen } = window.gwsLive;
    const at = frozen ? `?at=${encodeURIComponent(frozen)}` : "";
    const address = `/charts/${encodeURIComponent(deployment)}/${number}${at}`;
    try {
      const answer = await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]), cache: "no-store" });
      return answer.ok ? { told: await answer.json() } : { trouble: "refused" };
    } catch {
      return { trouble: "unanswered" };
    }
  };
  // Tells each answer until told to end; what was told before stays beside a trouble.
  const follow = (number, tell) => {
    const ended = new AbortController();
    let waiting = 0, asking = false;
    const ask = async () => {
      clearTimeout(waiting);
      if (asking || document.hidden) return;
      asking = true;
      const slow = setTimeout(() => tell((before) => ({ ...before, slow: true })), SLOW_MS);
      const answer = await asked(number, ended.signal);
      asking = false;
      clearTimeout(slow);
      if (ended.signal.aborted) return;
      tell((before) => ({ ...before, trouble: null, slow: false, ...answer }));
      if (!window.gwsLive.frozen || answer.trouble) waiting = setTimeout(ask, answer.trouble ? AGAIN_MS : STEP_MS);
    };
    document.addEventListener("visibilitychange", ask);
    document.addEventListener("gws-connected", ask);
    ask();
    const end = () => {
      document.removeEventListener("visibilitychange", ask);
      document.removeEventListener("gws-connected", ask);
      clearTimeout(waiting);
      ended.abort();
    };
    return { ask, end };
  };

  // A moment in the reader's own time, with UTC behind it.
  const pad = (value) => String(value).padStart(2, "0");
  const clock = (ms) => { const at = new Date(ms); return [at.getHours(), at.getMinutes(), at.getSeconds()].map(pad).join(":"); };
  const moment = (instant) => make(
    "time", { dateTime: instant, title: `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC` }, clock(Date.parse(instant)),
  );

  // Which line is which, where there are several.
  const legend = (lines) => (lines.length < 2 ? null : make("ul", { className: "lines" }, ...lines.map(({ name, line }) => make(
    "li", { key: name, style: { "--line": `${line.width}px ${line.dash ? "dotted" : "solid"} var(${line.color})` } }, name,
  ))));
  const Plot = ({ chart, plotly, onTrouble }) => {
    const place = React.useRef(null), shown = React.useRef(chart.figure);
    shown.current = chart.figure;
    const draw = React.useCallback(async () => {
      let Plotly = null;
      try { Plotly = await window.gwsPlot.load(plotly); } catch { onTrouble(); return; }
      if (place.current) await window.gwsPlot.draw(Plotly, place.current, shown.current);
    }, [plotly]);
    React.useEffect(() => { draw(); }, [chart]);
    React.useEffect(() => {
      const element = place.current, still = window.gwsPlot.themed(draw);
      return () => { still(); if (window.Plotly) window.Plotly.purge(element); };
    }, []);
    return make(
      "figure", { "data-chart": chart.name },
      make("figcaption", null, make("h3", null, chart.title), legend(chart.figure.data)),
      make("div", { className: "plot", role: "img", "aria-label": chart.label, ref: place }),
    );
  };

  // The same numbers, a row for each moment of which any is known; made when it is opened.
  const rows = (lines) => {
    const found = new Map();
    lines.forEach((line, column) => line.x.forEach((at, place) => {
      if (line.y[place] === null) return;
      if (!found.has(at)) found.set(at, []);
      found.get(at)[column] = line.customdata[place].replace(/ at [\d:]+ UTC$/, "");
    }));
    return [...found.entries()].sort(([a], [b]) => b - a);
  };
  const table = (told, words) => {
    const lines = told.charts.flatMap((chart) => chart.figure.data);
    return make(
      "table", null,
      make("thead", null, make("tr", null, ...[words.time, ...lines.map((line) => line.meta)].map((name) => make("th", { key: name, scope: "col" }, name)))),
      make("tbody", null, ...rows(lines).map(([at, cells]) => make(
        "tr", { key: at },
        make("th", { scope: "row" }, moment(new Date(at).toISOString())),
        ...lines.map((line, column) => make("td", { key: line.meta }, cells[column] || window.gwsFigures.unmeasured)),
      ))),
    );
  };
  const Table = ({ told, words }) => {
    const [shows, setShows] = React.useState(false);
    return make(
      "details", { className: "numbers-table", onToggle: (event) => setShows(event.currentTarget.open) },
      make("summary", null, words.asTable), shows ? table(told, words) : null,
    );
  };

  const marks = (told, words) => make(
    "div", { key: "marks", className: "marked" },
    make("h3", null, words.marked),
    make("ul", null, ...told.marks.map((one) => make(
      "li", { key: one.id, "data-status": one.status },
      `${one.text}: `, moment(one.begin), one.end ? " to " : `, ${words.lasts}`, one.end ? moment(one.end) : null,
    ))),
  );
  const unmeasured = (told, words) => make(
    "p", { key: "unmeasured", className: "unmeasured" },
    make("strong", null, words.unmeasured), window.gwsFigures.fill(words.unmeasuredOf, { names: told.unmeasured.map((name) => name.toLowerCase()).join(", ") }),
  );
  const content = ({ told }, words, plotly, onTrouble) => (told === null ? [] : [
    ...told.charts.map((chart) => make(Plot, { key: chart.name, chart, plotly, onTrouble })),
    told.unmeasured.length ? unmeasured(told, words) : null,
    told.marks.length ? marks(told, words) : null,
    told.charts.length ? make(Table, { key: "table", told, words }) : null,
  ]);

  // Which connection's charts are open, or none; `from`: what opened them, `asked`: when. They
  // follow the choice, and stand in the address, so that a copied link shows them too.
  const atFirst = () => {
    const metric = new URLSearchParams(location.search).get("charts");
    const { connection } = (window.gwsPage && window.gwsPage.selection) || {};
    return metric && connection ? { number: connection, metric, from: null, asked: 0 } : null;
  };
  const keep = (opened) => {
    const address = new URL(location.href);
    if (opened) address.searchParams.set("charts", opened.metric);
    else address.searchParams.delete("charts");
    if (address.href !== location.href) history.replaceState(null, "", address);
  };
  const useOpened = () => {
    const [opened, setOpened] = React.useState(atFirst);
    React.useEffect(() => keep(opened), [opened]);
    React.useEffect(() => {
      const page = window.gwsPage;
      if (!page) return;
      document.addEventListener("click", (event) => {
        const button = event.target.closest("[data-charts]");
        const { connection } = page.selection || {};
        if (button && connection) setOpened({ number: connection, metric: button.dataset.charts, from: button, asked: Date.now() });
      });
      page.onSelect((selection) => setOpened((before) => {
        if (!before || (selection && selection.connection === before.number)) return before;
        return selection && selection.connection ? { ...before, number: selection.connection, metric: "all" } : null;
      }));
    }, []);
    return [opened, setOpened];
  };
  const named = (number) => {
    const { snapshot } = window.gwsLive, state = snapshot && snapshot.connections.find((one) => one.number === number);
    return state ? `${number}  ${window.gwsSays.ends(state)}` : String(number);
  };
  // Beside the panel, which may lie over the picture, at either side of it.
  const beside = (section) => {
    const main = document.querySelector("main").getBoundingClientRect();
    const panel = document.querySelector("#panel").getBoundingClientRect();
    const left = panel.left + panel.right < main.left + main.right;
    section.toggleAttribute("data-left", left);
    section.style.setProperty("--beside", `${Math.max(0, left ? panel.right - main.left : main.right - panel.left)}px`);
  };
  const EMPTY = { number: null, told: null, trouble: null, slow: false };
  const CHART_OF = [[/^latency/, "latency"], [/^request/, "rate"], [/ratio$/, "errors"], [/_active$/, "connections"], [/^saturation/, "saturation"]];

  return ({ id, plotly, words }) => {
    const [opened, setOpened] = useOpened();
    const [last, setAnswer] = React.useState(EMPTY);
    const again = React.useRef(null), place = React.useRef(null);
    const number = opened && opened.number, answer = last.number === number ? last : EMPTY;
    const there = answer.told !== null;
    React.useEffect(() => {
      setAnswer({ ...EMPTY, number });
      if (!number) return undefined;
      window.gwsPlot.load(plotly).catch(() => undefined);   // who draws with it says so
      const { ask, end } = follow(number, setAnswer);
      again.current = ask;
      return end;
    }, [number]);
    React.useLayoutEffect(() => { if (opened) beside(place.current); });
    React.useEffect(() => {
      const look = () => { if (place.current) beside(place.current); };
      window.addEventListener("resize", look);
      return () => window.removeEventListener("resize", look);
    }, []);
    React.useLayoutEffect(() => { if (opened) place.current.querySelector("h2").focus(); }, [opened && opened.asked]);
    React.useEffect(() => {
      const found = opened && there && CHART_OF.find(([pattern]) => pattern.test(opened.metric));
      const chart = found && place.current.querySelector(`[data-chart="${found[1]}"]`);
      if (chart) chart.scrollIntoView({ block: "nearest" });
    }, [opened, there]);
    if (!opened) return make("section", { id, className: "charts", hidden: true, ref: place });
    const close = () => { setOpened(null); (opened.from && opened.from.isConnected ? opened.from : document.querySelector("#panel h2")).focus(); };
    const onKeyDown = (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } };
    const title = `${words.charts}: ${named(number)}`;
    const onTrouble = () => setAnswer((before) => ({ ...before, trouble: "noScript" }));
    return make(
      "section", { id, className: "charts", "aria-label": title, onKeyDown, ref: place },
      make("button", { type: "button", className: "close", "aria-label": words.close, onClick: close }, "×"),
      make("h2", { tabIndex: -1 }, title),
      make("p", { className: "quiet", role: "status" }, answer.slow && !there ? words.asked : words.hour),
      answer.trouble ? make(
        "p", { className: "old", role: "status" }, words[answer.trouble], " ",
        make("button", { type: "button", onClick: () => { setAnswer((before) => ({ ...before, trouble: null })); again.current(); } }, words.again),
      ) : null,
      ...content(answer, words, plotly, onTrouble),
    );
  };
})();

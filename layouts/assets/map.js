// The Dash components of layouts/components.py. LiveMap draws nothing: the picture is in the
// page already; it tells Dash what is chosen, again whenever there is news about it.
window.gws_observatory = (() => {
  const React = window.React;
  const STEP_MS = 15000, SOON_MS = 250, LEAST_MS = 1000;
  const KEPT = new Set(["number", "id", "heard", "observed_at", "metrics"]);   // by paint.js

  const touches = (news, selection, snapshot) => {
    if (news.maintenance) return true;   // the panel leads out of it
    const isNews = (item) => Object.keys(item).some((field) => !KEPT.has(field));
    const has = (part, key, value) => (news[part] || []).some((item) => item[key] === value && isNews(item));
    if (selection.node) return has("nodes", "id", selection.node);
    const row = snapshot.connections.find((c) => c.number === selection.connection);
    return has("connections", "number", selection.connection) || (row && has("nodes", "id", row.destination));
  };

  const LiveMap = (props) => {
    const send = React.useRef(props.setProps);
    send.current = props.setProps;
    React.useEffect(() => {
      const page = window.gwsPage, live = window.gwsLive;
      let waiting = 0, toldAt = 0, asked = 0;
      const tell = () => {
        clearTimeout(waiting);
        waiting = 0;
        toldAt = Date.now();
        asked += 1;
        const version = live.snapshot ? live.snapshot.version : 0;
        const { deployment } = document.querySelector("main").dataset;
        const chosen = page.selection && { ...page.selection, deployment, version, at: live.frozen, asked };
        document.dispatchEvent(new CustomEvent("gws-asked", { detail: chosen }));
        send.current({ selected: chosen });
      };
      page.onSelect(tell);
      document.addEventListener("gws-ask-again", tell);
      // The lines of the last hour grow a step at a time.
      setInterval(() => {
        const old = Date.now() - toldAt >= STEP_MS;
        if (page.selection && page.selection.connection && old && !document.hidden && live.connected && !live.frozen) tell();
      }, STEP_MS / 3);
      live.subscribe((news, snapshot) => {
        if (!page.selection || waiting) return;
        if (news !== null && !touches(news, page.selection, snapshot)) return;
        waiting = setTimeout(tell, Math.max(SOON_MS, toldAt + LEAST_MS - Date.now()));
      });
    }, []);
    return null;
  };

  const Sign = ({ status }) => React.createElement(
    "svg", { className: "sign", viewBox: "0 0 14 14", "aria-hidden": "true", focusable: "false" },
    React.createElement("use", { href: `#gws-sign-${status}` }),
  );
  // Plotted by layouts/sparkline.py; a path that only moves draws nothing.
  const Spark = ({ line, area, newest, box, label }) => React.createElement(
    "svg", { className: "spark", viewBox: box, preserveAspectRatio: "none", role: "img", "aria-label": label },
    React.createElement("title", null, label),
    ...[["area", area], ["stroke", line], ["newest", newest]]
      .map(([name, d]) => React.createElement("path", { key: name, className: `spark-${name}`, d })),
  );
  // What has a file of its own: explain.js, copy.js, panel.js, charts.js.
  const elsewhere = (name) => (props) => React.createElement(window[name], props);
  const OURS = { Sign, Spark, Explain: elsewhere("gwsExplain"), Copy: elsewhere("gwsCopy") };
  // A tree as Dash encodes it: HTML, and ours. React changes in place what differs; its keys
  // are the tree's own, else places.
  const drawn = (part) => {
    if (part === null || typeof part !== "object") return part;
    const { children, key, ...attributes } = part.props;
    const kind = part.namespace === "gws_observatory" ? OURS[part.type] : part.type.toLowerCase();
    const local = attributes["data-local"];   // layouts/times.py
    const shown = local ? window.gwsTimes.said(children, local, attributes.dateTime) : children;
    return React.createElement(kind, { ...attributes, key }, ...[shown ?? []].flat().map(drawn));
  };
  const Panel = (props) => React.createElement(window.gwsPanel, { ...props, drawn });
  return { LiveMap, Panel, Charts: elsewhere("gwsCharts"), ...OURS };
})();

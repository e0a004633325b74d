// The Dash component LiveMap (layouts/live_map.py). It draws nothing: the picture is in the
// page already. It tells Dash what is chosen, again whenever there is news about it.
window.gws_observatory = window.gws_observatory || {};
window.gws_observatory.LiveMap = (() => {
  const React = window.React;
  const QUIET_MS = 250;

  const touches = (news, selection, snapshot) => {
    const has = (part, key, value) => (news[part] || []).some((item) => item[key] === value);
    if (selection.node) return has("nodes", "id", selection.node);
    const row = snapshot.connections.find((c) => c.number === selection.connection);
    return has("connections", "number", selection.connection) || (row && has("nodes", "id", row.destination));
  };

  return function LiveMap(props) {
    const send = React.useRef(props.setProps);
    send.current = props.setProps;
    React.useEffect(() => {
      const page = window.gwsPage, live = window.gwsLive;
      let waiting = 0;
      const tell = () => {
        waiting = 0;
        const version = live.snapshot ? live.snapshot.version : 0;
        send.current({ selected: page.selection && { ...page.selection, version } });
      };
      page.onSelect(tell);
      live.subscribe((news, snapshot) => {
        if (!page.selection || waiting) return;
        if (news === null || touches(news, page.selection, snapshot)) waiting = setTimeout(tell, QUIET_MS);
      });
    }, []);
    return null;
  };
})();

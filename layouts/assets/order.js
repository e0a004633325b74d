// In which order rows stand: by any column of layouts/columns.py, either way round. What is
// not known is last both ways, and between equals the number decides.
// window.gwsOrder = {follow(state, way), sorted(rows, states, column, forward)}
window.gwsOrder = (() => {
  const says = window.gwsSays;
  const follow = (state, way) => way.reduce((value, step) => value?.[step] ?? null, state);
  const first = (state, column) => follow(state, column.fields[0].way);
  const named = (state, { way, form }) => {
    const value = follow(state, way);
    return form === "label" ? says.labels[value] : value;
  };
  // Of several witnesses the worst word; where they contradict each other, before all others.
  const worst = (state) => Math.max(-1, ...Object.values(state.witnesses).map((status) => says.ranks[status]))
    + (says.apart(state) ? says.ranks.failing : 0);
  const moment = (state, column) => {
    const at = first(state, column);
    return at === null ? null : Date.parse(at);
  };
  const VALUES = {
    least: first,
    most: first,
    newest: moment,
    oldest: moment,
    words: (state, { fields }) => fields.map((field) => named(state, field)).filter((value) => value !== null).join(" ") || null,
    worst: (state, { key }) => (key === "status" ? says.ranks[state.status] : worst(state)),
  };
  const numberOf = (row) => Number(row.dataset.connection);

  // `states`: by number. `forward`: as the first click on the column's head orders.
  const sorted = (rows, states, column, forward) => {
    const sign = (column.forward === "ascending") === forward ? 1 : -1;
    const valueOf = (row) => VALUES[column.order](states.get(row.dataset.connection), column);
    const values = new Map(rows.map((row) => [row, valueOf(row)]));
    return [...rows].sort((a, b) => {
      const [x, y] = [values.get(a), values.get(b)];
      if (x === null || y === null) return (x === null) - (y === null) || numberOf(a) - numberOf(b);
      const by = typeof x === "string" ? x.localeCompare(y, "en", { numeric: true }) : x - y;
      return by * sign || numberOf(a) - numberOf(b);
    });
  };
  return { follow, sorted };
})();

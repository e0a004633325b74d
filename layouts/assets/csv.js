// Downloads what the table shows (rows, order, columns) as CSV: the same bytes that
// layouts/sheet.py writes for the API.
// window.gwsCsv = {written(states, columns)}
window.gwsCsv = (() => {
  const live = window.gwsLive, says = window.gwsSays;
  const { follow } = window.gwsOrder;
  const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/, TAG = /<[^>]*>/g, QUOTED = /[",\r\n]/;
  const LATER_MS = 10000;

  const harmless = (text) => (FORMULA.test(text) ? `'${text}` : text);
  const cell = (state, { way, form }) => {
    const value = follow(state, way);
    if (value === null) return "";
    if (typeof value === "number") return String(value);
    const text = form === "label" ? says.labels[value] ?? value : value;
    return harmless(form === "plain" ? text.replace(TAG, "") : text);
  };
  const quoted = (text) => (QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const line = (cells) => `${cells.map(quoted).join(",")}\r\n`;
  const written = (states, columns) => {
    const fields = columns.flatMap((column) => column.fields);
    const lines = states.map((state) => line(fields.map((field) => cell(state, field))));
    return line(fields.map((field) => field.name)) + lines.join("");
  };

  const save = (text) => {
    const { deployment } = document.querySelector("main").dataset;
    const at = new Date(live.now()).toISOString().replace(/[-:]|\.\d+/g, "");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = `connections-${deployment}-${at}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), LATER_MS);
  };
  const button = document.querySelector("[data-csv]");
  button.addEventListener("click", () => {
    const known = new Map(live.snapshot.connections.map((state) => [String(state.number), state]));
    const rows = window.gwsTable.rows();
    save(written(rows.map((row) => known.get(row.dataset.connection)), window.gwsTable.columns()));
    const told = says.table.words.saved.replace("{shown}", rows.length).replace("{all}", known.size);
    document.querySelector("[data-announce]").textContent = told;
  });
  button.disabled = !live.snapshot;
  live.subscribe(() => { button.disabled = false; });
  return { written };
})();

// What the search and the filters over the table mean. They read what a row shows, so that
// they work before the stream has told anything.
// window.gwsSearch = {NAMES, fits(row, name, value)}
window.gwsSearch = (() => {
  const { disagree } = window.gwsSays;
  const SEARCHED = ["number", "ends", "status", "reason", "protocol", "classification", "data"];
  const UNHEARD = ["none", "silent"];

  const fold = (value) => value.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const wordsOf = (row) => {
    const told = SEARCHED.map((key) => row.querySelector(`[data-column="${key}"]`).textContent);
    const apart = row.querySelector('[data-part="apart"]').textContent ? disagree : "";
    return fold([...told, row.dataset.from, row.dataset.to, apart].join(" "));
  };
  // A number is meant as a whole: 1 is not 17.
  const has = (all, term) => (/^\d+$/.test(term)
    ? new RegExp(`(?<!\\d)${term}(?!\\d)`).test(all) : all.includes(term));

  const FITS = {
    q: (row, value) => {
      const all = wordsOf(row);
      return fold(value).split(/\s+/).every((term) => has(all, term));
    },
    status: (row, value) => value.split(",").includes(row.dataset.status),
    classification: (row, value) => row.dataset.class === value,
    witness: (row, value) => !UNHEARD.includes(row.querySelector(`[data-witness="${value}"]`).dataset.status),
    box: (row, value) => row.dataset.from === value || row.dataset.to === value,
  };
  return { NAMES: Object.keys(FITS), fits: (row, name, value) => FITS[name](row, value) };
})();

// The panel as a whole: what Dash tells of the choice (layouts/panel.py), and beside it whether
// it is being asked for, is not answered, or could not be made. Nothing is shifted for that.
window.gwsPanel = (() => {
  const React = window.React, make = React.createElement;
  const SLOW_MS = 300, LOST_MS = 8000;
  const sheet = window.matchMedia("(max-width: 1100px)");   // where it lies over the page
  const subjectOf = (chosen) => (chosen ? String(chosen.connection || chosen.node) : null);

  // What LiveMap last asked about, and whether the answer is still to come.
  const useQuestion = (tree) => {
    const [chosen, setChosen] = React.useState(null);
    const [open, setOpen] = React.useState(false);
    React.useEffect(() => {
      const told = (event) => { setChosen(event.detail); setOpen(event.detail !== null); };
      document.addEventListener("gws-asked", told);
      return () => document.removeEventListener("gws-asked", told);
    }, []);
    React.useEffect(() => setOpen(false), [tree]);
    return [chosen, open];
  };
  // "" for a moment, "asking", in the end "unanswered"; for as long as anything is open.
  const useWaiting = (open) => {
    const [waiting, setWaiting] = React.useState("");
    React.useEffect(() => {
      setWaiting("");
      if (!open) return undefined;
      const timers = [setTimeout(setWaiting, SLOW_MS, "asking"), setTimeout(setWaiting, LOST_MS, "unanswered")];
      return () => timers.forEach(clearTimeout);
    }, [open]);
    return open ? waiting : "";
  };

  const again = () => document.dispatchEvent(new CustomEvent("gws-ask-again"));
  const trouble = (text, words) => make(
    "p", { key: "trouble", className: "trouble", role: "alert" }, text, " ",
    make("button", { type: "button", onClick: again }, words.again),
  );
  // Of another subject than the chosen one nothing is shown for longer than a moment.
  const blank = (words) => make(
    "div", { key: "blank" },
    make("button", { type: "button", className: "close", "data-close": "true", "aria-label": words.close }, "×"),
  );

  return ({ id, tree, name, words, drawn }) => {
    const place = React.useRef(null), good = React.useRef(null);
    const [chosen, open] = useQuestion(tree);
    const waiting = useWaiting(open);
    const failed = tree ? tree.props["data-trouble"] : undefined;
    if (tree && !failed) good.current = tree;
    const subject = good.current ? good.current.props["data-explains"] || null : null;
    const said = chosen === null ? "" : failed || (waiting === "unanswered" ? words.unanswered : "");
    const strange = chosen !== null && subject !== null && subject !== subjectOf(chosen) && (waiting || said);
    React.useLayoutEffect(() => {
      place.current.scrollTop = 0;
      const head = place.current.querySelector("h2");
      if (head && sheet.matches) head.focus({ preventScroll: true });
    }, [subject]);
    return make(
      "aside", { id, ref: place, className: "panel", "aria-label": name },
      make("p", { key: "asking", className: "asking", role: "status" }, waiting === "asking" ? words.asking : ""),
      strange ? blank(words) : good.current && drawn(good.current),
      said ? trouble(said, words) : null,
    );
  };
})();

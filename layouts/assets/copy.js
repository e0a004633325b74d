// A button that copies a command (layouts/links.py) and says so for a moment. Where the page
// has no clipboard (plain HTTP), the older way is tried; else the command is marked.
window.gwsCopy = (() => {
  const React = window.React, SAID_MS = 2000;

  const olderWay = (text) => {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  };
  const copies = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return olderWay(text);
    }
  };

  return ({ text, name, words }) => {
    const [says, setSays] = React.useState("copy");
    const ending = React.useRef(0);
    React.useEffect(() => () => clearTimeout(ending.current), []);
    const onClick = async (event) => {
      const button = event.currentTarget;
      const said = await copies(text) ? "copied" : "byHand";
      button.focus();
      if (said === "byHand") getSelection().selectAllChildren(button.closest(".command").querySelector("code"));
      document.querySelector("[data-announce]").textContent = words[said];
      setSays(said);
      clearTimeout(ending.current);
      ending.current = setTimeout(() => setSays("copy"), SAID_MS);
    };
    return React.createElement("button", { type: "button", className: "copy", "aria-label": says === "copy" ? name : words[says], onClick }, words[says]);
  };
})();

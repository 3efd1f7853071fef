// Keys on the board: j and k go through the rows, x selects one and Shift+x a range, b goes to what can be done with
// them, a letter begins one of the acts, ? lists the keys, Escape goes back. Enter is the link's own. Everything works
// without them, and they can be turned off.
(() => {
  const rows = [...document.querySelectorAll("[data-row]")];
  const help = document.querySelector("[data-keys]");
  let at = -1;
  let anchor = -1;

  const tickOf = (row) => row?.querySelector("[type=checkbox]");
  const say = (words) => document.dispatchEvent(new CustomEvent("announce", { detail: { value: words } }));

  function go(to) {
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at]?.querySelector("a")?.focus();
  }

  function tick() {
    tickOf(rows[at])?.click();
    anchor = at;
  }

  // The rows between become what the first of them is.
  function tickRange() {
    const wanted = anchor < 0 || (tickOf(rows[anchor])?.checked ?? true);
    const [first, last] = [anchor < 0 ? at : anchor, at].sort((one, other) => one - other);
    for (const row of rows.slice(first, last + 1)) {
      const box = tickOf(row);
      if (box && box.checked !== wanted) box.click();
    }
    anchor = at;
  }

  function toActs() {
    const bar = document.querySelector(".bulk");
    if (!bar) return;
    if (bar.checkVisibility()) bar.querySelector("button, input, a")?.focus();
    else say("Select a row first");
  }

  // An act begins with a page of its own that changes nothing: with nothing selected, for the row one is on.
  function begin(letter) {
    const button = document.querySelector(`.bulk [data-key="${letter}"]`);
    if (!button) return;
    if (!button.closest(".bulk").checkVisibility() && at >= 0) tick();
    if (button.closest(".bulk").checkVisibility()) button.click();
    else say("Select a row first");
  }

  const turning = document.querySelector("[data-turn-keys]");
  function told() {
    turning.textContent = window.singleKeys.areOff() ? "Turn the keys on" : "Turn the keys off";
  }
  if (turning) {
    turning.hidden = false;
    told();
    turning.addEventListener("click", () => {
      window.singleKeys.turn(window.singleKeys.areOff());
      told();
      say(window.singleKeys.areOff() ? "The keys are off" : "The keys are on");
    });
  }

  function back() {
    if (help?.open) help.open = false;
    go(at);
  }

  document.addEventListener("focusin", (event) => {
    const found = rows.indexOf(event.target.closest("[data-row]"));
    if (found >= 0) at = found;
  });

  const keys = {
    j: () => go(at + 1),
    k: () => go(at < 0 ? 0 : at - 1),
    x: () => at >= 0 && tick(),
    X: () => at >= 0 && tickRange(),
    b: toActs,
    "?": () => {
      if (!help) return;
      help.open = true;
      help.querySelector("summary").focus();
    },
    Escape: back,
    ...Object.fromEntries([...document.querySelectorAll(".bulk [data-key]")].map(({ dataset: { key } }) => [key, () => begin(key)])),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !rows.length) return;
    const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    // Out of an empty search field Escape goes back; in a full one it empties the field, as everywhere.
    const isLeaving = event.key === "Escape" && event.target.matches("[data-search]") && !event.target.value;
    if (isTyping && !isLeaving) return;
    if (!Object.hasOwn(keys, event.key) || window.singleKeys.areOff()) return;
    keys[event.key]();
    event.preventDefault();
  });
})();

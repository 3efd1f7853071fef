// Keys on the board: j and k go through the rows, x selects, Enter opens. Everything works without them.
(() => {
  const rows = [...document.querySelectorAll("[data-row]")];
  let at = -1;

  function go(to) {
    at = Math.max(0, Math.min(rows.length - 1, to));
    const link = rows[at]?.querySelector("a");
    link?.focus();
  }

  document.addEventListener("focusin", (event) => {
    const found = rows.indexOf(event.target.closest("[data-row]"));
    if (found >= 0) at = found;
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !rows.length) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at < 0 ? 0 : at - 1);
    else if (event.key === "x" && at >= 0) rows[at].querySelector("[type=checkbox]")?.click();
    else return;
    event.preventDefault();
  });
})();

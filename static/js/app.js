// The little that the pages ask of a browser. Everything works without it.
(() => {
  const within = (root, selector) => (root.matches?.(selector) ? root : root.querySelector?.(selector));

  // What a swap or a page brought is where the reader goes on: the error summary, or whatever asks for focus.
  const focusIn = (root) => within(root, ".error-summary, [data-focus], [autofocus]")?.focus();
  document.addEventListener("DOMContentLoaded", () => focusIn(document));
  document.addEventListener("htmx:before:request", (event) => event.target.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:finally:request", (event) => event.target.removeAttribute?.("aria-busy"));
  document.addEventListener("htmx:after:settle", (event) => {
    focusIn(event.target);
    event.target.querySelectorAll?.("form[data-select]").forEach(countSelected);
  });

  // The server speaks through one polite region: HX-Trigger: {"announce": "Saved 14:03"}.
  document.addEventListener("announce", (event) => {
    document.getElementById("announcements").textContent = event.detail.value;
  });

  // Rows ticked in a list: how many, and all at once.
  const rowsOf = (group) => [...group.querySelectorAll(".tick input[name]")];
  const tickedOf = (rows) => rows.filter((row) => row.checked).length;
  // What a tick for all is for: the group of rows that it stands in, or the whole form.
  const groupOf = (all) => all.closest("[data-group]") ?? all.form;
  function countSelected(form) {
    form.querySelectorAll("[data-select-all]").forEach((all) => {
      const rows = rowsOf(groupOf(all));
      const ticked = tickedOf(rows);
      all.hidden = rows.length === 0;
      all.checked = ticked > 0 && ticked === rows.length;
      all.indeterminate = ticked > 0 && ticked < rows.length;
    });
    const ticked = String(tickedOf(rowsOf(form)) + Number(form.dataset.away ?? 0)); // and on other pages
    form.querySelectorAll("[data-selected]").forEach((place) => (place.textContent = ticked));
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-select]");
    if (!form) return;
    if (event.target.matches("[data-select-all]")) {
      rowsOf(groupOf(event.target)).forEach((row) => (row.checked = event.target.checked));
    }
    countSelected(form);
  });
  document.querySelectorAll("form[data-select]").forEach(countSelected);

  // "/" goes to the search of the page, unless somebody is typing.
  document.addEventListener("keydown", (event) => {
    const search = document.querySelector("[data-search]");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !search || window.singleKeys?.areOff()) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    // What is folded away takes no focus.
    search.closest("details:not([open])")?.setAttribute("open", "");
    search.focus();
    search.select();
  });
})();

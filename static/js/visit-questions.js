// Questions that are asked only for some answers. With a connection the server says which. Without one all of them are
// shown, each with its condition, and the server says afterwards which answers the report has no use for: nothing is
// decided here.
window.visitQuestions = (() => {
  const folded = () => [...document.querySelectorAll("template[data-whole]")];
  const parts = (page) => [page, ...[...page.querySelectorAll("template")].map((template) => template.content)];

  // Brings out what the server has put into the page for this; whether that is a question more.
  function unfold() {
    const templates = folded();
    for (const template of templates) {
      const content = document.importNode(template.content, true);
      if ("instead" in template.dataset) template.parentElement.replaceChildren(content);
      else template.replaceWith(content);
    }
    document.querySelectorAll(".only-if[data-of]").forEach(describe);
    return templates.some((template) => template.dataset.whole);
  }
  // Read out with its question, not only before it.
  function describe(condition) {
    let next = condition.nextElementSibling;
    while (next && !next.matches(".question")) next = next.nextElementSibling;
    const asked = next?.matches("fieldset") ? next : next?.querySelector("input, textarea");
    if (!asked || condition.id) return;
    condition.id = `${condition.dataset.of}-if`;
    asked.setAttribute("aria-describedby", `${condition.id} ${asked.getAttribute("aria-describedby") ?? ""}`.trim());
  }
  // Whether a field is in a question that is not shown.
  const isFolded = (name) =>
    folded().some((template) => template.content.querySelector(`[name="${CSS.escape(name)}"]:not([name=shown])`));

  // Answers that an answer of the server calls not asked: the page of each, its question, the words, and its fields.
  const unaskedIn = (page) =>
    parts(page)
      .flatMap((part) => [...part.querySelectorAll("[data-unasked]")])
      .map((line) => ({
        path: line.dataset.unasked,
        item: line.dataset.item,
        text: line.textContent.trim(),
        fields: Object.entries(JSON.parse(line.dataset.values)).flatMap(([name, values]) => values.map((value) => [name, value])),
      }));
  // Where it leads; nowhere unless it is the answer to a page that was filled in so.
  const onwardIn = (page) => page.querySelector("[data-onward]")?.dataset.onward;
  return { isFolded, onwardIn, unaskedIn, unfold };
})();

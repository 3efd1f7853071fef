// Dragging questions in the outline. It fills the same form that the buttons send; without it nothing is missing.
(() => {
  let dragged = null;
  document.documentElement.classList.add("can-drag");
  const marks = ["before", "after", "into"];
  const clear = () => document.querySelectorAll(".before, .after, .into").forEach((line) => line.classList.remove(...marks));

  function place(event) {
    const line = event.target.closest?.(".line[data-item]");
    if (line && line !== dragged) {
      const box = line.getBoundingClientRect();
      return { line, mark: event.clientY < box.top + box.height / 2 ? "before" : "after" };
    }
    const block = event.target.closest?.(".block[data-section]");
    return block && !block.querySelector("[data-item]") ? { line: block, mark: "into" } : null;
  }

  function send({ line, mark }) {
    const form = document.getElementById("drop");
    const block = line.closest("[data-section]");
    const others = [...block.querySelectorAll("[data-item]")].filter((other) => other !== dragged);
    form.elements.part.value = dragged.dataset.item;
    form.elements.section.value = block.dataset.section;
    form.elements.position.value = mark === "into" ? 0 : others.indexOf(line) + (mark === "after" ? 1 : 0);
    form.requestSubmit();
  }

  // A line is dragged by its number, so that its words can still be selected.
  document.addEventListener("dragstart", (event) => {
    if (!event.target.matches?.(".line-number")) return;
    dragged = event.target.closest("[data-item]");
    dragged.classList.add("dragged");
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(dragged, 20, 20);
  });
  document.addEventListener("dragover", (event) => {
    const found = dragged && place(event);
    clear();
    if (!found) return;
    event.preventDefault();
    found.line.classList.add(found.mark);
  });
  document.addEventListener("drop", (event) => {
    const found = dragged && place(event);
    if (!found) return;
    event.preventDefault();
    send(found);
  });
  document.addEventListener("dragend", () => {
    clear();
    dragged?.classList.remove("dragged");
    dragged = null;
  });

  // One menu at a time, and Escape closes it.
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.(".more[open]")) return;
    document.querySelectorAll(".more[open]").forEach((menu) => menu !== event.target && (menu.open = false));
  }, true);
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.(".more[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();

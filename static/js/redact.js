/* Draws boxes on a picture into the form's rows of numbers. Without it the numbers are typed. */
"use strict";
(() => {
  const frame = document.querySelector("[data-redact]");
  const rows = [...document.querySelectorAll("[data-box]")];
  if (!frame || rows.length === 0) return;
  const wide = Number(frame.dataset.width), high = Number(frame.dataset.height);
  const canvas = document.createElement("canvas");
  canvas.width = wide;
  canvas.height = high;
  frame.append(canvas);
  document.querySelector("[data-redact-hint]").hidden = false;
  const brush = canvas.getContext("2d");
  const inputs = (row) => [...row.querySelectorAll("input")];
  const numbers = (row) => inputs(row).map((input) => Number(input.value));
  const isEmpty = (row) => inputs(row).every((input) => input.value === "");

  function paint(extra) {
    brush.clearRect(0, 0, wide, high);
    brush.fillStyle = "#000";
    const boxes = rows.filter((row) => !isEmpty(row)).map(numbers);
    for (const box of extra ? [...boxes, extra] : boxes) brush.fillRect(...box);
  }

  function place(event) {
    const shown = frame.getBoundingClientRect();
    const x = (event.clientX - shown.left) * wide / shown.width;
    const y = (event.clientY - shown.top) * high / shown.height;
    return [Math.round(Math.min(Math.max(x, 0), wide)), Math.round(Math.min(Math.max(y, 0), high))];
  }

  let from = null;
  const between = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])];
  frame.addEventListener("pointerdown", (event) => {
    from = place(event);
    frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener("pointermove", (event) => {
    if (from) paint(between(from, place(event)));
  });
  frame.addEventListener("pointerup", (event) => {
    const row = rows.find(isEmpty);
    const box = from && between(from, place(event));
    from = null;
    if (row && box && box[2] > 2 && box[3] > 2) inputs(row).forEach((input, at) => { input.value = String(box[at]); });
    paint();
  });
  document.addEventListener("input", () => paint());
  paint();
})();

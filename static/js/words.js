// Says below a text how many of its least words are written. The server counts again; without this the hint says enough.
(() => {
  const wordsIn = (text) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

  function count(event) {
    const line = event.target.name && document.querySelector(`[data-words="${CSS.escape(event.target.name)}"]`);
    if (!line) return;
    const written = wordsIn(event.target.value);
    line.hidden = false;
    line.textContent = `${written} of at least ${line.dataset.least} words`;
  }
  document.addEventListener("input", count);
  document.addEventListener("focusin", count);
})();

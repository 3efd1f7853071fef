// The line to the server: what is asked of it, how long that may take, and whether it carries anything at present.
window.visitLine = (() => {
  const ANSWER_SECONDS = 12;
  const SLOWEST_BYTES_A_SECOND = 20_000;

  // A network that is there and carries nothing is none: whoever waits for it has waited long enough.
  let isDown = Boolean(document.querySelector("meta[name=kept-at]"));
  const isOffline = () => isDown || !navigator.onLine;
  async function asked(path, options = {}, seconds = ANSWER_SECONDS) {
    try {
      const answer = await fetch(path, { ...options, signal: AbortSignal.timeout(seconds * 1000) });
      const html = await answer.text();
      isDown = false;
      return { answer, html };
    } catch {
      isDown = true;
      return {};
    }
  }
  const bodyOf = (form, data) => (form.enctype === "multipart/form-data" ? data : new URLSearchParams([...data]));
  const secondsFor = (data) =>
    [...data.values()].reduce((sum, value) => sum + (value.size ?? 0), 0) / SLOWEST_BYTES_A_SECOND + ANSWER_SECONDS;
  // The device says that it is back: worth another try.
  const isBack = () => (isDown = false);
  const isCarrying = () => !isDown;
  return { asked, bodyOf, isBack, isCarrying, isOffline, secondsFor };
})();

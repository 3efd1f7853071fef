// What is said to the shopper above the page, and the pieces that it is made of.
window.visitMessages = (() => {
  // One message an affair, so that one that is over takes nothing of another along. Without a title it is over.
  const messages = new Map();
  function say(about, title, text = "") {
    if (title) messages.set(about, { title, text });
    else messages.delete(about);
    const place = document.getElementById("offline");
    if (!place) return;
    const lines = [];
    for (const each of messages.values()) {
      if (!lines.some((line) => line.textContent === each.title)) lines.push(element("p", each.title, "notice-title"));
      if (each.text) lines.push(element("p", each.text));
    }
    place.hidden = !lines.length;
    const said = place.querySelector("[data-offline]");
    // What is said already is not read out again.
    if (said.textContent !== lines.map((line) => line.textContent).join("")) said.replaceChildren(...lines);
  }
  function element(name, text, className = "") {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = className;
    return made;
  }
  function action(text, act) {
    const button = element("button", text, "button plain");
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  }
  // A device that is full keeps nothing more: said, and what is on the page is left there. Whether it was kept.
  const FULL = "Nothing more can be kept here. Leave this page open until there is a connection: what stands on it is sent then. Removing files or apps from this device makes room.";
  async function isKept(act) {
    try {
      await act();
      if (messages.has("full")) say("full");
      return true;
    } catch (error) {
      if (error?.name !== "QuotaExceededError") throw error;
      say("full", "This device is full", FULL);
      return false;
    }
  }
  const forget = () => messages.clear();
  return { FULL, action, element, forget, isKept, say };
})();

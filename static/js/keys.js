// Keys without Ctrl or Alt, on the pages of staff, can be turned off (WCAG 2.1.4): whoever dictates would press them by
// talking. What is chosen stays on the device.
(() => {
  const KEYS = "candour-keys";
  window.singleKeys = {
    areOff() {
      try {
        return localStorage.getItem(KEYS) === "off";
      } catch {
        return false;
      }
    },
    turn(on) {
      if (on) localStorage.removeItem(KEYS);
      else localStorage.setItem(KEYS, "off");
    },
  };
})();

// What a report has put aside on this device for want of a connection: pages go when somebody signs out or nobody is
// signed in; when somebody else signs in, what the one before had not sent goes too.
window.deviceCleared = (async () => {
  const PAGES = "candour-visit-";
  const UNSENT = "candour-visits";
  const OWNER = "candour-owner";
  const owner = document.body.dataset.owner ?? "";

  async function wipe() {
    const names = window.caches ? await caches.keys() : [];
    await Promise.all(names.filter((name) => name.startsWith(PAGES)).map((name) => caches.delete(name)));
    const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
    await Promise.all(workers.map((worker) => worker.unregister()));
  }
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/sign-out") wipe();
  });
  if (!owner) {
    await wipe();
    return;
  }
  const before = localStorage.getItem(OWNER);
  if (before && before !== owner) {
    indexedDB.deleteDatabase(UNSENT);
    await wipe();
  }
  localStorage.setItem(OWNER, owner);
})().catch(() => {});

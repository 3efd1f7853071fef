// Puts the pages of one report aside on this device, so that they open without a connection: for this shop alone, as long
// as it can be written, and only where the browser has a store for it. js/visit-worker.js answers with them.
window.visitPages = (() => {
  const shop = location.pathname.match(/^\/shopper\/shops\/[0-9a-f-]{36}/)?.[0];
  if (!shop || !window.caches || !navigator.serviceWorker) return null;

  const NAME = `candour-visit-1-${shop.slice(-36)}`;
  const WORKER = "/static/js/visit-worker.js";
  const READ_SECONDS = 10;
  const RENEWED_MINUTES = 10;
  const box = () => caches.open(NAME);
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
  const isWhole = (answer) => answer.ok && !answer.redirected;
  const read = (path) => fetch(path, { signal: AbortSignal.timeout(READ_SECONDS * 1000) });

  async function put(path, answer) {
    const headers = new Headers(answer.headers);
    headers.set("x-kept-at", String(Date.now()));
    await (await box()).put(path, new Response(await answer.blob(), { headers }));
  }
  const find = async (path) => ((await caches.has(NAME)) ? (await box()).match(path) : undefined);
  async function htmlOf(path) {
    return (await find(path))?.text();
  }
  async function paths() {
    if (!(await caches.has(NAME))) return new Set();
    return new Set((await (await box()).keys()).map((request) => new URL(request.url).pathname));
  }

  // Pages in their order, as the shop's own page names them: first in the list that it shows without a connection, which
  // holds every section, asked or not.
  const links = (part) => [...part.querySelectorAll(`a[href^="${shop}/report/"]`)];
  const named = (page) => {
    const lists = [...page.querySelectorAll("main template[data-whole]")].map((template) => template.content);
    const found = [...lists, page.querySelector("main") ?? page].flatMap(links);
    return [...new Set(found.map((link) => link.getAttribute("href").split(/[?#]/)[0]))];
  };
  // A section is put aside as it would be if it were asked.
  const whole = (path) => (/\/report\/\d+$/.test(path) ? `${path}?whole` : path);
  async function after(path, go) {
    const order = named(parsed((await htmlOf(shop)) ?? "")).filter((each) => !each.endsWith("/closed"));
    if (go === "check" || path.endsWith("/closed")) return `${shop}/report/check`;
    const at = order.indexOf(path);
    return at < 0 ? undefined : go === "back" ? (order[at - 1] ?? shop) : order[at + 1];
  }

  async function prepare() {
    const first = await find(shop);
    const age = Date.now() - Number(first?.headers.get("x-kept-at") ?? 0);
    if (first && age < RENEWED_MINUTES * 60 * 1000) return true;
    const answer = await read(shop);
    if (!isWhole(answer)) return false;
    const wanted = named(parsed(await answer.clone().text()));
    if (!wanted.includes(`${shop}/report/check`)) {
      await forget();
      return false;
    }
    await navigator.serviceWorker.register(WORKER, { scope: shop });
    for (const path of [`${shop}/guideline`, ...wanted]) await renew(path);
    await putAssets();
    // Last: with it all of them are there.
    await put(shop, answer);
    return true;
  }
  async function renew(path) {
    const answer = await read(whole(path));
    if (isWhole(answer)) await put(path, answer);
  }
  async function putAssets() {
    const used = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
    for (const { origin, pathname } of used) {
      if (origin !== location.origin || !pathname.startsWith("/static/") || (await find(pathname))) continue;
      const answer = await read(pathname);
      if (isWhole(answer)) await (await box()).put(pathname, answer);
    }
  }
  async function forget() {
    await caches.delete(NAME);
    const registration = await navigator.serviceWorker.getRegistration(shop);
    if (registration?.scope.endsWith(shop)) await registration.unregister();
  }
  return { after, forget, htmlOf, paths, parsed, prepare, renew, whole };
})();

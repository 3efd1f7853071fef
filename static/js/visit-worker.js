// Opens the pages of one report where there is no connection. Its scope is that shop's address and nothing else.
// What it may answer with is what js/visit-pages.js has put aside; it renews those pages and never adds one.
const NAME = `candour-visit-1-${new URL(self.registration.scope).pathname.slice(-36)}`;
const WAIT_SECONDS = 6;
const KEPT_DAYS = 7;
const DAY = 24 * 60 * 60 * 1000;

addEventListener("install", () => self.skipWaiting());
addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate") event.respondWith(page(event.request, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(asset(event.request, pathname));
});

// A network that is there and carries nothing is none.
const late = () => new Promise((resolve, reject) => setTimeout(() => reject(new Error("late")), WAIT_SECONDS * 1000));

async function page(request, path) {
  const kept = await found(path);
  try {
    const answer = await Promise.race(kept ? [fetch(request), late()] : [fetch(request)]);
    // A device that is full keeps the page that it has: no reason to show that one instead.
    if (kept && answer.ok && !answer.redirected) await renewed(path, answer.clone()).catch(() => {});
    return answer;
  } catch {
    return kept ? marked(kept) : nothing();
  }
}
async function found(path) {
  // Opening a box makes it: one that was taken away must not come back.
  if (!(await caches.has(NAME))) return null;
  const kept = await (await caches.open(NAME)).match(path);
  return kept && Date.now() - Number(kept.headers.get("x-kept-at")) < KEPT_DAYS * DAY ? kept : null;
}
async function renewed(path, answer) {
  const headers = new Headers(answer.headers);
  headers.set("x-kept-at", String(Date.now()));
  if (await caches.has(NAME)) await (await caches.open(NAME)).put(path, new Response(await answer.blob(), { headers }));
}
// The page is told that it comes from here, and since when it is as it is.
async function marked(kept) {
  const mark = `<head><meta name="kept-at" content="${Number(kept.headers.get("x-kept-at"))}">`;
  return new Response((await kept.text()).replace("<head>", mark), { headers: kept.headers });
}
function nothing() {
  const words =
    '<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8"><title>No connection</title>' +
    '<meta name="viewport" content="width=device-width"><h1>No connection</h1>' +
    "<p>This page opens when there is one. Go back: what you have typed is kept on this device.</p></html>";
  return new Response(words, { status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
}
async function asset(request, path) {
  const kept = (await caches.has(NAME)) && (await (await caches.open(NAME)).match(path));
  return kept || fetch(request);
}

// The counter as an application: pages and answers always come from the network, only static files are kept.

// --- Keeping static files ---------------------------------------------------------------------------------------
const STATIC = "comptoir-static-1";
const OFFLINE = "/offline/";

self.addEventListener("install", (event) => {
  event.waitUntil(Promise.all([letPass(event), keepOfflinePage()]).then(() => self.skipWaiting()));
});

// What a page asks for by itself comes from the network: where a browser can be told so, it does not wake us for it first.
async function letPass(event) {
  try {
    await event.addRoutes?.({ condition: { requestDestination: "" }, source: "network" });
  } catch {
    // An older browser goes by here.
  }
}

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== STATIC).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// The page for no network with the sheets it names.
async function keepOfflinePage() {
  const cache = await caches.open(STATIC);
  const page = await fetch(OFFLINE, { credentials: "same-origin", cache: "reload" });
  const html = await page.clone().text();
  await cache.put(OFFLINE, page);
  await cache.addAll([...html.matchAll(/href="([^"]+\.css)"/g)].map((found) => found[1]));
}

// What is kept is given at once and looked after behind; a name with a digest in it never changes.
async function fromCache(request) {
  const cache = await caches.open(STATIC);
  const kept = await cache.match(request);
  const isForGood = /\.[0-9a-f]{12}\.\w+$/.test(new URL(request.url).pathname);
  if (kept && isForGood) return kept;
  try {
    const fresh = await fetch(request);
    if (fresh.ok && fresh.type === "basic") await cache.put(request, fresh.clone());
    return fresh;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

// --- Answering requests -----------------------------------------------------------------------------------------
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(fromCache(request));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
});

// --- Notifications ----------------------------------------------------------------------------------------------
self.addEventListener("push", (event) => {
  const said = event.data?.json() ?? {};
  event.waitUntil(show(said));
});

// The conversation that is open on a visible page shows itself.
async function show(said) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const isSeen = pages.some((page) => page.focused && new URL(page.url).pathname === said.url);
  if (said.count !== undefined) self.navigator.setAppBadge?.(said.count).catch(() => {});
  if (isSeen) return;
  const options = { body: said.body, tag: said.tag, renotify: true, data: { url: said.url ?? "/" }, icon: said.icon };
  await self.registration.showNotification(said.title ?? "Comptoir", options);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
});

async function open(address) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((one) => new URL(one.url).origin === self.location.origin);
  if (!page) return self.clients.openWindow(address);
  await page.focus();
  return page.navigate(address);
}

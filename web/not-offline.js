// In the place of the static site's worker where the page is not that site, as while it is developed: a browser that has kept a
// page from this address forgets it, instead of showing an old one.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  await registration.unregister();
  const ours = (await caches.keys()).filter((name) => name.startsWith(`pushbox ${registration.scope} `));
  await Promise.all(ours.map((name) => caches.delete(name)));
  const pages = await clients.matchAll({ type: "window" });
  await Promise.all(pages.map((page) => page.navigate(page.url)));
}

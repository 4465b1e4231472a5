// Keeps one version of the page in the browser, whole, so that it works without a network. xtask writes the two lines of this
// version: its name, and the hash of every file.
const VERSION = "";
const FILES = {};

// Pages below other paths of this host have caches of their own.
const OURS = `pushbox ${registration.scope} `;
const CACHE = OURS + VERSION;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(forget()));
addEventListener("fetch", (event) => {
  const name = event.request.method === "GET" && nameOf(event.request.url);
  if (Object.hasOwn(FILES, name)) event.respondWith(answer(event.request, name));
});

/** All files or none. A browser does not use a worker that could not install, so the version before stays. */
async function install() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(Object.keys(FILES).map((name) => keep(cache, name)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

// Named after its content: what the page has fetched already is not fetched again.
const HASHED = /-[0-9a-f]{16}\./;

async function keep(cache, name) {
  // Where the host has another version meanwhile, the hash is not that of its file, and nothing is mixed.
  const mode = HASHED.test(name) ? "default" : "no-cache";
  const response = await fetch(address(name), { integrity: FILES[name], cache: mode });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  await cache.put(address(name), response);
}

/** A worker becomes active when no page of the version before is open any more. */
async function forget() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(OURS) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** The file of this version, also where a browser has cleared what was kept, as long as the host has that version. */
async function answer(request, name) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address(name))) ?? fetch(request);
}

function address(name) {
  return new URL(name, registration.scope).href;
}

/** The name of an own file, whatever is asked of it; the page itself is `./`. */
function nameOf(url) {
  const { origin, pathname } = new URL(url);
  const whole = origin + pathname;
  if (!whole.startsWith(registration.scope)) return undefined;
  const name = whole.slice(registration.scope.length);
  return ["", "index.html"].includes(name) ? "./" : name;
}


// Keeps the page in this browser, so that it works without a network, once there is nothing else to do. Only from https or from
// this machine have pages a worker; a browser that may keep nothing has the page from the network.
const idle = window.requestIdleCallback ?? setTimeout;
const keep = () => idle(() => navigator.serviceWorker?.register("./offline.js").catch(() => {}));
if (document.readyState === "complete") keep();
else addEventListener("load", keep);

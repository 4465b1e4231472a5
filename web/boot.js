// Starts the page, and does what must work before it or without it: the colours, the reload button, a word when it cannot
// start. A file of its own because the page allows no inline script.

const THEME = "pushbox:theme";
const $ = (id) => document.getElementById(id);

function storage() {
  try {
    return window.localStorage;
  } catch {
    return null; // The browser's settings forbid it.
  }
}

function colours() {
  document.documentElement.dataset.theme = $("theme").value;
}

$("theme").value = storage()?.getItem(THEME) ?? "";
colours();
$("theme").addEventListener("change", () => {
  colours();
  storage()?.setItem(THEME, $("theme").value);
});

// A link to a folded part opens it.
document.addEventListener("click", (event) => {
  const part = event.target.closest?.('a[href^="#"]') && $(event.target.closest("a").hash.slice(1));
  if (part instanceof HTMLDetailsElement) part.open = true;
});

$("reload").addEventListener("click", () => location.reload());

function cannot(why) {
  $("loading")?.remove();
  const line = $("failed");
  if (line) {
    line.textContent = why;
    line.hidden = false;
  }
}

if (typeof WebAssembly === "undefined") {
  cannot("This page needs WebAssembly, which this browser does not have or has switched off.");
} else {
  try {
    const { default: start } = await import("./pushbox-web.js");
    await start();
  } catch (error) {
    cannot(`The page could not start: ${error}. Reload it to try again.`);
    throw error;
  }
}

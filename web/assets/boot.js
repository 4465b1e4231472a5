// Starts the page, and does what must work before or without it: the colours, the reload button, a word when it cannot start.
const THEME = "pushbox:theme";
const root = document.documentElement;
const $ = (id) => document.getElementById(id);

function storage() {
  try {
    return window.localStorage;
  } catch {
    return null; // Blocked by the browser's settings.
  }
}

const theme = $("theme");
theme.value = storage()?.getItem(THEME) ?? "";
root.dataset.theme = theme.value;
theme.addEventListener("change", () => {
  root.dataset.theme = theme.value;
  storage()?.setItem(THEME, theme.value);
});

$("reload").addEventListener("click", () => location.reload());

try {
  const { default: init } = await import("./pushbox-web.js");
  await init();
} catch (error) {
  console.error(error);
  $("loading")?.remove();
  $("failed")?.removeAttribute("hidden");
}

// Starts the page, or says why it cannot. A file of its own because the page allows no inline script.

function say(text) {
  const line = document.createElement("p");
  line.setAttribute("role", "alert");
  line.textContent = text;
  document.body.prepend(line);
}

if (typeof WebAssembly === "undefined") {
  say("This page needs WebAssembly, which this browser does not have or has switched off.");
} else {
  try {
    const { default: start } = await import("./pushbox-web.js");
    await start({ module_or_path: new URL("./pushbox-web_bg.wasm", import.meta.url) });
  } catch (error) {
    say(`The page could not start: ${error}. Reload it to try again.`);
    throw error;
  }
}

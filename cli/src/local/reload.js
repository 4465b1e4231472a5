// Loads the page again when it was built again, also after the local run itself was. Only the local run adds this file.
let shown;
new EventSource("/local/events").addEventListener("build", ({ data }) => {
  shown ??= data;
  if (data !== shown) location.reload();
});

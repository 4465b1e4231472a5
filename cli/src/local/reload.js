// Loads the page again when it was built again. Only the local run adds this file.
const events = new EventSource("/local/events");
events.addEventListener("rebuilt", () => location.reload());

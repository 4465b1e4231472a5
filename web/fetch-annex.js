// Fetches the annex, the second program of the page, once and when it is first asked for. A file of its own because the
// page's policy lets no text become code, and only code can import. It also fetches texts, which takes more bytes in Rust.

const ADDRESS = new URL("./pushbox-annex.js", import.meta.url);
let tries = 0;
let annex;

/** What the annex exports. After a failure it can be asked for again. */
export function fetchAnnex() {
  annex ??= start().catch((error) => {
    annex = undefined;
    throw error;
  });
  return annex;
}

async function start() {
  const address = new URL(ADDRESS);
  // Some browsers remember of an address that it could not be imported.
  if (tries > 0) address.search = `try=${tries}`;
  tries += 1;
  const program = await import(address);
  await program.default();
  return program;
}

/** The text of one of the page's own files. Another version of the page has another file under that address. */
export async function fetchText(address) {
  const response = await fetch(address, { cache: "no-cache" });
  if (!response.ok) throw new Error(response.status);
  return response.text();
}

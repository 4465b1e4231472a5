// Serves a folder of `cargo xtask dist` as a good host would: the brotli copies, and names with a hash kept for a year.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".wasm": "application/wasm",
};
const HASHED = /-[0-9a-f]{16}\.[a-z]+$/;

// The bytes of all bodies that were sent, by path.
export async function serve(folder) {
  const sent = new Map();
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname).replace(/\/$/, "/index.html");
    const headers = {
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
      "cache-control": HASHED.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
      vary: "accept-encoding",
    };
    try {
      const file = join(folder, path);
      const brotli = await readFile(`${file}.br`).catch(() => null);
      if (brotli) headers["content-encoding"] = "br";
      const body = brotli ?? await readFile(file);
      sent.set(path, (sent.get(path) ?? 0) + body.length);
      response.writeHead(200, { ...headers, "content-length": body.length }).end(body);
    } catch {
      // As a host without a page of its own for it; `/robots.txt` is asked for by Lighthouse.
      response.writeHead(404, { "content-type": "text/plain" }).end("not there\n");
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { sent, address: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

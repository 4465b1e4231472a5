// How long GitHub's own library takes to verify and parse the deliveries of a folder: the fastest batch of many counts.
// Prints one JSON line: microseconds by name.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Webhooks } from "@octokit/webhooks";

const BATCH = 4;
const ROUNDS = 12000;

const folder = process.argv[2];
const figures = {};
for (const file of readdirSync(folder).filter((name) => name.startsWith("github_") && name.endsWith(".json"))) {
  const name = file.slice(0, -".json".length);
  const { secret, headers } = JSON.parse(readFileSync(join(folder, file), "utf8"));
  const payload = readFileSync(join(folder, `${name}.body`), "utf8");
  const webhooks = new Webhooks({ secret });
  let heard = 0;
  webhooks.on("push", () => { heard += 1; });
  const delivery = {
    id: headers["x-github-delivery"],
    name: headers["x-github-event"],
    signature: headers["x-hub-signature-256"],
    payload,
  };
  const rounds = Math.max(200, Math.min(ROUNDS, Math.floor(ROUNDS * 10_000 / payload.length)));
  let fastest = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < BATCH; i += 1) await webhooks.verifyAndReceive(delivery);
    fastest = Math.min(fastest, Number(process.hrtime.bigint() - start) / BATCH / 1000);
  }
  if (heard !== rounds * BATCH) throw new Error(`${name}: ${heard} of ${rounds * BATCH} deliveries were received`);
  figures[name] = Math.round(fastest * 100) / 100;
}
console.log(JSON.stringify(figures));

// The same work the usual way: Node.js and AWS's SDK for it. `cargo xtask bench function` measures it beside the function.
// On AWS, Lambda's own Node.js runtime stands in the place of the loop below, and is not smaller.

"use strict";

const { createHmac, timingSafeEqual } = require("node:crypto");
const http = require("node:http");
const { CreateTagsCommand, DescribeInstancesCommand, EC2Client } = require("@aws-sdk/client-ec2");

const ec2 = new EC2Client({});
const { AWS_LAMBDA_RUNTIME_API: api, WEBHOOK_SECRET: secret } = process.env;

/** A signed push rings the mailbox of the app's box. */
async function handler({ headers, body }) {
  const wanted = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const found = Buffer.from(headers["x-hub-signature-256"] ?? "");
  if (wanted.length !== found.length || !timingSafeEqual(wanted, found)) {
    return { statusCode: 401, body: "not authentic" };
  }
  const { ref, after } = JSON.parse(body);
  if (ref !== "refs/heads/main") {
    return { statusCode: 200, body: "ignored" };
  }
  const Filters = [{ Name: "tag:pushbox:app", Values: ["my_app"] }];
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  const Resources = Reservations.flatMap(({ Instances }) => Instances.map(({ InstanceId }) => InstanceId));
  const Tags = [{ Key: "pushbox:commit", Value: after }, { Key: "pushbox:poke", Value: `${Date.now()}` }];
  await ec2.send(new CreateTagsCommand({ Resources, Tags }));
  return { statusCode: 202, body: "accepted" };
}

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(`http://${api}/2018-06-01/runtime/invocation/${path}`, { method }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(parts).toString() }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function run() {
  for (;;) {
    const event = await ask("GET", "next");
    const answer = await handler(JSON.parse(event.body));
    await ask("POST", `${event.headers["lambda-runtime-aws-request-id"]}/response`, JSON.stringify(answer));
  }
}

run();

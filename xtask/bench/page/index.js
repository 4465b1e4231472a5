// Measures a page of `cargo xtask dist`: `node index.js FOLDER CHROMIUM`. Prints one line of JSON.
import { launch } from "puppeteer-core";
import lighthouse from "lighthouse";
import { keystrokes } from "./keystrokes.js";
import { serve } from "./serve.js";

const RUNS = 3;
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const [folder, executablePath] = process.argv.slice(2);

const say = (text) => process.stderr.write(`${text}\n`);
const sorted = (numbers) => [...numbers].sort((one, two) => one - two);
// The smallest number that so many of them do not exceed.
const quantile = (numbers, part) => sorted(numbers)[Math.max(0, Math.ceil(numbers.length * part) - 1)];
const median = (numbers) => quantile(numbers, 0.5);
const rounded = (number, digits) => Math.round(number * 10 ** digits) / 10 ** digits;

// A browser that knows nothing of an earlier visit.
async function withBrowser(work) {
  const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run"];
  const browser = await launch({ executablePath, args, defaultViewport: { width: 1280, height: 900 } });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

async function visit() {
  const server = await serve(folder);
  try {
    return await withBrowser(async (browser) => {
      const page = await browser.newPage();
      // Nobody waits for what its worker fetches afterwards; `dist` prints what that weighs.
      await page.evaluateOnNewDocument(() => delete Navigator.prototype.serviceWorker);
      await page.goto(server.address, { waitUntil: "networkidle0" });
      await page.waitForSelector("#script");
      return [...server.sent.values()].reduce((sum, bytes) => sum + bytes, 0);
    });
  } finally {
    server.close();
  }
}

async function scores() {
  const server = await serve(folder);
  try {
    return await withBrowser(async (browser) => {
      const page = await browser.newPage();
      const flags = { onlyCategories: CATEGORIES, logLevel: "error" };
      const { lhr } = await lighthouse(server.address, flags, undefined, page);
      const failed = Object.values(lhr.audits).filter(({ score, scoreDisplayMode }) => scoreDisplayMode === "binary" && score < 1);
      failed.forEach(({ id, title }) => say(`  not met: ${id} (${title})`));
      return Object.fromEntries(CATEGORIES.map((name) => [name, lhr.categories[name].score]));
    });
  } finally {
    server.close();
  }
}

async function typing(variables) {
  const server = await serve(folder);
  try {
    return await withBrowser(async (browser) => {
      const page = await browser.newPage();
      await page.goto(server.address, { waitUntil: "networkidle0" });
      const costs = await keystrokes(page, variables);
      const script = costs.map((cost) => cost.script);
      const tasks = costs.map((cost) => cost.tasks);
      return { count: costs.length, median: median(script), p99: quantile(script, 0.99), whole: median(tasks), whole99: quantile(tasks, 0.99) };
    });
  } finally {
    server.close();
  }
}

async function runs(what, work) {
  const found = [];
  for (let run = 0; run < RUNS; run += 1) {
    const one = await work();
    say(`${what}, run ${run + 1} of ${RUNS}: ${JSON.stringify(one)}`);
    found.push(one);
  }
  return found;
}

const middle = (found, key) => median(found.map((one) => one[key]));
const bytes = await visit();
const lighthouses = await runs("Lighthouse", scores);
const hundred = await runs("typing beside 100 variables", () => typing(100));
const many = await runs("typing beside 500 variables", () => typing(500));
console.log(JSON.stringify({
  first_visit_kib: rounded(bytes / 1024, 2),
  performance: middle(lighthouses, "performance"),
  accessibility: middle(lighthouses, "accessibility"),
  best_practices: middle(lighthouses, "best-practices"),
  seo: middle(lighthouses, "seo"),
  keystrokes: hundred[0].count,
  keystroke_median_ms: rounded(middle(hundred, "median"), 2),
  keystroke_p99_ms: rounded(middle(hundred, "p99"), 2),
  keystroke_whole_median_ms: rounded(middle(hundred, "whole"), 2),
  keystroke_whole_p99_ms: rounded(middle(hundred, "whole99"), 2),
  keystroke_500_median_ms: rounded(middle(many, "median"), 2),
  keystroke_500_p99_ms: rounded(middle(many, "p99"), 2),
}));

// Types into the page as the browser's own input does, and reads from a trace what each keystroke cost the main thread.
import { writeFileSync } from "node:fs";

const FIELDS = [
  ["repo.url", "/a-longer-name-of-it.git"],
  ["app", "_with_a_longer_name"],
  ["run.port", "8081"],
  ["run.env[50].value", " and some more words"],
];
// The others are typed once: 234 keystrokes with the deletions.
const ROUNDS = { "run.port": 13 };
const PAUSE_MS = 50;

// What runs code of the page. Not `EventDispatch`: it holds the browser's own work on the text box as well.
const SCRIPT = new Set([
  "FunctionCall", "EvaluateScript", "RunMicrotasks", "TimerFire", "FireAnimationFrame", "FireIdleCallback", "MinorGC", "MajorGC",
]);

// Milliseconds of script, and of all work, after each keystroke up to the next one.
export async function keystrokes(page, variables) {
  await take(page, config(variables));
  await page.tracing.start({ categories: ["devtools.timeline", "v8.execute", "toplevel"] });
  for (const [id, text] of FIELDS) {
    await page.focus(`[id="${id}"]`);
    await page.keyboard.press("End");
    for (let round = 0; round < (ROUNDS[id] ?? 1); round += 1) {
      await type(page, [...text]);
      await type(page, [...text].map(() => "Backspace"));
    }
  }
  const trace = Buffer.from(await page.tracing.stop());
  if (process.env.PUSHBOX_TRACE) writeFileSync(process.env.PUSHBOX_TRACE, trace);
  return costs(JSON.parse(trace.toString()).traceEvents);
}

async function type(page, keys) {
  for (const key of keys) {
    await page.keyboard.press(key);
    // As long as a fast typist takes, in which the page is painted.
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function config(variables) {
  const env = Array.from({ length: variables }, (_, at) => ({ name: `SETTING_${at}`, value: `what number ${at} says` }));
  return JSON.stringify({ version: 1, app: "my_app", repo: { url: "https://github.com/usil/foo.git" }, run: { port: 3000, env } });
}

// Through the page's own import.
async function take(page, text) {
  await page.locator("#open-import").click();
  await page.locator("#import-text").fill(text);
  await page.locator("#import-take").click();
  await page.waitForFunction(() => document.getElementById("script")?.textContent.includes("SETTING_9"));
}

function costs(events) {
  const downs = events.filter(({ name, args }) => name === "EventDispatch" && args?.data?.type === "keydown");
  const { pid, tid } = downs[0];
  const main = events.filter((event) => event.pid === pid && event.tid === tid && event.ph === "X" && event.dur > 0);
  const script = outermost(main.filter(({ name }) => SCRIPT.has(name)));
  const tasks = outermost(main.filter(({ name }) => name.endsWith("RunTask")));
  return downs.map((down, at) => {
    const end = downs[at + 1]?.ts ?? down.ts + PAUSE_MS * 1000;
    // The task of a key begins a little before its event.
    return { script: sum(script, down.ts, end), tasks: sum(tasks, down.ts - 200, end - 200) };
  });
}

// Those that are not inside another.
function outermost(slices) {
  let end = 0;
  return slices.sort((one, two) => one.ts - two.ts || two.dur - one.dur).filter(({ ts, dur }) => {
    const inside = ts < end;
    end = Math.max(end, ts + dur);
    return !inside;
  });
}

// Milliseconds of the processor for what begins in that time, so that what else the machine does meanwhile does not count.
function sum(slices, start, end) {
  const begun = slices.filter(({ ts }) => ts >= start && ts < end);
  return begun.reduce((sum, { tdur, dur }) => sum + (tdur ?? dur), 0) / 1000;
}

/**
 * `npm run bench:console`: how long the console's page takes. First paint and bytes are of a real console of a real stack
 * on the local cloud, loaded in Chromium without a cache; the cloud, its tasks and users work beside it on this machine. The
 * same page of a stack that is elsewhere, and a page of one word, which is the least that this Chromium takes here, are
 * loaded in turns before. The redraw is of four hours of minutes of both slots with three signals. `status` is a process of
 * its own, from its start to its end, while a release is open. Medians; what the machine had to do beside is the load, the
 * mean number of processes that could run in the last minute.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { cannedConsole } from "../../test/cli/console/support/canned-console.ts";
import { BROWSER, launch, openPage } from "../../test/scenario/support/browser.ts";
import { aStack, type World } from "../../test/scenario/support/world.ts";

const LOADS = 7;
const REDRAWS = 12;
const STATUSES = 7;
const SPEED = 10;
/** Twenty in a real second: users who take a whole core would be what is measured. */
const REQUESTS_PER_MINUTE = 120;

const PAINT = 'performance.getEntriesByName("first-contentful-paint")[0]?.startTime';

const { values: flags } = parseArgs({ options: { json: { type: "boolean", default: false } } });
if (BROWSER === undefined) throw new Error("There is no Chromium here: apt-get install chromium.");
const browser = await launch();
try {
  const { redraws, scriptMs } = await measureRedraws(browser);
  const elsewhere = await measureElsewhere(browser);
  const real = { ...elsewhere, ...(await measureReal(browser)) };
  const machine = { load: loadavg()[0] ?? Number.NaN, cores: availableParallelism() };
  const redraw = { scriptMs, redrawMs: median(redraws), redrawWorstMs: Math.max(...redraws) };
  const result = { ...real, ...redraw, ...machine };
  if (flags.json) console.log(JSON.stringify(result));
  else {
    console.log(`first paint beside the local cloud: ${result.firstPaintMs} ms`);
    console.log(`of a stack elsewhere: ${result.paintElsewhereMs} ms; of one word: ${result.wordPaintMs} ms`);
    console.log(`the verdict stands there after ${result.verdictMs} ms`);
    console.log(`transferred: ${result.transferredBytes} bytes`);
    console.log(`script of a reading, four hours redrawn in it: ${result.scriptMs} ms`);
    console.log(
      `from the begin of a redraw to its end: ${result.redrawMs} ms, ${result.redrawWorstMs} ms at most`,
    );
    console.log(`status: ${result.statusSeconds} s`);
    console.log(`load ${result.load.toFixed(1)} on ${result.cores} cores`);
  }
} finally {
  await browser.close();
}

/**
 * Everything of a page's redraw: uPlot's own drawing is in it. `scriptMs`: all script of the page for each reading, by the
 * thread's own clock (DevTools protocol, Performance.enable with threadTicks): what waits for a core is not counted.
 */
async function measureRedraws(browser: Browser) {
  const server = await cannedConsole();
  const { page } = await openPage(browser, server.address);
  const tools = await page.context().newCDPSession(page);
  await tools.send("Performance.enable", { timeDomain: "threadTicks" });
  const scriptSeconds = async () =>
    (await tools.send("Performance.getMetrics")).metrics.find(({ name }) => name === "ScriptDuration")
      ?.value ?? Number.NaN;
  let began: { readonly redraws: number; readonly seconds: number } | undefined;
  const count = "performance.getEntriesByName('redraw', 'measure').map((one) => one.duration)";
  let found: readonly number[] = [];
  // The first one makes the charts.
  while (found.length <= REDRAWS) {
    await page.waitForTimeout(500);
    const all: unknown = await page.evaluate(count);
    found = Array.isArray(all) ? all.map(Number) : [];
    if (found.length > 1) began ??= { redraws: found.length, seconds: await scriptSeconds() };
  }
  if (began === undefined) throw new Error("nothing was redrawn");
  const ms = (1000 * ((await scriptSeconds()) - began.seconds)) / (found.length - began.redraws);
  await server.close();
  return { redraws: found.slice(1).map(tenths), scriptMs: tenths(ms) };
}

async function measureElsewhere(browser: Browser) {
  const server = await cannedConsole();
  const words = [];
  const loads = [];
  for (let load = 0; load <= LOADS; load += 1) {
    words.push(await wordPaintMs(browser));
    loads.push((await measureLoad(browser, server.address)).paintMs);
  }
  await server.close();
  return { paintElsewhereMs: median(loads.slice(1)), wordPaintMs: median(words.slice(1)) };
}

async function measureReal(browser: Browser) {
  const world = await aStack({ speed: SPEED, blue: { image: "digits:2", modelVersion: "2" } });
  const users = world.users(REQUESTS_PER_MINUTE);
  await world.deploy("digits:3", "3");
  const child = spawn(process.execPath, ["cli/main.ts", "console", "--no-open"], {
    cwd: world.place.root,
    env: { ...process.env, BLUEGREEN_LOCAL_DIRECTORY: world.place.directory },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [first]: unknown[] = await once(child.stdout, "data");
    const address = /http:\S+/.exec(String(first))?.[0] ?? "";
    const loads = [];
    // The first one makes the reader read.
    for (let load = 0; load <= LOADS; load += 1) loads.push(await measureLoad(browser, address));
    const warm = loads.slice(1);
    return {
      firstPaintMs: median(warm.map(({ paintMs }) => paintMs)),
      verdictMs: median(warm.map(({ verdictMs }) => verdictMs)),
      transferredBytes: Math.max(...warm.map(({ bytes }) => bytes)),
      statusSeconds: median(Array.from({ length: STATUSES }, () => statusSeconds(world))),
    };
  } finally {
    child.kill("SIGTERM");
    await users.leave();
    await world.close();
  }
}

/** In a context of its own, so that nothing is in a cache. */
async function measureLoad(browser: Browser, address: string) {
  const startedMs = performance.now();
  const { page } = await openPage(browser, address);
  const verdictMs = tenths(performance.now() - startedMs);
  await page.waitForSelector("#history table");
  const seen: unknown = await page.evaluate(`({
    paintMs: ${PAINT},
    bytes: [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .reduce((sum, { transferSize }) => sum + transferSize, 0),
  })`);
  // As the script above makes it.
  const { paintMs, bytes } = seen as { readonly paintMs: number; readonly bytes: number };
  await page.context().close();
  return { paintMs: tenths(paintMs), bytes, verdictMs };
}

async function wordPaintMs(browser: Browser): Promise<number> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><p>word</p>");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const context = await browser.newContext();
  const page = await context.newPage();
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The page has no port.");
  await page.goto(`http://127.0.0.1:${address.port}/`);
  let paintMs: unknown;
  while (typeof paintMs !== "number") {
    paintMs = await page.evaluate(PAINT);
    if (paintMs === undefined) await page.waitForTimeout(20);
  }
  await context.close();
  server.closeAllConnections();
  server.close();
  return tenths(paintMs);
}

function statusSeconds(world: World): number {
  const startedMs = performance.now();
  const ran = spawnSync(process.execPath, [join(world.place.root, "cli", "main.ts"), "status", "--json"], {
    cwd: world.place.root,
    env: { ...process.env, BLUEGREEN_LOCAL_DIRECTORY: world.place.directory },
  });
  if (ran.status !== 0) throw new Error(String(ran.stderr));
  return Math.round(performance.now() - startedMs) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

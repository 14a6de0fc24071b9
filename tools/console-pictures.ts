/**
 * `npm run picture:console`: releases two models on a local cloud of its own, and takes the pictures of the console that
 * the documents show: one while the candidate has a part of the users, one after the gates rolled a bad model back. With
 * a folder as argument, every view (desk and phone, light and dark, whole pages) goes there, to be looked at.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { BROWSER, launch, openPage } from "../test/scenario/support/browser.ts";
import { aStack, type World } from "../test/scenario/support/world.ts";

const SPEED = 20;
const REQUESTS_PER_MINUTE = 240;
/** A rollout ends within this, also on a busy machine. */
const PATIENCE_MS = 600_000;
const DOCUMENTS = join(import.meta.dirname, "..", "docs", "seeing");
const BAD_MODEL = "node examples/digits/service.ts --model=2 --version=4 --fault=one-in-N-fails:3";
const VIEWS = {
  desk: {},
  "desk-dark": { dark: true },
  phone: { width: 390, height: 844 },
  "phone-dark": { width: 390, height: 844, dark: true },
} as const;
type ViewName = keyof typeof VIEWS;

if (BROWSER === undefined) throw new Error("There is no Chromium here: apt-get install chromium.");
const [folder] = process.argv.slice(2);
if (folder !== undefined) mkdirSync(folder, { recursive: true });
const world = await aStack({
  speed: SPEED,
  rollout: { steps: [10, 50, 100], bakeMinutes: 10, maxBlindSpots: [0.1], deadlineMinutes: 240 },
  blue: { image: "digits:1", modelVersion: "1" },
});
const users = world.users(REQUESTS_PER_MINUTE);
const served = await startConsole(world);
const browser = await launch();
try {
  await takePictures(world, await openViews(browser, served.address));
} finally {
  await browser.close();
  served.end();
  await users.leave();
  await world.close();
}

type Views = ReadonlyMap<ViewName, Page>;

async function takePictures(world: World, views: Views): Promise<void> {
  await world.deploy("digits:2", "2");
  await world.test();
  const good = world.start("rollout", "--json");
  await everywhere(views, ".timeline > li >> nth=1");
  await everywhere(views, "[data-slot=green] .share:has-text('50 %')");
  // The last step of two is watched for a while.
  await everywhere(views, "#blind-now:has-text('would be seen')");
  await pictures(views, "running", "desk");
  await good.ended;
  await everywhere(views, "#sentence:has-text('promoted')");
  await pictures(views, "promoted");
  await world.run("deploy", "digits:2", "--model-version", "4", "--command", BAD_MODEL);
  await world.run("rollout", "--skip-tests", "--json");
  await everywhere(views, "#sentence:has-text('rolledBack')");
  await pictures(views, "rolled-back", "desk-dark");
}

async function pictures(views: Views, moment: string, documented?: ViewName): Promise<void> {
  for (const [name, page] of views) {
    if (folder !== undefined) {
      await page.screenshot({ path: join(folder, `${moment}-${name}.png`) });
      await page.screenshot({ path: join(folder, `${moment}-${name}-whole.png`), fullPage: true });
    } else if (name === documented) {
      await page.screenshot({ path: join(DOCUMENTS, `console-${moment}.png`) });
    }
  }
}

async function everywhere(views: Views, selector: string): Promise<void> {
  for (const page of views.values()) await page.waitForSelector(selector, { timeout: PATIENCE_MS });
}

async function openViews(browser: Browser, address: string): Promise<Views> {
  const views = new Map<ViewName, Page>();
  for (const name of ["desk", "desk-dark", "phone", "phone-dark"] as const)
    if (folder !== undefined || name === "desk" || name === "desk-dark")
      views.set(name, (await openPage(browser, address, VIEWS[name])).page);
  return views;
}

async function startConsole({ place }: World) {
  const child = spawn(process.execPath, ["cli/main.ts", "console", "--no-open"], {
    cwd: place.root,
    env: { ...process.env, BLUEGREEN_LOCAL_DIRECTORY: place.directory },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [first]: unknown[] = await once(child.stdout, "data");
  const address = /http:\S+/.exec(String(first))?.[0];
  if (address === undefined) throw new Error(`no address in ${String(first)}`);
  return { address, end: () => child.kill("SIGTERM") };
}

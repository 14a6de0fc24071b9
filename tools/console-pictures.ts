/**
 * `npm run picture:console`: releases two models on a local cloud of its own, and takes the pictures of the console that
 * the documents show: one while the candidate has a part of the users, one after the gates rolled a bad model back. With
 * a folder as argument, every view (desk and phone, light and dark, the first screen and the whole page) goes there, to be
 * looked at.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright-core";
import { BROWSER, launch, openPage } from "../test/scenario/support/browser.ts";
import { aStack, type World } from "../test/scenario/support/world.ts";

const SPEED = 10;
const REQUESTS_PER_MINUTE = 120;
/** A rollout ends within this, also on a busy machine. */
const PATIENCE_MS = 600_000;
/** How long the second share is watched before its picture is taken: half of its bake. */
const WATCHED_MS = (2 * 60_000) / SPEED;
const DOCUMENTS = join(import.meta.dirname, "..", "docs", "seeing");
const BAD_MODEL = "node examples/digits/service.ts --model=2 --version=4 --fault=one-in-N-fails:3";
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const VIEWS = [
  { name: "desk", size: DESK, colorScheme: "light" },
  { name: "desk-dark", size: DESK, colorScheme: "dark" },
  { name: "phone", size: PHONE, colorScheme: "light" },
  { name: "phone-dark", size: PHONE, colorScheme: "dark" },
] as const;
type View = (typeof VIEWS)[number]["name"];

if (BROWSER === undefined) throw new Error("There is no Chromium here: apt-get install chromium.");
const [folder] = process.argv.slice(2);
if (folder !== undefined) mkdirSync(folder, { recursive: true });
const world = await aStack({
  speed: SPEED,
  rollout: { steps: [10, 50, 100], bakeMinutes: 5, maxBlindSpots: [0.5, 0.1, 0.1], deadlineMinutes: 240 },
  // The pictures are of a release, and not of how busy this machine is.
  thresholds: { slowSeconds: 10 },
  blue: { image: "digits:1", modelVersion: "1" },
});
const users = world.users(REQUESTS_PER_MINUTE);
const served = await startConsole(world);
const browser = await launch();
try {
  const { page } = await openPage(browser, served.address);
  page.setDefaultTimeout(PATIENCE_MS);
  await takePictures(world, page);
} finally {
  await browser.close();
  served.end();
  await users.leave();
  await world.close();
}

async function takePictures(world: World, page: Page): Promise<void> {
  await world.deploy("digits:2", "2");
  await world.test();
  // On a machine that is too busy for the tests' own clock, they are passed over.
  const good = world.start("rollout", "--skip-tests", "--json");
  await page.waitForSelector("[data-slot=green] .share:has-text('50 %')");
  await delay(WATCHED_MS);
  await pictures(page, "running", "desk");
  await good.ended;
  await page.waitForSelector("#sentence:has-text('promoted')");
  await pictures(page, "promoted");
  await world.run("deploy", "digits:2", "--model-version", "4", "--command", BAD_MODEL);
  await world.run("rollout", "--skip-tests", "--json");
  await page.waitForSelector("#sentence:has-text('rolledBack')");
  await pictures(page, "rolled-back", "desk-dark");
}

async function pictures(page: Page, moment: string, documented?: View): Promise<void> {
  for (const { name, size, colorScheme } of VIEWS) {
    if (folder === undefined && name !== documented) continue;
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    // The charts are made anew for the width, and drawn with the next reading.
    await delay(2_000);
    const path = folder === undefined ? DOCUMENTS : folder;
    const file = folder === undefined ? `console-${moment}` : `${moment}-${name}`;
    await page.screenshot({ path: join(path, `${file}.png`) });
    if (folder !== undefined)
      await page.screenshot({ path: join(path, `${file}-whole.png`), fullPage: true });
  }
}

async function startConsole({ place }: World) {
  const child = spawn(process.execPath, ["cli/main.ts", "console", "--no-open"], {
    cwd: place.root,
    env: {
      ...process.env,
      BLUEGREEN_LOCAL_DIRECTORY: place.directory,
      // Where the world's verbs write down that they run (test/scenario/support/verb.ts).
      BLUEGREEN_STATE_DIRECTORY: join(place.directory, "state-of-user"),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [first]: unknown[] = await once(child.stdout, "data");
  const address = /http:\S+/.exec(String(first))?.[0];
  if (address === undefined) throw new Error(`no address in ${String(first)}`);
  return { address, end: () => child.kill("SIGTERM") };
}

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import { Refused, type ConsoleServer } from "../../../cli/console/http/server.ts";
import type { ConsoleState } from "../../../cli/console/state/console-state.ts";
import { perSlot } from "../../../contract/slot.ts";
import { buttonsUnread } from "../../../cli/console/steer/buttons.ts";
import { cannedConsole } from "../../cli/console/support/canned-console.ts";
import { MARKUP } from "../../cli/console/support/canned-state.ts";
import { BROWSER, launch, openPage, violations } from "../support/browser.ts";

it("has in its scripts the types that their comments say", () => {
  const root = join(import.meta.dirname, "..", "..", "..");
  const compiler = join(
    createRequire(import.meta.url).resolve("typescript/package.json"),
    "..",
    "bin",
    "tsc",
  );
  const args = [compiler, "--noEmit", "-p", join(root, "cli", "console", "page")];
  expect(spawnSync(process.execPath, args, { encoding: "utf8" }).stdout).toBe("");
});

const VIEWS = [
  ["on a desk", {}],
  ["on a desk, dark", { dark: true }],
  ["on a phone", { width: 390, height: 844 }],
  ["on a phone, dark", { width: 390, height: 844, dark: true }],
] as const;

describe.skipIf(BROWSER === undefined)("the console's page in Chromium", () => {
  let browser: Browser;
  let server: ConsoleServer;
  beforeAll(async () => {
    browser = await launch();
    server = await cannedConsole(MARKUP);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it.each(VIEWS)("has no violation that axe-core knows, %s", async (_, view) => {
    const { page, problems } = await openPage(browser, server.address, view);
    await page.waitForSelector("#history table");
    await page.evaluate(`document.querySelectorAll("details").forEach((one) => (one.open = true))`);
    expect(await violations(page)).toEqual([]);
    for (const open of ["#do-revert", "#do-promote", "#do-resume", "#help"]) {
      await page.click(open, { force: true });
      expect([open, await violations(page)]).toEqual([open, []]);
      await page.keyboard.press("Escape");
    }
    // Nothing is scrolled sideways.
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect(problems).toEqual([]);
  });

  it("shows markup of a model version, an alarm and a log line as text, and runs none of it", async () => {
    const { page, problems } = await openPage(browser, server.address);
    await page.waitForSelector("#logs pre", { state: "attached" });
    await page.evaluate(`document.querySelectorAll("details").forEach((one) => (one.open = true))`);
    for (const part of [
      "#sentence",
      "#traffic",
      "#next",
      "#logs",
      "#config",
      "#history",
      "#timeline",
      "#evidence",
      "#charts",
    ]) {
      expect(await page.textContent(part)).toContain(MARKUP);
    }
    expect(
      await page.evaluate("document.images.length + document.querySelectorAll('main script').length"),
    ).toBe(0);
    expect(await page.title()).not.toBe("owned");
    expect(problems).toEqual([]);
  });

  it("takes its token out of the address, and keeps it through a reload", async () => {
    const { page } = await openPage(browser, server.address);
    expect(page.url()).not.toContain("token");
    await page.reload();
    await page.waitForSelector("#short:not(:has-text('Reading the stack'))");
    expect(await page.textContent("#sentence")).toContain("blue 90 %");
  });

  it("is steered by keys alone: the dialog opens with r, has the focus, and Escape leaves it", async () => {
    const { page } = await openPage(browser, server.address);
    await page.waitForSelector("#do-revert");
    await page.keyboard.press("r");
    expect(await page.textContent("#dialog-title")).toBe("Revert");
    expect(await page.evaluate("document.activeElement?.id")).toBe("do-it");
    await page.keyboard.press("Escape");
    expect(await page.evaluate("document.getElementById('dialog').open")).toBe(false);
    await page.keyboard.press("?");
    expect(await page.textContent("#dialog-title")).toBe("Keys");
  });

  it("says when the console is gone, and of when its numbers are", async () => {
    const own = await cannedConsole();
    const { page } = await openPage(browser, own.address);
    await own.close();
    await page.waitForSelector("#short:has-text('The console does not answer')");
    expect(await page.textContent("#sentence")).toMatch(/of \d\d:\d\d:\d\d/);
    expect(await page.evaluate("document.body.classList.contains('old')")).toBe(true);
  });

  it("says so when the stack cannot be read, shows no old number as a new one, and keeps the way back", async () => {
    let failed: ConsoleState["failed"];
    const shown = (state: ConsoleState): ConsoleState =>
      failed === undefined
        ? state
        : { ...state, at: undefined, status: undefined, buttons: buttonsUnread(String), failed };
    const own = await cannedConsole("digits", { shown });
    const { page, problems } = await openPage(browser, own.address);
    await page.waitForSelector("#do-revert");
    failed = { code: "BG152", message: "No local cloud runs here.", fix: "Start it." };
    await page.waitForSelector("#short:has-text('Cannot be read')");
    expect(await page.textContent("#sentence")).toBe("BG152 No local cloud runs here. Start it.");
    expect(await page.textContent("#of-when")).toMatch(/is of \d\d:\d\d:\d\d/);
    expect(await page.evaluate("document.body.classList.contains('old')")).toBe(true);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("p");
    expect(await page.textContent("#dialog")).toContain("Not now: the stack cannot be read");
    await page.keyboard.press("Escape");
    await page.keyboard.press("r");
    expect(await page.textContent("#will")).toContain("not known");
    await page.keyboard.press("Escape");
    failed = undefined;
    await page.waitForSelector("body:not(.old)");
    expect(await page.textContent("#of-when")).toBe("");
    expect(problems).toEqual([]);
    await own.close();
  });

  it("sends what its dialog said, and says anew what has changed while it stood open", async () => {
    let to: "blue" | "green" = "blue";
    const written: unknown[] = [];
    const shown = (state: ConsoleState): ConsoleState => ({
      ...state,
      wayBack: { to, closed: undefined, command: "", will: "" },
      buttons: state.buttons.map((one) => ({ ...one, will: `All users go to ${to}.` })),
    });
    const own = await cannedConsole("digits", { shown, written: (body) => written.push(body) });
    const { page } = await openPage(browser, own.address);
    await page.waitForSelector("#do-revert");
    await page.keyboard.press("r");
    expect(await page.textContent("#will")).toBe("All users go to blue.");
    // Who clicks just when the words change has not meant the new ones.
    await page.evaluate(`new MutationObserver(() => document.getElementById("do-it").click())
      .observe(document.getElementById("will"), { childList: true })`);
    to = "green";
    await page.waitForSelector("#will:has-text('All users go to green.')");
    expect(await page.textContent("#changed")).toContain("has changed");
    expect(written).toEqual([]);
    await page.waitForTimeout(1_100);
    await page.click("#do-it");
    await page.waitForSelector("#run");
    expect(written).toEqual([{ verb: "revert", reason: "", to: "green" }]);
    await own.close();
  });

  it("does not call a candidate good that gave its users back", async () => {
    const retreat = { at: "2026-11-30T11:00:00.000Z", from: 10, reason: "in doubt" };
    const shown = ({ status, ...state }: ConsoleState): ConsoleState => {
      const release = status?.release && { ...status.release, weight: 0, retreats: [retreat] };
      const alarms = { "error-rate": "OK" };
      const slots = status && perSlot((slot) => ({ ...status.slots[slot], alarms }));
      return {
        ...state,
        unreadable: [],
        status: status && slots && { ...status, drift: [], release, slots },
      };
    };
    const own = await cannedConsole("digits", { shown });
    const { page } = await openPage(browser, own.address);
    expect(await page.textContent("#short")).toBe("In doubt: the candidate gave its users back");
    await own.close();
  });

  it("says what to do when it was opened without its token", async () => {
    const { page } = await openPage(browser, server.address.replace(/#.*/, ""));
    expect(await page.textContent("#short")).toBe("This page was opened without its token");
    expect(await page.textContent("#sentence")).toContain("open the address that the console printed");
  });

  it("shows logs again that were not readable for a while, and counts time from one reading to the next", async () => {
    let isBroken = true;
    const before = (path: string) => {
      if (isBroken && path === "/api/logs") throw new Refused(503, "no logs now");
    };
    const shown = (state: ConsoleState) => ({ ...state, minutes: undefined });
    const own = await cannedConsole("digits", { shown, before });
    const { page } = await openPage(browser, own.address);
    await page.waitForSelector("#logs:has-text('no logs now')");
    const clock = async () => Date.parse(`2026-11-30T${(await page.textContent("#clock"))?.slice(0, 8)}Z`);
    const first = await clock();
    isBroken = false;
    await page.waitForSelector("#logs:has-text('task green1')");
    // The same reading for all that time: its clock goes on, and does not jump back with each answer.
    expect(await clock()).toBeGreaterThan(first + 5_000);
    await own.close();
  });
});

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "playwright-core";
import type { ConsoleServer } from "../../../cli/console/http/server.ts";
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
  });
});

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BROWSER, launch } from "../../scenario/support/browser.ts";
import { firstScreen } from "../../../validation/report/page/first-screen.ts";
import { reportHtml } from "../../../validation/report/page/page.ts";
import { RECORDED, recorded } from "./support/recorded.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
] as const;

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

describe.skipIf(BROWSER === undefined)(
  `a report from disk in a real browser${BROWSER === undefined ? " (skipped: there is none here)" : ""}`,
  () => {
    let directory: string;
    let browser: Browser;
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), "report-"));
      browser = await launch();
    });
    afterAll(async () => {
      await browser.close();
      await rm(directory, { recursive: true, force: true });
    });

    async function opened(
      name: (typeof RECORDED)[number],
      viewport: (typeof SIZES)[number],
      colorScheme: "light" | "dark",
      use: (page: Page) => Promise<void>,
    ): Promise<void> {
      const file = join(directory, `${name}.html`);
      await writeFile(
        file,
        reportHtml(recorded(name), (text) => text),
      );
      const context = await browser.newContext({ viewport, colorScheme });
      const page = await context.newPage();
      const said: string[] = [];
      page.on("console", (message) => said.push(message.text()));
      page.on("request", (request) => {
        if (!request.url().startsWith("file:")) said.push(`asked for ${request.url()}`);
      });
      try {
        await page.goto(pathToFileURL(file).href);
        await use(page);
        // The policy's own refusals are said here: of a sheet whose digest is wrong, of anything that would be loaded.
        expect(said).toEqual([]);
      } finally {
        await context.close();
      }
    }

    it.each(RECORDED)(
      "has nothing in %s that axe-core finds wrong, light and dark, wide and narrow",
      async (name) => {
        for (const size of SIZES)
          for (const colors of ["light", "dark"] as const)
            await opened(name, size, colors, async (page) => {
              await page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))");
              // Of the browser's own tools, which a page's policy does not hold.
              await page.evaluate(await readFile(AXE, "utf8"));
              // What axe.run answers with, as its documentation has it.
              const found = (await page.evaluate("axe.run()")) as {
                readonly violations: readonly Violation[];
              };
              const wrong = found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
              expect([size.width, colors, ...wrong]).toEqual([size.width, colors]);
            });
      },
      120_000,
    );

    it("shows of a rolled-back release at 1280 by 800 what happened, to whom, why, where traffic is and what to do, without scrolling", async () => {
      const { word, what, affected, evidence, traffic, next, deciding } = firstScreen(
        recorded("rolled-back"),
      );
      await opened("rolled-back", SIZES[0], "light", async (page) => {
        const wanted = [
          `${word}: ${what}`,
          ...affected,
          evidence?.words ?? "",
          deciding?.candidate ?? "",
          deciding?.active ?? "",
          deciding?.interval ?? "",
          traffic,
          ...next.flatMap(({ command }) => command ?? []),
        ];
        for (const text of wanted) {
          const box = await page.getByText(text, { exact: false }).first().boundingBox();
          expect([text, box !== null && box.y >= 0 && box.y + box.height <= 800]).toEqual([text, true]);
        }
      });
    });

    it("says of a promoted release at 1280 by 800 what was proven and what was not", async () => {
      await opened("promoted", SIZES[0], "light", async (page) => {
        for (const title of ["What was proven", "What was not proven"]) {
          const box = await page.getByText(title, { exact: true }).locator("..").boundingBox();
          expect([title, box !== null && box.y + box.height <= 800]).toEqual([title, true]);
        }
      });
    });

    it.each(RECORDED)("is as wide as a phone in %s, and no wider", async (name) => {
      await opened(name, SIZES[1], "light", async (page) => {
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
      });
    });
  },
);

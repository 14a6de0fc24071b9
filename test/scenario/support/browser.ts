import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium, type Browser, type Page } from "playwright-core";
import { isRecord } from "../../../contract/config/field.ts";
import { BROWSER } from "../../../packages/local-cloud/test/access/support/browser.ts";

export { BROWSER };

/** Debian's own, without a window; root, who runs tests in a container, has no sandbox. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: BROWSER ?? "", args: ["--no-sandbox", "--disable-dev-shm-usage"] });

/** Opens a page, and fails whoever asks `problems` for what went wrong in it. */
export async function openPage(
  browser: Browser,
  address: string,
  view: { width?: number; height?: number; dark?: boolean } = {},
) {
  const { width = 1280, height = 800, dark = false } = view;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
  });
  const page = await context.newPage();
  // The bound after which what never came fails; the first reading of a busy machine takes long.
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.goto(address);
  await page.waitForSelector("#short:not(:has-text('Reading the stack'))");
  return { page, problems };
}

/** What axe-core finds wrong, a line each. */
export async function violations(page: Page): Promise<readonly string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  const found: unknown = await page.evaluate("axe.run(document)");
  const all = isRecord(found) && Array.isArray(found["violations"]) ? found["violations"] : undefined;
  if (all === undefined) throw new Error("axe-core has no answer");
  return all.map((one) => JSON.stringify(isRecord(one) ? [one["id"], one["nodes"]] : one).slice(0, 700));
}

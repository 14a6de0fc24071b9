import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveConsole, type ConsoleServer } from "../../../cli/console/http/server.ts";

const PAGE = join(import.meta.dirname, "..", "..", "..", "cli", "console", "page");

let server: ConsoleServer;
beforeAll(async () => {
  server = await serveConsole(async () => ({}), {});
});
afterAll(() => server.close());

const page = async () => {
  const answer = await fetch(new URL("/", server.address));
  return { policy: answer.headers.get("content-security-policy"), body: await answer.text() };
};

describe("the console's page", () => {
  it("waits for no other file until a person sees it, and its policy allows the styles in it by their digests", async () => {
    const { policy, body } = await page();
    expect(body).not.toMatch(/rel="stylesheet"/);
    const styles = [...body.matchAll(/<style>(.*?)<\/style>/gs)].map(([, style = ""]) => style);
    expect(styles).toHaveLength(3);
    const digests = styles.map((style) => `'sha256-${createHash("sha256").update(style).digest("base64")}'`);
    expect(policy).toContain(`style-src 'self' ${digests.join(" ")};`);
    // What a style fetches would be of another origin, or one more answer to wait for.
    expect(styles.join("")).not.toMatch(/@import|url\(/);
  });

  it("asks for all of its modules at once, and not for each when another one imports it", async () => {
    const { body } = await page();
    const asked = [...body.matchAll(/rel="modulepreload" href="\/([^"]+)"/g)].map(([, name]) => name);
    const imported = readdirSync(PAGE)
      .filter((name) => name.endsWith(".js"))
      .flatMap((name) => [...readFileSync(join(PAGE, name), "utf8").matchAll(/from "\.\/([^"]+)"/g)])
      .map(([, name]) => name);
    expect(asked.toSorted()).toEqual([...new Set(imported)].toSorted());
  });
});

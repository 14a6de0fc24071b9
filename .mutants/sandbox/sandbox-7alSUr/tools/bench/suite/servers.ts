import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRecord } from "../../../contract/config/field.ts";
import { ROOT } from "../../../test/servers/support/environments.ts";

/** Real servers that were tried, each as blue and as green, and those that went through all of it. */
export async function tryServers() {
  const folder = await mkdtemp(join(tmpdir(), "bench-suite-"));
  const report = join(folder, "report.json");
  const words = ["vitest", "run", "--reporter=json", `--outputFile=${report}`];
  const env = { ...process.env, STORIES: "servers" };
  const child = spawn("npx", words, { cwd: ROOT, env, stdio: ["ignore", "inherit", "inherit"] });
  await once(child, "close");
  const result = serversIn(JSON.parse(await readFile(report, "utf8")));
  await rm(folder, { recursive: true });
  return result;
}

/** By the titles of the suites, which name the images of their pair. */
export function serversIn(report: unknown) {
  const files = isRecord(report) && Array.isArray(report["testResults"]) ? report["testResults"] : [];
  const tests = files
    .filter(isRecord)
    .flatMap(({ assertionResults }) => (Array.isArray(assertionResults) ? assertionResults : []))
    .filter(isRecord);
  const tried = new Set<string>();
  const failed = new Set<string>();
  for (const { ancestorTitles, status } of tests) {
    const images = String(ancestorTitles).match(/[a-z-]+:\d+/g) ?? [];
    if (status !== "passed" && status !== "failed") continue;
    for (const image of images) {
      tried.add(image);
      if (status === "failed") failed.add(image);
    }
  }
  return { tried: tried.size, passed: tried.size - failed.size };
}

import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isRecord } from "../../contract/config/field.ts";
import type { Stranger } from "./stranger.ts";

export interface Findings {
  readonly promoted: boolean;
  readonly rolledBack: boolean;
  /** Resources that an update changed which changed nothing but a weight. */
  readonly weightChangeResources: number;
  /** Of the one model while the program is refused for the other one. */
  readonly revertWhileOtherBroken: { readonly seconds: number; readonly usersBack: boolean };
}

/** A bad release, a good one, and a revert, of one of two models in a stack, by someone who has users. */
export async function wholeRelease(
  user: Stranger,
  directory: string,
  tell: (what: string) => void,
): Promise<Findings> {
  for (const [index, step] of ["50", "100"].entries())
    await user.bluegreen(["pulumi", "config", "set", "--path", `rollout.steps[${index}]`, step]);
  await appendFile(join(directory, "index.ts"), SECOND);
  await user.bluegreen(["pulumi", "up", "--yes", "--skip-preview"]);
  await user.bluegreen(["deploy", "digits:1", "--model-version", "1"]);
  await user.bluegreen(["deploy", "digits:2", "--model-version", "2", "--model", "scores"]);
  const endTraffic = await user.goesOn(["local", "--traffic", "120"], /^traffic: .* to http/);
  try {
    await user.bluegreen(["deploy", "digits:3-flaky", "--model-version", "3"]);
    const bad = await user.bluegreen(["rollout", "--skip-tests", "--json"], [0, 10, 11, 20]);
    tell(sentenceOf(bad.stdout));
    await user.bluegreen(["deploy", "digits:2", "--model-version", "2"]);
    const weightChangeResources = await shiftManually(user);
    await user.bluegreen(["test"]);
    const good = await user.bluegreen(["rollout", "--json"], [0, 10, 11, 20]);
    tell(sentenceOf(good.stdout));
    return {
      promoted:
        resultOf(good.stdout) === "promoted" && (await allAnswerAs("2", await urlOf(user), directory)),
      rolledBack: bad.exitCode === 20 && resultOf(bad.stdout) === "rolledBack",
      weightChangeResources,
      revertWhileOtherBroken: await revertBesideBroken(user, directory, tell),
    };
  } finally {
    await endTraffic();
  }
}

/** With nothing but Pulumi: a quarter of the users to green, and back. */
async function shiftManually(user: Stranger): Promise<number> {
  const counts: number[] = [];
  for (const weight of ["25", "0"]) {
    await user.bluegreen(["pulumi", "config", "set", "greenWeight", weight]);
    const { stdout } = await user.bluegreen(["pulumi", "up", "--yes", "--skip-preview"]);
    // As Pulumi sums an update up: "    ~ 1 updated", "    46 unchanged".
    const changes = stdout.matchAll(/^ +(?:\+|-|~|\+-)+ +(\d+) (?:created|updated|deleted|replaced)/gm);
    counts.push([...changes].reduce((sum, [, count]) => sum + Number(count), 0));
  }
  return Math.max(...counts);
}

const SECOND = `
const other = new BlueGreenService("scores", { thresholds: { maxErrorRate: 0.05 } });
export const scores = other.outputs;
`;

/** The other model has a threshold that no stack may have, so Pulumi can make neither. */
async function revertBesideBroken(
  user: Stranger,
  directory: string,
  tell: (what: string) => void,
): Promise<Findings["revertWhileOtherBroken"]> {
  const path = join(directory, "index.ts");
  const program = await readFile(path, "utf8");
  await writeFile(path, program.replace(SECOND, SECOND.replace("0.05", "7")));
  const up = await user.bluegreen(["pulumi", "up", "--yes", "--skip-preview"], [0, 1, 255]);
  if (up.exitCode === 0) throw new Error("a model that allows 700 % of failures was made");
  const url = await urlOf(user);
  const fromMs = performance.now();
  // 20: users are back, and Pulumi's state follows when its program can be run again.
  const ending = user.bluegreen(["revert", "--reason", "as a test"], [0, 20]);
  const usersBack = await allAnswerAs("1", url, directory);
  const seconds = Math.round(performance.now() - fromMs) / 1000;
  const { stdout, stderr } = await ending;
  tell(`${stderr}${stdout}`.trim());
  return { seconds, usersBack };
}

const urlOf = async (user: Stranger) =>
  (await user.bluegreen(["pulumi", "stack", "output", "url"])).stdout.trim();

const WITHIN_MS = 30_000;

/** Whether users come to be answered by this version: twenty of them at once, as often as it takes. */
async function allAnswerAs(version: string, url: string, directory: string): Promise<boolean> {
  const [line = ""] = (await readFile(join(directory, "golden.jsonl"), "utf8")).split("\n");
  const { label: _, ...example } = JSON.parse(line);
  const request = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(example),
  };
  const ask = async () => {
    const found: unknown = await (await fetch(`${url}/predict`, request)).json();
    return isRecord(found) && found["modelVersion"] === version;
  };
  for (const fromMs = performance.now(); performance.now() - fromMs < WITHIN_MS;) {
    const right = await Promise.all(Array.from({ length: 20 }, ask));
    if (right.every((one) => one)) return true;
  }
  return false;
}

const resultOf = (stdout: string) => outcomeIn(stdout)["result"];
const sentenceOf = (stdout: string) => String(outcomeIn(stdout)["sentence"]);

function outcomeIn(stdout: string): Readonly<Record<string, unknown>> {
  const found: unknown = JSON.parse(stdout);
  return isRecord(found) ? found : {};
}

import { setTimeout as pause } from "node:timers/promises";
import { isRecord } from "../../contract/config/field.ts";
import { EXIT } from "../../validation/outcome.ts";
import type { RunningVerb } from "../scenario/support/verb.ts";
import { detectableBy, type Sight } from "./plan/detectable.ts";
import { AFTER_PROMOTION, type PlannedRelease } from "./plan/releases.ts";
import type { Said, Stand } from "./stand.ts";
import type { End, Row } from "./state.ts";

/** The verbs of one model, one after the other; faults find there whatever runs. */
export interface Lane {
  readonly model: string;
  running(): { readonly name: string; readonly verb: RunningVerb } | undefined;
  /** Runs the verb to an end of its own: one that somebody killed is run again. */
  run(name: string, ...args: string[]): Promise<Said>;
}

/** A verb that is killed more often in a row has no such end. */
const MOST_RUNS = 12;
const PAUSE_MS = 3_000;

export function openLane(stand: Stand, model: string, tell: (line: string) => void): Lane {
  let running: ReturnType<Lane["running"]>;
  return {
    model,
    running: () => running,
    async run(name, ...args) {
      for (let count = 1; ; count += 1) {
        const verb = stand.start(name, ...args, "--model", model, "--json");
        running = { name, verb };
        const said = await stand.says(verb).finally(() => {
          running = undefined;
        });
        const isUp = said.exitCode !== undefined && !isUnreachable(said);
        if (isUp || count === MOST_RUNS) return said;
        tell(`${model}: ${name} is run again: ${sentenceOf(said)}`);
        await pause(PAUSE_MS);
      }
    },
  };
}

/** Its cloud was just gone, or an update of the other model lasted too long: what a person runs again. */
const isUnreachable = ({ json, exitCode }: Said) =>
  exitCode === EXIT.failure || (isRecord(json["error"]) && PASSING.includes(String(json["error"]["code"])));
const PASSING = ["BG130", "BG131", "BG150", "BG152", "BG153", "BG230", "BG231"];

export interface Released {
  readonly sight: Sight;
  readonly minute: () => number;
  /** Waits until users have seen so many failures of the version, or so many virtual minutes. */
  readonly failuresOf: (version: string, atLeast: number, minutes: number) => Promise<void>;
  /** Kinds of the planned faults since a minute. */
  readonly disturbedSince: (minute: number) => readonly string[];
}

/** A release, from `deploy` to its end, as a person does it who is there. */
export async function release(lane: Lane, planned: PlannedRelease, world: Released): Promise<Row> {
  const { version, kind, part, after, isTested } = planned;
  const fromMinute = world.minute();
  const fromMs = performance.now();
  const row = (end: End, said: Said, deployMs: number): Row => ({
    model: lane.model,
    version,
    fault: kind === "good" ? "none" : `${kind} ${part}${after === 0 ? "" : ` from ${after} on`}`,
    isGood: kind === "good",
    fromMinute,
    toMinute: world.minute(),
    end,
    retreats: retreatsOf(said),
    detectableBy: detectableBy(planned, world.sight),
    deploySeconds: Math.round(deployMs / 100) / 10,
    sentence: sentenceOf(said),
    disturbedBy: world.disturbedSince(fromMinute),
  });
  const deploy = () => lane.run("deploy", `soak:${version}`, "--model-version", version);
  const first = await deploy();
  // A release of before that nobody has ended: a person reverts it.
  const isOpen = isRecord(first.json["error"]) && first.json["error"]["code"] === "BG110";
  if (isOpen) await lane.run("revert");
  const deployed = isOpen ? await deploy() : first;
  const deployMs = performance.now() - fromMs;
  if (deployed.exitCode !== 0) return row(kind === "crashing" ? "refused" : "error", deployed, deployMs);
  if (isTested) {
    const tested = await lane.run("test");
    if (tested.exitCode !== 0) return row("refused", tested, deployMs);
  }
  const rolled = await lane.run("rollout", ...(isTested ? [] : ["--skip-tests"]));
  const result = rolled.json["result"];
  if (result === "rolledBack") return row("rolledBack", rolled, deployMs);
  if (result === "promoted") {
    const done = row("promoted", rolled, deployMs);
    if (after !== AFTER_PROMOTION) return done;
    await world.failuresOf(version, 20, 90);
    const reverted = await lane.run("revert");
    const isReverted = reverted.exitCode === 0;
    return { ...done, isReverted, sentence: `${done.sentence}; then a person: ${sentenceOf(reverted)}` };
  }
  const reverted = await lane.run("revert");
  const end = result === "waits" && reverted.exitCode === 0 ? "held" : "error";
  return { ...row(end, rolled, deployMs), toMinute: world.minute() };
}

function retreatsOf({ json }: Said): number {
  const { release: open } = json;
  return isRecord(open) && Array.isArray(open["retreats"]) ? open["retreats"].length : 0;
}

function sentenceOf({ json, exitCode, stderr }: Said): string {
  const { error, sentence } = json;
  const said = isRecord(error) ? `${String(error["code"])} ${String(error["message"])}` : sentence;
  return `exit ${exitCode}: ${String(said ?? stderr.slice(-400))}`.slice(0, 600);
}

import { isRecord } from "../../contract/config/field.ts";
import { ownKeys } from "../../contract/config/own-keys.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import type { RanAt } from "./host.ts";
import type { Operation } from "./operations.ts";

/** An update as the history has it. Times are epoch milliseconds. */
export interface Update {
  readonly message: string;
  readonly succeeded: boolean;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly config: StackConfig;
}

export interface Done {
  readonly operation: Operation;
  readonly ran: RanAt;
}

/** Between a verb's last look at the stack and its end. */
const LAST_LOOK_MS = 5_000;

/** `raw`: what `pulumi stack history --json` says of one update of this project. */
export function readUpdate(raw: unknown, project: string): Update {
  if (!isRecord(raw) || !isRecord(raw["config"]))
    throw new Error("an entry of the history has no configuration");
  const texts = Object.entries(raw["config"]).flatMap(([key, value]) =>
    isRecord(value) && typeof value["value"] === "string" ? [[key, value["value"]] as const] : [],
  );
  const parsed = parseConfig(ownKeys(Object.fromEntries(texts), project));
  return {
    message: String(raw["message"]),
    succeeded: raw["result"] === "succeeded",
    startedMs: Date.parse(String(raw["startTime"])),
    endedMs: Date.parse(String(raw["endTime"])),
    config: parsed.ok ? parsed.config : parsed.readable,
  };
}

/**
 * What is wrong with how two operations ended that ran at the same time; nothing: no lock was broken, updates came one
 * after the other, and what was reported is what was deployed. `updates`: all of the history, newest first.
 */
export function problemsOf(
  updates: readonly Update[],
  since: number,
  done: readonly Done[],
): readonly string[] {
  const fresh = updates.slice(0, updates.length - since).toReversed();
  return [
    ...done.flatMap(brokenLock),
    ...overlaps(fresh),
    ...jumps(fresh),
    ...done.flatMap((one) => lostSuccess(updates, one)),
  ];
}

/** Nobody is killed here, so every holder lives. */
function brokenLock({ operation, ran }: Done): readonly string[] {
  const [said] = /cancelling the update of .*/.exec(ran.stderr) ?? [];
  return said === undefined ? [] : [`${operation.kind} broke a living lock: ${said}`];
}

function overlaps(fresh: readonly Update[]): readonly string[] {
  return fresh.flatMap((update, at) => {
    const next = fresh[at + 1];
    return next !== undefined && next.startedMs < update.endedMs
      ? [`two updates ran at once: ${shown(update)} and ${shown(next)}`]
      : [];
  });
}

function jumps(fresh: readonly Update[]): readonly string[] {
  const kept = fresh.filter(({ succeeded }) => succeeded);
  return kept.flatMap((update, at) => {
    const next = kept[at + 1];
    if (next === undefined) return [];
    const by = next.config.generation - update.config.generation;
    return by === 0 || by === 1
      ? []
      : [`the generation changed by ${by} from ${shown(update)} to ${shown(next)}`];
  });
}

const shown = ({ message, config }: Update) => `${JSON.stringify(message)} (generation ${config.generation})`;

/** A verb that said that it had done its work, while the stack as it was then says otherwise. */
function lostSuccess(updates: readonly Update[], { operation, ran }: Done): readonly string[] {
  if (ran.exitCode !== 0) return [];
  const inForce = updates.find(
    ({ succeeded, endedMs }) => succeeded && endedMs <= ran.endedMs - LAST_LOOK_MS,
  );
  const last = updates.find(({ succeeded, endedMs }) => succeeded && endedMs <= ran.endedMs);
  const candidates = [inForce, last].filter((update) => update !== undefined);
  // What came in the verb's very last moments may or may not have been seen by it.
  return candidates.some(({ config }) => holds(operation, ran, config))
    ? []
    : [
        `${operation.kind} reported success, but the stack had ${last === undefined ? "nothing" : shown(last)}`,
      ];
}

function holds(operation: Operation, ran: RanAt, config: StackConfig): boolean {
  const { release, slots, activeSlot, split } = config;
  switch (operation.kind) {
    case "deploy":
      return (
        release !== undefined &&
        release.state !== "rolledBack" &&
        slots[release.slot].modelVersion === operation.version
      );
    case "up":
      return config.thresholds.maxCpuUtilization === operation.percent;
    case "revert":
      return split[activeSlot] === 100 && ran.stdout.includes(`"to":"${activeSlot}"`);
    case "rollout":
      return !ran.stdout.includes('"result":"promoted"') || release?.state === "promoted";
  }
}

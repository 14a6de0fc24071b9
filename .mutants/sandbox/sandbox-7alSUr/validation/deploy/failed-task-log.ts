import type { Slot } from "../../contract/slot.ts";
import type { ServiceReading } from "../core/observation.ts";
import { attempt } from "../reading.ts";
import type { Context } from "../ports.ts";
import type { TaskLog } from "./task-log.ts";

/** So many reasons of ECS, and lines of a log, tell enough; the rest is where the message says. */
const REASONS = 2;
/** ECS's events that say what went on, not what went wrong. */
const WENT_ON = /^(has |registered |deregistered |deployment completed|rolling back )/;
export const LOG_LINES = 5;

/** Everything that is known about why a slot does not serve, over several lines. */
export async function lastWords(
  context: Context,
  slot: Slot,
  /** `family:revision` of what was to run there. */
  requested: string,
  service: ServiceReading | undefined,
  checks: readonly string[],
  /** When it was deployed: what ECS said before was about the model before. Epoch ms of the cloud's clock. */
  sinceMs: number,
  /** Whether what the service runs now is the model before. */
  isFormer = false,
): Promise<string> {
  const found = checks.map((check) => `\n  Its health checks: ${check}.`);
  return `${slot}: ${toldByEcs(service, sinceMs, isFormer)}${found.join("")}\n  ${await lastLines(context, slot, requested)}`;
}

function toldByEcs(service: ServiceReading | undefined, sinceMs: number, isFormer: boolean): string {
  if (service === undefined) return "ECS does not know its service.";
  const { primary, running, desired, events } = service;
  const count = `${running} of ${desired} tasks run, ${primary?.failedTasks ?? 0} have failed.`;
  const own = events.filter(({ atMs }) => atMs >= sinceMs).map(({ message }) => message);
  const reasons = reasonsIn(own).map((reason) => `\n  ECS: ${reason}`);
  const state = primary?.rolloutReason ?? "";
  // Back on the former model: what runs now and how is no news of this one.
  if (isFormer) return reasons.join("").trimStart();
  return [count, state].filter((part) => part !== "").join(" ") + reasons.join("");
}

/**
 * What ECS's events say is wrong, each once, those that give a reason first. Whose event it is stands before it in
 * parentheses, and which target groups it is about is no news: "(service s) (port 80) is unhealthy in (target-group
 * t) due to (reason Health checks failed with these codes: [500])."
 */
export function reasonsIn(events: readonly string[]): readonly string[] {
  const plain = events.map((event) =>
    event
      .replace(/^(\((?:service|deployment|port|task) [^)]*\)\s*)+/, "")
      .replace(/ in \(target-group [^)]*\)/, ""),
  );
  const bad = [...new Set(plain)].filter((event) => !WENT_ON.test(event));
  const withReason = bad.filter((event) => /reason/i.test(event));
  return (withReason.length > 0 ? withReason : bad).slice(0, REASONS);
}

/** Of the newest task that ran what was requested: another one may be of the model before. */
async function lastLines(context: Context, slot: Slot, requested: string): Promise<string> {
  const place = await context.logsOf(slot);
  const logs = await attempt(() => context.lastLines(slot));
  const own = logs.readable
    ? logs.value.find(({ taskDefinition = requested }) => taskDefinition === requested)
    : undefined;
  // That they cannot be had here hides nothing: the place is named.
  // Whichever of its containers it was: each line says whose it is.
  const lines = logs.readable
    ? logs.value.filter(({ taskId }) => taskId === own?.taskId).flatMap(linesOf)
    : [];
  if (own === undefined || lines.length === 0) return `Its log: ${place}.`;
  const whose =
    own.taskDefinition === undefined ? "Its log" : `The log of its task ${own.taskId} (${requested})`;
  return [`${whose}, ${place}, ends with:`, ...lines].join("\n    ");
}

const linesOf = ({ container, lines }: TaskLog): readonly string[] =>
  container === undefined ? lines : lines.map((line) => `${container}: ${line}`);

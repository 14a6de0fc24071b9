import { otherSlot, perSlot, type PerSlot, type Slot } from "../../../contract/slot.ts";
import { askedOnce } from "./read-state.ts";
import { attempt } from "../../../validation/reading.ts";
import { logs } from "../../../validation/insight/logs.ts";
import { requireDeployed } from "../../../validation/stack/apply.ts";
import type { ReadLogs, TaskLog } from "../../../validation/deploy/task-log.ts";
import type { Context } from "../../../validation/ports.ts";

const LINES = 300;

export interface SlotLogs {
  readonly sentence: string;
  readonly tasks: readonly TaskLog[];
  /** The command that follows them; undefined: a local cloud needs none. */
  readonly command: string | undefined;
  /** Kinds of errors by how often they came; first those that the other slot does not have. */
  readonly errors: readonly ErrorKind[];
}

export interface ErrorKind {
  readonly signature: string;
  readonly times: number;
  readonly isNew: boolean;
  /** The newest one, whole. */
  readonly example: string;
}

export interface LogsOfSlots {
  readonly order: readonly Slot[];
  readonly slots: PerSlot<SlotLogs>;
}

/** What the tasks of both slots wrote last, the slot without the active model's first. */
export async function logsOfSlots(subject: {
  readonly context: Context;
  readonly readLogs: ReadLogs;
  readonly target: { readonly kind: "local" | "aws" };
}): Promise<LogsOfSlots> {
  const { readLogs, target } = subject;
  const context = askedOnce(subject.context);
  const { config } = await requireDeployed(context);
  const read = async (slot: Slot) => {
    const found = await attempt(() => logs(context, slot, LINES, readLogs));
    // On AWS the command that follows them, too, whether they can be read from here or not.
    const place =
      target.kind === "aws" ? await attempt(() => logs(context, slot, LINES, undefined)) : undefined;
    const command = place?.readable === true ? place.value.aws?.command : undefined;
    return found.readable ? { ...found.value, command } : { sentence: found.why, tasks: [], command };
  };
  const [blue, green] = await Promise.all([read("blue"), read("green")]);
  const by = { blue, green };
  const slots = perSlot((slot): SlotLogs => {
    const { sentence, tasks, command } = by[slot];
    const others = linesOf(by[otherSlot(slot)].tasks);
    return { sentence, tasks, command, errors: errorKinds(linesOf(tasks), others) };
  });
  const { activeSlot } = config;
  return { order: [otherSlot(activeSlot), activeSlot], slots };
}

const linesOf = (tasks: readonly TaskLog[]) => tasks.flatMap(({ lines }) => lines);

const ERROR =
  /(error|exception)s?\b|\b(fail(ed|s|ure)?|fatal|panic|traceback|refused|timed? ?out|killed|out of memory)\b/i;

/** A line of metrics (CloudWatch Embedded Metric Format) names errors, and is none. */
const isError = (line: string) => ERROR.test(line) && !line.includes('"_aws"');

/** `others`: lines of the other slot. */
export function errorKinds(lines: readonly string[], others: readonly string[]): readonly ErrorKind[] {
  const known = new Set(others.filter(isError).map(signatureOf));
  const kinds = Map.groupBy(lines.filter(isError), signatureOf);
  return [...kinds]
    .map(([signature, all]) => ({
      signature,
      times: all.length,
      isNew: !known.has(signature),
      example: all.at(-1) ?? "",
    }))
    .sort((a, b) => Number(b.isNew) - Number(a.isNew) || b.times - a.times);
}

/** What two lines of the same cause have in common: without times, ids, addresses and numbers. */
export const signatureOf = (line: string): string =>
  line
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, "<id>")
    .replaceAll(/\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b/gi, "<id>")
    .replaceAll(/\b0x[0-9a-f]+\b/gi, "<address>")
    .replaceAll(/\d+(?:[.:,T-]\d+)*Z?/g, "<n>")
    .trim()
    .slice(0, 200);

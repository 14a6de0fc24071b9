import { showSplit } from "../../contract/route/split.ts";
import type { Reporter } from "../../validation/ports.ts";
import type { CheckedEvent, ProgressEvent } from "../../validation/progress.ts";
import { harmless } from "./harmless.ts";
import { frame } from "./frame.ts";

/** Where progress goes: standard error, so that standard output is the result alone. */
export interface Screen {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
}

export function createReporter(screen: Screen): Reporter {
  return screen.isTTY ? liveReporter(screen) : plainReporter(screen);
}

type DescribedEvent = Exclude<ProgressEvent, CheckedEvent>;

const DESCRIBE: {
  readonly [K in DescribedEvent["kind"]]: (event: Extract<DescribedEvent, { kind: K }>) => string;
} = {
  applying: ({ message }) => `applying: ${message}`,
  applied: ({ split, message }) => `live: ${showSplit(split)} (${message})`,
  reverted: ({ to, seconds }) => `all traffic is on ${to} after ${seconds.toFixed(2)} s`,
  preparing: ({ slot, healthy, needed, rolloutState, checks, instead }) => {
    const what =
      instead === undefined
        ? `${healthy} of ${needed} targets healthy${rolloutState === undefined ? "" : `, deployment ${rolloutState}`}`
        : `ECS goes back to ${instead}, of which ${healthy} targets are healthy`;
    return [`${slot}: ${what}`, ...checks].join("; ");
  },
  testing: ({ stage, done, total, secondsLeft }) =>
    `testing: ${stage}, ${done} of ${total}; about ${Math.ceil(secondsLeft)} s left`,
  locked: ({ who }) => `another update holds the stack: ${who}`,
  note: ({ message }) => message,
};

function describe(event: DescribedEvent): string {
  // Each entry takes the event of its own kind, which a lookup by `event.kind` cannot express.
  return (DESCRIBE[event.kind] as (event: DescribedEvent) => string)(event);
}

/** One line for each thing that happened; looks are told when the verdict or the share changes. */
function plainReporter(screen: Screen): Reporter {
  let last = "";
  return {
    report(event) {
      const line = event.kind === "checked" ? event.sentence : describe(event);
      const topic = event.kind === "checked" ? topicOf(event) : line;
      if (topic === last) return;
      last = topic;
      screen.write(`${harmless(line)}\n`);
    },
  };
}

function topicOf({ verdict, split, release }: CheckedEvent): string {
  return `${verdict.kind} ${"why" in verdict ? verdict.why : ""} ${split[release.slot]}`;
}

/** A block that is drawn over itself, with what has happened above it. */
function liveReporter(screen: Screen): Reporter {
  let height = 0;
  const draw = (lines: readonly string[]) => {
    const clear = height === 0 ? "" : `\u001B[${height}A\u001B[0J`;
    height = lines.length;
    screen.write(clear + lines.map((line) => `${fit(harmless(line), screen.columns)}\n`).join(""));
  };
  let block: readonly string[] = [];
  let last = "";
  return {
    report(event) {
      if (event.kind === "checked") {
        block = frame(event);
        draw(block);
        return;
      }
      const line = describe(event);
      if (line === last) return;
      last = line;
      draw([line]);
      height = 0;
      draw(block);
    },
  };
}

function fit(line: string, columns: number): string {
  return line.length < columns ? line : `${line.slice(0, Math.max(0, columns - 2))}…`;
}

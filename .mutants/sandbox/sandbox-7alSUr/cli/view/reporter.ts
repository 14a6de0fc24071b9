import type { Reporter } from "../../validation/ports.ts";
import type { CheckedEvent } from "../../validation/progress.ts";
import { harmless } from "./harmless.ts";
import { liveReporter, type LiveReporter } from "./live.ts";
import type { Screen } from "./screen.ts";
import { describe } from "./words.ts";

export function createReporter(screen: Screen): LiveReporter {
  return screen.isTTY ? liveReporter(screen) : { ...plainReporter(screen), close() {} };
}

/** One line for each thing that happened; looks are told when the verdict or the share changes. */
function plainReporter(screen: Screen): Reporter {
  let last = "";
  return {
    report(event) {
      if (event.kind === "waiting") return;
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

import type { ReleaseRecord } from "../../validation/core/releases.ts";
import type { HistoryOutcome } from "../../validation/insight/history.ts";
import type { LogsOutcome } from "../../validation/insight/logs.ts";

const WORDS: Readonly<Record<ReleaseRecord["outcome"], string>> = {
  promoted: "promoted",
  rolledBack: "rolled back",
  replaced: "replaced",
  inProgress: "in progress",
};

/** `sha256:` and the twelve digits by which people tell images apart; JSON has the whole. */
const SHOWN_OF_DIGEST = 19;

/** `npx bluegreen history` as a table, the newest release first. */
export function showHistory({ sentence, releases }: HistoryOutcome): string {
  if (releases.length === 0) return sentence;
  const head = [
    "release",
    "slot",
    "version",
    "image",
    "digest",
    "outcome",
    "deployed",
    "took",
    "shares",
    "reason",
  ];
  const rows = releases.map((one) => [
    one.id,
    one.slot,
    one.modelVersion ?? "-",
    one.image.split("@")[0] ?? "-",
    one.digest?.slice(0, SHOWN_OF_DIGEST) ?? "-",
    WORDS[one.outcome],
    one.deployedAt.slice(0, 16).replace("T", " "),
    one.seconds === undefined ? "-" : duration(one.seconds),
    one.shares.length === 0 ? "-" : one.shares.join(" → "),
    one.reason,
  ]);
  const table = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  // The last column is as long as it likes.
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join("  ");
  return [...table.map((row) => line(row).trimEnd()), "", sentence].join("\n");
}

/** `45 s`, `12 min`, `3.5 h`, `2.0 days`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(1)} days`;
}

/** `npx bluegreen logs <slot>`: the oldest task first, so that the newest line stands last on the screen. */
export function showLogs({ sentence, requested, tasks, aws }: LogsOutcome): string {
  if (aws !== undefined) return `log group ${aws.logGroup}\n${aws.command}`;
  if (tasks.length === 0) return sentence;
  return tasks
    .toReversed()
    .flatMap(({ taskId, container, taskDefinition, lines }) => {
      const another = taskDefinition === requested ? "" : `, not of ${requested}, which was requested last`;
      const whose = taskDefinition === undefined ? "" : ` of ${taskDefinition}${another}`;
      return [`== ${container === undefined ? "" : `${container} in `}task ${taskId}${whose}`, ...lines];
    })
    .join("\n");
}

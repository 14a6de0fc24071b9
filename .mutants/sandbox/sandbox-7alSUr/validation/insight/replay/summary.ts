import type { ReleaseEnd } from "../../../contract/release/release.ts";
import type { RawMinute } from "../../core/comparison/data.ts";
import { dateTime, whole } from "../../report/words.ts";
import type { PastLook } from "./judge-past.ts";

/** How a past would have gone. */
export interface ReplaySummary {
  readonly result: Extract<ReleaseEnd, "rolledBack"> | "lasted";
  /** ISO 8601: when it was rolled back; undefined: it was not. */
  readonly rolledBackAt: string | undefined;
  /** Per share that there was: after how many minutes it would have advanced; undefined: it would not have. */
  readonly steps: readonly { readonly share: number; readonly advanceAfterMinutes: number | undefined }[];
  readonly sentence: string;
}

export function summaryOf(looks: readonly PastLook[], minutes: readonly RawMinute[]): ReplaySummary {
  const steps = stepsOf(looks);
  const last = looks.at(-1);
  const isBack = last?.verdict.kind === "rollback";
  if (last === undefined || !isBack) {
    const sentence = `would not be rolled back; ${[...doubted(looks), advances(steps)].join("; ")}`;
    return { result: "lasted", rolledBackAt: undefined, steps, sentence };
  }
  const reason = last.verdict.reasons[0] ?? "";
  const before = advances(steps.slice(0, -1));
  const sentence = [
    `would be rolled back at ${dateTime(last.atMs)}, ${last.stepMinutes} min into ${last.share} %: ${reason}`,
    ...doubted(looks),
    ...(before === "" ? [] : [before]),
    spared(last.atMs, minutes),
  ].join("; ");
  return { result: "rolledBack", rolledBackAt: new Date(last.atMs).toISOString(), steps, sentence };
}

/** When its users would have gone back in doubt; only the first time, because the past went on with them. */
function doubted(looks: readonly PastLook[]): readonly string[] {
  const first = looks.find(({ verdict }) => verdict.kind === "retreat");
  if (first === undefined) return [];
  const { atMs, stepMinutes, share, verdict } = first;
  return [
    `would give its users back in doubt at ${dateTime(atMs)}, ${stepMinutes} min into ${share} %: ${verdict.reasons[0] ?? ""}`,
  ];
}

function stepsOf(looks: readonly PastLook[]): ReplaySummary["steps"] {
  const shares = [...new Set(looks.map(({ share }) => share))];
  return shares.map((share) => {
    const first = looks.find(
      (look) => look.share === share && ["advance", "promote"].includes(look.verdict.kind),
    );
    return { share, advanceAfterMinutes: first?.stepMinutes };
  });
}

function advances(steps: ReplaySummary["steps"]): string {
  return steps
    .map(({ share, advanceAfterMinutes: after }) =>
      after === undefined ? `not past ${share} %` : `past ${share} % after ${after} min`,
    )
    .join(", ");
}

/** What came to the candidate after the judge would have rolled it back. */
function spared(atMs: number, minutes: readonly RawMinute[]): string {
  const after = minutes.filter((minute) => minute.atMs >= atMs);
  const sum = (pick: (minute: RawMinute) => number) => after.reduce((total, one) => total + pick(one), 0);
  const requests = sum(({ candidate }) => candidate.requests);
  if (requests === 0) return "nobody came to it after that";
  const failed = sum(({ candidate }) => Math.max(0, candidate.requests - candidate.answered));
  return `${whole(requests)} requests came to it after that, ${whole(failed)} of them failed`;
}

/** The looks at which something else was said than before, and the first of each share. */
export function changes(looks: readonly PastLook[]): readonly PastLook[] {
  const topic = ({ verdict, share }: PastLook) =>
    `${share} ${verdict.kind} ${"why" in verdict ? verdict.why : ""} ${"expired" in verdict && verdict.expired}`;
  return looks.filter((look, at) => {
    const before = looks[at - 1];
    return before === undefined || topic(before) !== topic(look);
  });
}

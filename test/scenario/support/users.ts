import { join } from "node:path";
import { failed, startTraffic, type Answer } from "../../../cli/demo/traffic.ts";
import type { LocalPlace } from "../../../cli/local/place.ts";

/** People who use the model, and what they got. */
export interface Users {
  readonly answers: () => readonly Answer[];
  readonly failures: () => readonly Answer[];
  /** Answers by the model's version; `none`: an error of the load balancer itself, or no answer at all. */
  readonly countByVersion: () => Readonly<Record<string, number>>;
  /** They ask no more; resolves when the last of them has an answer. */
  readonly leave: () => Promise<void>;
}

/** Open-loop users; `requestsPerSecond` in real time. */
export function startUsers({ root }: LocalPlace, url: string, requestsPerSecond: number): Users {
  const goldenPath = join(root, "examples", "digits", "golden.jsonl");
  const traffic = startTraffic({ url, requestsPerSecond, goldenPath });
  let left: Promise<void> | undefined;
  return {
    answers: traffic.answers,
    failures: () => traffic.answers().filter(failed),
    countByVersion: () => {
      const byVersion = Object.groupBy(traffic.answers(), ({ version }) => version ?? "none");
      return Object.fromEntries(
        Object.entries(byVersion).map(([version, answers = []]) => [version, answers.length]),
      );
    },
    leave: () => (left ??= traffic.stop()),
  };
}

/** Whether a request was on its way at this moment (real epoch ms). */
export function wasOut({ realMs, seconds }: Answer, atMs: number): boolean {
  return realMs - seconds * 1000 <= atMs && atMs <= realMs;
}

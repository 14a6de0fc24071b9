import { join } from "node:path";
import { failed, startTraffic, type Answer } from "../../../cli/demo/traffic.ts";
import type { LocalPlace } from "../../../cli/local/place.ts";

/** People who use the model, and what they got. */
export interface Users {
  readonly answers: () => readonly Answer[];
  readonly failures: () => readonly Answer[];
  /** They ask no more; resolves when the last of them has an answer. */
  readonly leave: () => Promise<void>;
}

/** Open-loop users; `requestsPerSecond` in real time. */
export function startUsers(
  { root }: LocalPlace,
  url: string,
  requestsPerSecond: number,
  patienceSeconds?: number,
  withIds = false,
): Users {
  const goldenPath = join(root, "examples", "digits", "golden.jsonl");
  const traffic = startTraffic({ url, requestsPerSecond, goldenPath, patienceSeconds, withIds });
  let left: Promise<void> | undefined;
  return {
    answers: traffic.answers,
    failures: () => traffic.answers().filter(failed),
    leave: () => (left ??= traffic.stop()),
  };
}

/** When the request of this answer was sent, real epoch milliseconds. */
export const sentMs = ({ realMs, seconds }: Answer) => realMs - seconds * 1000;

/** Asks so many times, some at once, and counts the answers by the model's version; `none`: no model answered. */
export async function ask(url: string, times: number): Promise<Readonly<Record<string, number>>> {
  const request = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ features: Array.from({ length: 64 }, () => 0) }),
  };
  const counts: Record<string, number> = {};
  let asked = 0;
  const person = async () => {
    while (asked < times) {
      asked += 1;
      const response = await fetch(`${url}/predict`, request);
      const body = response.ok ? ((await response.json()) as { readonly modelVersion: string }) : undefined;
      const version = body?.modelVersion ?? "none";
      counts[version] = (counts[version] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, person));
  return counts;
}

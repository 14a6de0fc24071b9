import type { Slot } from "../../contract/slot.ts";
import type { Random } from "../core/planning/random.ts";
import type { Ask, Reply } from "../protocols/ask.ts";
import type { RecordedRequest } from "./recorded.ts";

/** What was answered to one request: by the active slot twice, in the order in which it was asked, and by the candidate. */
export interface AnsweredPair {
  readonly request: RecordedRequest;
  readonly first: Reply;
  readonly again: Reply;
  readonly candidate: Reply;
}

export interface PairSettings {
  readonly candidate: Slot;
  readonly active: Slot;
  /** So many requests at a time. */
  readonly concurrency: number;
  readonly random: Random;
  readonly tell: (done: number, total: number) => void;
}

/**
 * Asks each request three times, one directly after the other, in an order that is drawn for each: whatever the machine
 * does meanwhile, and whatever an answer leaves behind in a cache, hits all three alike. The answers are in the order of
 * the requests.
 */
export async function askPairs(
  ask: Ask,
  requests: readonly RecordedRequest[],
  { candidate, active, concurrency, random, tell }: PairSettings,
): Promise<readonly AnsweredPair[]> {
  const pairs: AnsweredPair[] = [];
  let [next, done] = [0, 0];
  const asking = async () => {
    for (let at = next++; ; at = next++) {
      const request = requests[at];
      if (request === undefined) return;
      const { question } = request;
      // The candidate is the first, the second or the last.
      const place = Math.floor(random() * 3);
      const replies: Reply[] = [];
      for (let turn = 0; turn < 3; turn += 1) {
        replies.push(await ask(turn === place ? candidate : active, question));
      }
      const [own] = replies.splice(place, 1);
      const [first, again] = replies;
      if (own === undefined || first === undefined || again === undefined) {
        throw new Error("each request is asked three times");
      }
      pairs[at] = { request, first, again, candidate: own };
      done += 1;
      tell(done, requests.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, asking));
  return pairs;
}

/** So many of a list, drawn without replacement, in their order. */
export function drawn<T>(list: readonly T[], count: number, random: Random): readonly T[] {
  const left = list.map((_, at) => at);
  // Fisher and Yates, as far as it is needed.
  for (let at = 0; at < Math.min(count, list.length - 1); at += 1) {
    const other = at + Math.floor(random() * (left.length - at));
    [left[at], left[other]] = [left[other] ?? at, left[at] ?? at];
  }
  const chosen = new Set(left.slice(0, count));
  return list.filter((_, at) => chosen.has(at));
}

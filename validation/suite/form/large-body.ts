import type { Slot } from "../../../contract/slot.ts";
import { quoted, type Ask, type Reply } from "../../protocols/ask.ts";
import { asked, readOf } from "../../protocols/speaker.ts";
import { check, type Check } from "../check.ts";
import type { Example } from "../golden.ts";
import { picked, type Many } from "../many/many.ts";
import { BY_LOAD_BALANCER, type Sides, type Speakers } from "../measure.ts";

/** So many times the largest of the golden set, between these. */
const TIMES = 10;
const LEAST_BYTES = 16_000;
/** What stands in front of many servers takes no more than a million. */
const MOST_BYTES = 900_000;
/** A slot may fail any request now and then. */
const TRIES = 3;

/**
 * Whether the candidate takes a good request as large as the active slot does: one that is padded with white space, which
 * JSON does not count. The active slot is asked only where the candidate has refused it in its own words.
 */
export async function largeBody(
  ask: Ask,
  { candidate, active }: Sides,
  speakers: Speakers,
  examples: Many<Example>,
): Promise<readonly Check[]> {
  const example = examples.at(0);
  const isJson = [candidate, active ?? candidate].every((slot) =>
    speakers[slot].model.contentType.endsWith("json"),
  );
  if (active === undefined || example === undefined || !isJson) return [];
  const sizes = picked(examples, (one) => asked(speakers[candidate], [one]).body.length);
  let largest = 0;
  for (const size of sizes) largest = Math.max(largest, size);
  const bytes = Math.min(MOST_BYTES, Math.max(LEAST_BYTES, TIMES * largest));
  const padded = async (slot: Slot): Promise<Reply | undefined> => {
    const question = asked(speakers[slot], [example]);
    let reply: Reply | undefined;
    for (let tries = 0; tries < TRIES; tries += 1) {
      reply = await ask(slot, { ...question, body: question.body.padEnd(bytes) });
      if (reply.status === 200 && "values" in readOf(speakers[slot], reply, 1)) return undefined;
    }
    return reply;
  };
  const isSmall = async (slot: Slot) => {
    const reply = await ask(slot, asked(speakers[slot], [example]));
    return reply.status === 200 && "values" in readOf(speakers[slot], reply, 1);
  };
  const result = (answer: Check["answer"], words: string) => [
    check("large-body", answer, `a good request of ${bytes} bytes ${words}`, { bytes }),
  ];
  const refused = await padded(candidate);
  if (refused === undefined) return result("pass", "is answered");
  // What is not answered when it is small says nothing of its size.
  if (!(await isSmall(candidate))) return [];
  if (refused.status === 0 || BY_LOAD_BALANCER.includes(refused.status)) {
    return result("warn", `is not answered: ${quoted(refused)}`);
  }
  const other = await padded(active);
  return other === undefined
    ? result("fail", `is refused (${quoted(refused)}), and the active slot answers it`)
    : result("pass", `is refused (${quoted(refused)}), and by the active slot as well (${quoted(other)})`);
}

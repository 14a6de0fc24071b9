import { matches } from "../../contract/config/model-fields.ts";
import { jsonOf, quoted, shown, type Ask, type Reply } from "../protocols/ask.ts";
import { asked, readOf, type Speaker } from "../protocols/speaker.ts";
import { check, type Check } from "./check.ts";
import type { HealthCheck } from "./conduct.ts";
import { differs } from "./behaviour/differs.ts";
import type { Example } from "./golden.ts";
import type { Machine, Tell } from "./machine.ts";
import { listOf } from "./many/many.ts";
import type { Malformed } from "./malformed/input.ts";
import { malformed } from "./malformed/table.ts";
import {
  answered,
  BY_LOAD_BALANCER,
  hasNoNumber,
  predictionOf,
  type Sides,
  type Speakers,
} from "./measure.ts";

/** After so many that were never answered no more are asked: the service hangs or is gone. */
const MOST_UNANSWERED = 5;
/** No further one is asked after this. */
const LONGEST_SECONDS = 60;
/** So many are named in a reason; all of them are counted. */
const NAMED = 12;

export interface TestedInput {
  /** What the candidate answered rightly before, and how: what it must be able to do afterwards, too. */
  readonly right: Iterable<{ readonly example: Example; readonly value: unknown }>;
  /** Whether the same request gets the same answer, as far as anybody has seen. */
  readonly repeats: boolean;
  readonly example: Example;
}

interface Fault {
  readonly one: Malformed;
  readonly reply: Reply;
}

/**
 * Sends all of it to the candidate, which must be as good afterwards as it was before. What the active slot answers as
 * badly is said and stops nobody; it is asked only what the candidate has answered itself and came through well.
 */
export async function refusesMalformed(
  ask: Ask,
  { candidate, active }: Sides,
  speakers: Speakers,
  healthCheck: HealthCheck,
  tested: TestedInput,
  { wall }: Pick<Machine, "wall">,
  tell: Tell = () => {},
): Promise<readonly Check[]> {
  const speaker = speakers[candidate];
  const table = malformed(speaker, tested.example);
  const untilMs = wall() + LONGEST_SECONDS * 1000;
  const faults: Fault[] = [];
  let slowestSeconds = 0;
  let n = 0;
  for (const one of table) {
    const unanswered = faults.filter(({ reply }) => reply.status === 0).length;
    if (unanswered >= MOST_UNANSWERED || wall() >= untilMs) break;
    const reply = await answerTo(ask, candidate, one, speaker, false);
    n += 1;
    tell(n, table.length);
    slowestSeconds = Math.max(slowestSeconds, reply.seconds);
    if (isFault(one, reply, speaker)) faults.push({ one, reply });
  }
  const after = await wellAfterwards(ask, candidate, speaker, healthCheck, tested);
  const own = faults.filter(({ reply }) => reply.status !== 0 && !BY_LOAD_BALANCER.includes(reply.status));
  const isWell = after.answer === "pass";
  const shared =
    active === undefined || !isWell ? [] : await sharedFaults(ask, active, speakers, own, tested.example);
  const numbers = {
    n,
    refused: n - faults.length,
    asBadly: shared.length,
    of: table.length,
    slowestSeconds,
  };
  return [verdict(faults, shared, n, table.length, numbers), after];
}

/** A slot may fail any request now and then, which is counted elsewhere. */
const TRIES = 3;

/**
 * The answer to a wrong input: an error only when it comes again and again. A server that has closed the connection over
 * the input before makes the load balancer answer 502 to the next one, whatever that is. A slot with users is not asked
 * again what no answer came to.
 */
async function answerTo(
  ask: Ask,
  slot: Sides["candidate"],
  one: Malformed,
  speaker: Speaker,
  hasUsers: boolean,
): Promise<Reply> {
  for (let tries = 1; ; tries += 1) {
    const reply = await ask(slot, one.question);
    const isSpared = hasUsers && BY_LOAD_BALANCER.includes(reply.status);
    if (reply.status < 500 || isSpared || !isFault(one, reply, speaker) || tries === TRIES) return reply;
  }
}

/** Those of the faults that the active slot has, too. */
async function sharedFaults(
  ask: Ask,
  active: Sides["candidate"],
  speakers: Speakers,
  faults: readonly Fault[],
  example: Example,
): Promise<readonly Fault[]> {
  const speaker = speakers[active];
  const table = new Map(malformed(speaker, example).map((one) => [one.what, one]));
  const shared: Fault[] = [];
  for (const fault of faults) {
    const same = table.get(fault.one.what);
    if (same === undefined) continue;
    if (isFault(same, await answerTo(ask, active, same, speaker, true), speaker)) shared.push(fault);
  }
  return shared;
}

function verdict(
  faults: readonly Fault[],
  shared: readonly Fault[],
  n: number,
  total: number,
  numbers: Check["numbers"],
): Check {
  const proven = faults.filter((fault) => !shared.includes(fault));
  const rest = n < total ? `; ${total - n} of ${total} were not asked any more` : "";
  if (proven.length > 0) return check("malformed-input", "fail", `${words(proven)}${rest}`, numbers);
  if (n < total) {
    return check(
      "malformed-input",
      "insufficient",
      `${n} of ${total} in ${LONGEST_SECONDS} s${rest}`,
      numbers,
    );
  }
  if (shared.length > 0) {
    return check("malformed-input", "warn", `the active slot answers as badly: ${words(shared)}`, numbers);
  }
  return check(
    "malformed-input",
    "pass",
    `${n} wrong inputs were refused with a 4xx in time, or did no harm`,
    numbers,
  );
}

function words(faults: readonly Fault[]): string {
  const named = faults.slice(0, NAMED);
  const list = (must: Malformed["must"]) =>
    named
      .filter(({ one }) => one.must === must)
      .map(({ one, reply }) => `${one.what}: ${shown(reply)}`)
      .join("; ");
  const [refuse, survive] = [list("refuse"), list("survive")];
  return [
    ...(refuse === "" ? [] : [`no 4xx for ${refuse}`]),
    ...(survive === "" ? [] : [`broken by ${survive}`]),
    ...(faults.length > NAMED ? [`and ${faults.length - NAMED} more`] : []),
    ...named.slice(0, 1).map(({ one, reply }) => `to ${one.what} it said ${quoted(reply)}`),
  ].join("; ");
}

function isFault({ must }: Malformed, reply: Reply, speaker: Speaker): boolean {
  const { status } = reply;
  if (must === "refuse") return status < 400 || status > 499;
  if (status === 0 || status >= 500) return true;
  return status === 200 && !isFiniteAnswer(reply, speaker);
}

/** Python's servers write what is no number bare, which is no JSON. */
const BARE = /[[:,]\s*-?(?:NaN|Infinity)\s*[\],}]/;

function isFiniteAnswer(reply: Reply, speaker: Speaker): boolean {
  if (jsonOf(reply) === undefined) return !BARE.test(reply.text);
  const read = readOf(speaker, reply, 1);
  return !("values" in read) || !read.values.some(hasNoNumber);
}

/** So many of those that were right are asked again, each twice at most: a model may answer now this, now that. */
const AGAIN = 5;
const ATTEMPTS = 2;

async function wellAfterwards(
  ask: Ask,
  slot: Sides["candidate"],
  speaker: Speaker,
  { path, matcher }: HealthCheck,
  { example, right, repeats }: TestedInput,
): Promise<Check> {
  const health = await ask(slot, { method: "GET", path });
  const isHealthy = matches(matcher, health.status);
  const told = `after that: health ${isHealthy ? shown(health) : quoted(health)}`;
  const result = (isWell: boolean, what: string) =>
    check("well-afterwards", isHealthy && isWell ? "pass" : "fail", `${told}, ${what}`);
  const again = listOf(right, AGAIN);
  if (again.length === 0) {
    const reply = await ask(slot, asked(speaker, [example]));
    const isWell = answered(predictionOf(reply, speaker, example));
    return result(isWell, `a good request ${isWell ? shown(reply) : quoted(reply)} (none was right before)`);
  }
  for (const one of again) {
    let reply: Reply | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      reply = await ask(slot, asked(speaker, [one.example]));
      const again = predictionOf(reply, speaker, one.example);
      const isSame = !repeats || !differs(one.value, again.value);
      if (again.right || (answered(again) && isSame)) break;
      if (attempt === ATTEMPTS - 1)
        return result(false, `what was right before is not any more: ${quoted(reply)}`);
    }
  }
  return result(true, `what was right before still is`);
}

import { isRecord } from "../../contract/config/field.ts";
import type { PerSlot, Slot } from "../../contract/slot.ts";
import { quoted, type Ask, type Reply } from "../protocols/ask.ts";
import { asked, readOf, type Speaker } from "../protocols/speaker.ts";
import { shapeOf, type AnswerShape } from "./form/shape.ts";
import type { Example } from "./golden.ts";
import type { Tell } from "./machine.ts";
import { inMemory, Kept, type OpenScratch } from "./many/kept.ts";
import { firstOf, type Many } from "./many/many.ts";

/** What a slot said to one example. */
export interface Prediction {
  /** HTTP status; 0: no answer. */
  readonly status: number;
  readonly seconds: number;
  /** What was predicted, out of whatever the protocol wraps it in; undefined: nothing was. */
  readonly value?: unknown;
  readonly right: boolean;
  /** How wrong it is, 0 to 1; absent: nobody knows more than right or wrong. See tasks/. */
  readonly loss?: number;
  /** How much too high it is, -1 to 1; absent: it is no number. */
  readonly error?: number;
  /** The class that was answered; absent: there are no classes. */
  readonly category?: string;
  /** As the answer says; undefined: it does not. */
  readonly version: string | undefined;
  /** Status and beginning of what was said, for people. */
  readonly said: string;
  /** What keeps the body of a 200 from being a prediction; undefined: it is one. */
  readonly flaw?: string | undefined;
  /** Of a 200: how it came. */
  readonly shape?: AnswerShape;
  /** It failed again and again, in the server's own words, where the active slot answered. */
  readonly isRefused?: boolean;
}

/** The same example, asked of both slots one directly after the other. */
export interface Pair {
  readonly candidate: Prediction;
  /** undefined: there is no other slot to compare with. */
  readonly active: Prediction | undefined;
}

/** Who is compared with whom; without `active` the candidate is measured alone. */
export interface Sides {
  readonly candidate: Slot;
  readonly active: Slot | undefined;
}

/** How each slot's server is asked. */
export type Speakers = PerSlot<Speaker>;

export interface Budget {
  /** The machine's time in milliseconds. */
  readonly wall: () => number;
  /** No example is begun after this. */
  readonly untilMs: number;
  /** Both slots have been asked a lot already. */
  readonly isWarm?: boolean;
}

/** A fresh process answers its first requests slower (code not yet compiled, caches empty). */
const WARM_UP_EXAMPLES = 40;
const WARM_UP_SHARE = 0.2;

/** So many times, and no more of so many examples. */
const AGAIN = 3;
const MOST_REFUSED = 10;
/** What the load balancer answers for a target that did not. */
export const BY_LOAD_BALANCER: readonly number[] = [502, 503, 504];

/** The server has said itself that it does not answer: nothing of the network, and no answer that was late. */
const isOwnFailure = (one: Prediction) =>
  !answered(one) && one.status !== 0 && one.status !== 429 && !BY_LOAD_BALANCER.includes(one.status);

/**
 * Asks both slots the golden set in turn. Slot after slot would measure what else the machine did meanwhile:
 * 64 to 70 % false alarms, and none when each pair is asked together and the first of it alternates.
 */
export async function measure(
  ask: Ask,
  sides: Sides,
  speakers: Speakers,
  examples: Many<Example>,
  { wall, untilMs, isWarm = false }: Budget,
  tell: Tell = () => {},
  open: OpenScratch = inMemory,
): Promise<Many<Pair>> {
  const askOne = async (slot: Slot, example: Example) => {
    const speaker = speakers[slot];
    return predictionOf(await ask(slot, asked(speaker, [example])), speaker, example);
  };
  const { candidate, active } = sides;
  const askPair = async (example: Example, candidateFirst: boolean): Promise<Pair> => {
    if (active === undefined) return { candidate: await askOne(candidate, example), active: undefined };
    if (candidateFirst) {
      const first = await askOne(candidate, example);
      return { candidate: first, active: await askOne(active, example) };
    }
    const first = await askOne(active, example);
    return { candidate: await askOne(candidate, example), active: first };
  };
  let refused = 0;
  /** What fails by chance is answered when it is asked again; an input that a model cannot take never is. */
  const askedAgain = async (example: Example, pair: Pair): Promise<Pair> => {
    const isAlone = pair.active !== undefined && answered(pair.active) && isOwnFailure(pair.candidate);
    if (!isAlone || refused >= MOST_REFUSED) return pair;
    for (let again = 0; again < AGAIN && wall() < untilMs; again += 1) {
      if (!isOwnFailure(await askOne(candidate, example))) return pair;
    }
    refused += 1;
    return { ...pair, candidate: { ...pair.candidate, isRefused: true } };
  };

  const warmUntilMs = wall() + (untilMs - wall()) * WARM_UP_SHARE;
  for (const example of firstOf(examples, isWarm ? 0 : WARM_UP_EXAMPLES)) {
    if (wall() >= warmUntilMs) break;
    await askPair(example, true);
  }
  const pairs = new Kept<Pair>(open());
  for (const [index, example] of examples.entries()) {
    if (wall() >= untilMs) break;
    const pair = await askedAgain(example, await askPair(example, index % 2 === 0));
    pairs.append({ candidate: kept(pair.candidate), active: pair.active && kept(pair.active) });
    tell(index + 1, examples.length);
  }
  return pairs;
}

/** Of a right answer nobody asks what it said: of 100,000 examples that would be most of what is kept. */
const kept = (one: Prediction): Prediction => (one.right ? { ...one, said: String(one.status) } : one);

export function predictionOf(reply: Reply, speaker: Speaker, { label }: Pick<Example, "label">): Prediction {
  const read = readOf(speaker, reply, 1);
  const value = "values" in read ? read.values[0] : undefined;
  const right = reply.status === 200 && JSON.stringify(value) === JSON.stringify(label);
  return {
    status: reply.status,
    seconds: reply.seconds,
    value,
    right,
    version: read.version,
    said: quoted(reply),
    // What the golden set itself calls right is a prediction.
    flaw: right || reply.status !== 200 ? undefined : "flaw" in read ? read.flaw : flawOf(value),
    ...(reply.status === 200 ? { shape: shapeOf(reply) } : {}),
  };
}

function flawOf(prediction: unknown): string | undefined {
  if (hasNull(prediction)) return NULL;
  return hasNoNumber(prediction) ? NO_FINITE_NUMBER : undefined;
}

const NULL = "a prediction of null";
const NO_FINITE_NUMBER = "a prediction that is no finite number";

/** A number that is none; many servers write null for it (orjson, and so MLServer and FastAPI's ORJSONResponse). */
export const isNotFinite = ({ flaw }: Pick<Prediction, "flaw">) => flaw === NULL || flaw === NO_FINITE_NUMBER;

/** One of several predictions may be null, too; a field of one, as an explanation that was not asked for, may well be. */
const hasNull = (value: unknown): boolean => value === null || (Array.isArray(value) && value.some(hasNull));

/**
 * JSON has no NaN and no infinity: a number that is too large is read as one, and others write them as text
 * (Protocol Buffers, ProtoJSON: `"NaN"`, `"Infinity"`, `"-Infinity"`).
 */
const NO_NUMBERS: readonly unknown[] = ["NaN", "Infinity", "-Infinity"];

export function hasNoNumber(value: unknown): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  if (Array.isArray(value)) return value.some(hasNoNumber);
  return isRecord(value) ? Object.values(value).some(hasNoNumber) : NO_NUMBERS.includes(value);
}

/** A golden example is valid input: whatever is not a 200 with a prediction is a failure of the service. */
export const answered = ({ status, flaw }: Prediction) => status === 200 && flaw === undefined;

import { BATCH_SIZES } from "../../../contract/config/suite-behaviour.ts";
import type { SuitePolicy } from "../../../contract/config/suite.ts";
import type { Slot } from "../../../contract/slot.ts";
import type { Ask } from "../../protocols/ask.ts";
import { asked, failureOf, readOf } from "../../protocols/speaker.ts";
import type { Example } from "../golden.ts";
import { tooManyFailed, type SuiteFinding } from "../finding.ts";
import { firstOf, listOf, picked, type Many } from "../many/many.ts";
import type { Machine, Tell } from "../machine.ts";
import { answered, measure, type Sides, type Speakers } from "../measure.ts";
import { bursts, type Bursts } from "./bursts.ts";
import type { Before } from "./changed.ts";
import { openLoop } from "./open-loop.ts";
import { slowerFinding, type SecondsPair } from "./slower.ts";
import { tailFinding } from "./tail.ts";

/** Part of what one connection does that asks and waits; the two slots share it. */
const SHARE_OF_CLOSED_LOOP = 0.5;
/** Nobody's test is to be the load that takes a small service down. */
const MOST_PER_SECOND = 100;
/** Also the warm-up of a size that was not asked before. */
const PACE_PAIRS = 3;
const PAIRS_ALONE = 100;
const PAIRS_OF_MANY = 60;
/** Bodies of so many times the median are large ones. */
const LARGE = 2;
const LEAST_LARGE = 5;
/** Enough to see what one user in a hundred waits for. */
const MOST_LOOKED_AT = 2_000;
/** What looks late is asked again, so often and so long. */
const AGAIN_PAIRS = 500;
const AGAIN_SECONDS = 8;
/** Enough for all batches to be of other inputs. */
const MOST_FREE = 1_000;

interface Kind {
  readonly name: string;
  readonly what: string;
  readonly size: number;
  readonly pairs: number;
  readonly examples: Many<Example>;
}

interface Timed {
  readonly seconds: number;
  /** In the server's own words; undefined: it answered. */
  readonly flaw: string | undefined;
}

interface Seen {
  readonly kind: Kind;
  readonly pairs: readonly { readonly candidate: Timed; readonly active: Timed | undefined }[];
}

/** Requests by size: one input, several at once where both protocols batch, and the largest bodies there are. */
export function loadKinds({ candidate, active }: Sides, speakers: Speakers, examples: Many<Example>) {
  const slots = active === undefined ? [candidate] : [candidate, active];
  const isBatching = slots.every((slot) => speakers[slot].protocol.batches);
  const free = listOf(
    picked(examples, (one) => (one.request === undefined ? one : undefined)),
    MOST_FREE,
  );
  const batches = BATCH_SIZES.filter((size) => size === 1 || (isBatching && free.length > 0));
  const sizes = [...picked(examples, (one) => asked(speakers[candidate], [one]).body.length)];
  const descending = sizes.toSorted((a, b) => b - a);
  const median = descending[Math.floor(sizes.length / 2)] ?? 0;
  // As many as are asked for, the largest first.
  const least = Math.max(LARGE * median, descending[PAIRS_OF_MANY - 1] ?? 0);
  const large = listOf(picked(sizes, (bytes, place) => (bytes >= least ? { bytes, place } : undefined)))
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, PAIRS_OF_MANY);
  const kinds: Kind[] = batches.map((size) => ({
    name: `latency-batch-${size}-vs-active`,
    what: size === 1 ? "one at a time" : `${size} at once`,
    size,
    pairs: size === 1 ? PAIRS_ALONE : PAIRS_OF_MANY,
    examples: size === 1 ? examples : free,
  }));
  if (large.length >= LEAST_LARGE) {
    const bytes = large.at(-1)?.bytes ?? 0;
    kinds.push({
      name: "latency-payload-vs-active",
      what: `bodies of ${bytes} bytes and more`,
      size: 1,
      pairs: PAIRS_OF_MANY,
      examples: large.flatMap(({ place }) => examples.at(place) ?? []),
    });
  }
  return kinds;
}

/**
 * Asks both slots in turn at a rate that does not depend on how fast they answer. A model that is slow only with many
 * inputs at once, or only when it is asked before it has answered, shows itself here.
 */
export async function load(
  ask: Ask,
  sides: Sides,
  speakers: Speakers,
  examples: Many<Example>,
  before: Before,
  policy: SuitePolicy,
  machine: Machine,
  tell: Tell,
): Promise<readonly SuiteFinding[]> {
  const kinds = loadKinds(sides, speakers, examples);
  const total = kinds.reduce((sum, { pairs }) => sum + pairs, 0);
  const untilMs = machine.wall() + policy.loadSeconds * 1000;
  const seen: Seen[] = [];
  let done = 0;
  for (const kind of kinds) {
    const one = await ofKind(ask, sides, speakers, kind, { ...machine, untilMs });
    done += kind.pairs;
    tell(done, total);
    if (one !== undefined) seen.push(one);
  }
  const alone = seen.find(({ kind }) => kind.size === 1)?.pairs ?? [];
  const secondsEach = alone.map(({ candidate, active }) => Math.max(candidate.seconds, active?.seconds ?? 0));
  const pace = {
    sizes: seen.map(({ kind }) => kind.size),
    secondsEach: secondsEach.toSorted((a, b) => a - b)[Math.floor(secondsEach.length / 2)] ?? 1,
  };
  const together = await bursts(ask, sides, speakers, examples, before, pace, policy, machine);
  const failures = failuresUnderLoad(seen, together.sent, policy);
  const tail = await tailFinding(
    [...secondsOf(firstOf(before.pairs, MOST_LOOKED_AT)), ...timedIn(alone)],
    async () => {
      const budget = { wall: machine.wall, untilMs: machine.wall() + AGAIN_SECONDS * 1000, isWarm: true };
      return [...secondsOf(await measure(ask, sides, speakers, repeatedUpTo(examples, AGAIN_PAIRS), budget))];
    },
  );
  return [
    failures,
    ...seen.flatMap((one) => slowerIn(one, policy)),
    ...together.findings,
    ...(tail === undefined ? [] : [tail]),
  ];
}

/** undefined: there is no such load, for the slot that has the users takes no such request either. */
async function ofKind(
  ask: Ask,
  { candidate, active }: Sides,
  speakers: Speakers,
  kind: Kind,
  machine: Machine & { readonly untilMs: number },
): Promise<Seen | undefined> {
  const { wall, untilMs } = machine;
  const inputs = (pair: number) =>
    Array.from({ length: kind.size }, (_, at) =>
      kind.examples.at((pair * kind.size + at) % kind.examples.length),
    ).filter((example) => example !== undefined);
  const one = async (slot: Slot, pair: number): Promise<Timed> => {
    const examples = inputs(pair);
    const reply = await ask(slot, asked(speakers[slot], examples));
    const read = readOf(speakers[slot], reply, examples.length);
    return { seconds: reply.seconds, flaw: failureOf(reply, read) };
  };
  const slots = active === undefined ? [candidate] : [candidate, active];
  const first: { readonly slot: Slot; readonly timed: Timed }[] = [];
  for (let pair = 0; pair < PACE_PAIRS && wall() < untilMs; pair += 1) {
    for (const slot of slots) first.push({ slot, timed: await one(slot, pair) });
  }
  const usual = first.filter(({ slot }) => slot === (active ?? candidate));
  if (kind.size > 1 && usual.every(({ timed }) => timed.flaw !== undefined)) return undefined;
  const meanSeconds = first.reduce((sum, { timed }) => sum + timed.seconds, 0) / Math.max(1, first.length);
  const gapMs = 1000 * Math.max(1 / MOST_PER_SECOND, meanSeconds / SHARE_OF_CLOSED_LOOP);
  const count = kind.pairs * slots.length;
  // Of each pair the other slot is the first in turn.
  const slotOf = (index: number) => {
    const pair = Math.floor(index / slots.length);
    return slots[(index + pair) % slots.length] ?? candidate;
  };
  const sent = await openLoop(machine, { count, gapMs, untilMs }, async (index) => ({
    slot: slotOf(index),
    timed: await one(slotOf(index), Math.floor(index / slots.length)),
  }));
  const of = (slot: Slot) => sent.filter((each) => each.slot === slot).map(({ timed }) => timed);
  const others = active === undefined ? undefined : of(active);
  const pairs = of(candidate).flatMap((timed, index): Seen["pairs"] => {
    if (others === undefined) return [{ candidate: timed, active: undefined }];
    const other = others[index];
    return other === undefined ? [] : [{ candidate: timed, active: other }];
  });
  return { kind, pairs };
}

function failuresUnderLoad(
  seen: readonly Seen[],
  together: Bursts["sent"],
  policy: SuitePolicy,
): SuiteFinding {
  const all = [
    ...seen.flatMap(({ kind, pairs }) => pairs.map(({ candidate: { flaw } }) => ({ what: kind.what, flaw }))),
    ...together.map(({ flaw }) => ({ what: "several at once", flaw })),
  ];
  const failed = all.filter(({ flaw }) => flaw !== undefined);
  const [first] = failed;
  return tooManyFailed("failures-under-load", "requests failed under load", policy, {
    n: all.length,
    failed: failed.length,
    such: first && `${first.what}: ${first.flaw}`,
  });
}

const timedIn = (pairs: Seen["pairs"]): readonly SecondsPair[] =>
  pairs.flatMap(({ candidate, active }) =>
    active === undefined || candidate.flaw !== undefined || active.flaw !== undefined
      ? []
      : [{ candidate: candidate.seconds, active: active.seconds }],
  );

/** As many, from the beginning again where there are fewer. */
const repeatedUpTo = (examples: Many<Example>, count: number): Many<Example> =>
  Array.from({ length: count }, (_, place) => examples.at(place % examples.length)).filter(
    (example) => example !== undefined,
  );

/** Of what was asked one after the other. */
const secondsOf = (pairs: Before["pairs"]): Iterable<SecondsPair> =>
  picked(pairs, ({ candidate, active }) =>
    active === undefined || !answered(candidate) || !answered(active)
      ? undefined
      : { candidate: candidate.seconds, active: active.seconds },
  );

function slowerIn({ kind, pairs }: Seen, policy: SuitePolicy): readonly SuiteFinding[] {
  const timed = timedIn(pairs);
  const isAlone = pairs.every(({ active }) => active === undefined);
  // Whether it is as fast as it must be, `latency-vs-active` has to show, from all examples: on a busy machine so few pairs
  // could not. Here a slowness is looked for that only load brings about.
  return isAlone ? [] : [slowerFinding(kind.name, kind.what, timed, policy, 0, "warn")];
}

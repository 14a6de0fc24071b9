import type { SuitePolicy } from "../../../contract/config/suite.ts";
import type { Slot } from "../../../contract/slot.ts";
import type { Ask } from "../../protocols/ask.ts";
import { asked, failureOf, readOf } from "../../protocols/speaker.ts";
import type { SuiteFinding } from "../finding.ts";
import type { Example } from "../golden.ts";
import type { Machine } from "../machine.ts";
import type { Many } from "../many/many.ts";
import type { Sides, Speakers } from "../measure.ts";
import { mcnemar } from "../statistics.ts";
import { changedBy, type Before } from "./changed.ts";
import { slowerFinding, type SecondsPair } from "./slower.ts";

const BURSTS = 20;
/** At once; fewer of a slow model, so that the users of the active slot wait no longer for it than this. */
const MOST_AT_ONCE = 8;
const LEAST_AT_ONCE = 2;
const LONGEST_WAIT_SECONDS = 0.4;
/** As the load in front of it. */
const MOST_PER_SECOND = 100;
const LONGEST_SECONDS = 4;
/** One answer in so many may become another one with its neighbours: a batch is not computed in the same order as its rows. */
const MARGIN = 0.005;
/** As unlikely as this by chance, and the candidate is not passed. */
const SUSPECT = 0.001;
/** As unlikely as this by chance is the longest of a burst, and worth a warning. */
const WORTH_A_WARNING = 0.05;
/** Of a burst, where there are batches. */
const SIZES = [1, 1, 4, 1, 1, 16, 1, 4] as const;

/** At most, to each slot. */
export const BURST_REQUESTS = BURSTS * MOST_AT_ONCE;

/** One request of a burst. */
interface Sent {
  readonly seconds: number;
  readonly flaw: string | undefined;
  /** For each of its inputs whether the answer is another one than before; undefined: nobody can say. */
  readonly changed: readonly (boolean | undefined)[];
}
interface BurstPair {
  readonly candidate: readonly Sent[];
  readonly active: readonly Sent[] | undefined;
}

export interface Bursts {
  readonly findings: readonly SuiteFinding[];
  /** Requests of the candidate. */
  readonly sent: readonly { readonly flaw: string | undefined }[];
}

/**
 * Asks several at once, which no golden set does: a model that keeps something of one request for the next, answers a
 * batch in another order, or refuses what it has no worker for, shows itself here alone. Slots in turn, so that both have
 * the same load.
 */
export async function bursts(
  ask: Ask,
  { candidate, active }: Sides,
  speakers: Speakers,
  examples: Many<Example>,
  before: Before,
  { sizes, secondsEach }: { readonly sizes: readonly number[]; readonly secondsEach: number },
  policy: SuitePolicy,
  { wall, wait }: Machine,
): Promise<Bursts> {
  const untilMs = wall() + LONGEST_SECONDS * 1000;
  const fitting = Math.floor(LONGEST_WAIT_SECONDS / Math.max(1e-4, secondsEach));
  const atOnce = Math.max(LEAST_AT_ONCE, Math.min(MOST_AT_ONCE, fitting));
  const isChanged = changedBy(before, examples);
  let place = 0;
  const one = async (slot: Slot, places: readonly number[]): Promise<Sent> => {
    const inputs = places.flatMap((at) => examples.at(at) ?? []);
    const reply = await ask(slot, asked(speakers[slot], inputs));
    const read = readOf(speakers[slot], reply, inputs.length);
    const side = slot === candidate ? "candidate" : "active";
    return {
      seconds: reply.seconds,
      flaw: failureOf(reply, read),
      changed: "flaw" in read ? [] : read.values.map((value, at) => isChanged(side, places[at] ?? 0, value)),
    };
  };
  /** What is sent as it is can be in no batch. */
  const nextPlaces = (): readonly (readonly number[])[] =>
    Array.from({ length: atOnce }, (_, at) => {
      const wanted = SIZES[at] ?? 1;
      const size = sizes.includes(wanted) ? wanted : 1;
      const places = Array.from({ length: size }, (_, nth) => (place + nth) % examples.length);
      const isFree = places.every((each) => examples.at(each)?.request === undefined);
      const taken = size === 1 || isFree ? places : places.slice(0, 1);
      place += taken.length;
      return taken;
    });
  const pairs: BurstPair[] = [];
  let freeMs = wall();
  const burst = async (slot: Slot, all: readonly (readonly number[])[]) => {
    if (freeMs > wall()) await wait(freeMs - wall());
    freeMs = wall() + (1000 * atOnce) / MOST_PER_SECOND;
    return Promise.all(all.map((places) => one(slot, places)));
  };
  for (let nth = 0; nth < BURSTS && wall() < untilMs; nth += 1) {
    const all = nextPlaces();
    if (active === undefined) {
      pairs.push({ candidate: await burst(candidate, all), active: undefined });
      continue;
    }
    const [first, second] = nth % 2 === 0 ? [candidate, active] : [active, candidate];
    const both = { [first]: await burst(first, all), [second]: await burst(second, all) };
    pairs.push({ candidate: both[candidate] ?? [], active: both[active] ?? [] });
  }
  const sent = pairs.flatMap((pair) => pair.candidate);
  if (active === undefined) return { findings: [], sent };
  return { findings: [...otherAnswers(pairs, atOnce), ...slower(pairs, atOnce, policy)], sent };
}

function otherAnswers(pairs: readonly BurstPair[], atOnce: number): readonly SuiteFinding[] {
  let [n, worse, better, candidate, active] = [0, 0, 0, 0, 0];
  for (const pair of pairs) {
    for (const [at, own] of pair.candidate.entries()) {
      for (const [place, mine] of own.changed.entries()) {
        const theirs = pair.active?.[at]?.changed[place];
        if (mine === undefined || theirs === undefined) continue;
        n += 1;
        candidate += Number(mine);
        active += Number(theirs);
        worse += Number(mine && !theirs);
        better += Number(!mine && theirs);
      }
    }
  }
  if (n === 0) return [];
  const pValue = mcnemar({ n, worse, better }, MARGIN);
  return [
    {
      name: "answers-under-load-vs-active",
      pValue,
      shownGood: pValue > SUSPECT,
      seen: `asked ${atOnce} at once, ${candidate} of ${n} answers are others than before, and ${active} of the active slot's`,
      sight: "",
      missing: "which is too few to prove it",
      numbers: {
        n,
        worse,
        better,
        value: candidate / n,
        bound: MARGIN,
        candidate: candidate / n,
        active: active / n,
      },
    },
  ];
}

/** By the longest of each burst; the first of each slot opens its connections. */
function slower(pairs: readonly BurstPair[], atOnce: number, policy: SuitePolicy): readonly SuiteFinding[] {
  const timed = pairs
    .slice(1)
    .flatMap(({ candidate, active = [] }): readonly SecondsPair[] =>
      [...candidate, ...active].some(({ flaw }) => flaw !== undefined)
        ? []
        : [{ candidate: longest(candidate), active: longest(active) }],
    );
  if (timed.length === 0) return [];
  const what = `the longest of ${atOnce} at once`;
  const found = slowerFinding("latency-burst-vs-active", what, timed, policy, 0, "warn");
  // Whether it is as fast as it must be, `latency-vs-active` has to show, from all examples.
  const missing = `×${policy.latencySight} must`;
  return [{ ...found, shownGood: found.pValue > WORTH_A_WARNING, otherwise: "warn", missing }];
}

/** Of one input each: how long batches take is seen before. */
const longest = (sent: readonly Sent[]) =>
  Math.max(...sent.map(({ seconds, changed }) => (changed.length === 1 ? seconds : 0)));

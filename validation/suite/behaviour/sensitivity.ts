import type { SuiteFinding } from "../judge.ts";
import { mcnemar } from "../statistics.ts";
import { differs } from "./differs.ts";
import { spread, valuesFor, type ComparedSides, type Known, type Laboratory } from "./asking.ts";
import { featuresOf, type Feature } from "./features.ts";

/** With so many examples each feature is tried at first. */
const TRIED = 16;
const LEAST_TRIED = 4;
/** The first check takes at most one part in so many of the time. */
const SHARE = 2;
/** A feature that has changed fewer of these answers of the active slot is not worth more questions. */
const LEAST_CHANGED = 1;
/** Features that are looked at again, those first that change most. */
const MOST_SUSPECTED = 6;
const STRIDE = 16;
const MOST_EXAMPLES = 480;
/** Enough to prove it, among all checks there are. */
const ENOUGH = 24;

interface Suspect {
  readonly feature: Feature;
  /** Answers that the feature changes on one slot alone. */
  readonly n: number;
  readonly onlyActive: number;
  readonly onlyCandidate: number;
}

/**
 * Gives each feature the value of another example, one at a time: one that changes the active slot's answers and never the
 * candidate's is one that the candidate does not see. Whoever looks like that is asked again with other examples, and
 * these alone prove it.
 */
export async function sensitivity(
  laboratory: Laboratory,
  { candidate, active }: ComparedSides,
  known: readonly Known[],
  secondsEach: number,
): Promise<SuiteFinding | undefined> {
  const [first] = known;
  const features = first === undefined ? [] : featuresOf(first.input);
  if (features.length === 0) return undefined;
  // A slow model is asked with fewer examples, so that each feature has its turn.
  const perRequest = laboratory.speakers[active].protocol.batches ? TRIED : 1;
  const affordable = (laboratory.untilMs - laboratory.machine.wall()) / 1000 / SHARE / secondsEach;
  const each = Math.floor((affordable * perRequest) / features.length);
  const tried = spread(known, Math.min(TRIED, Math.max(LEAST_TRIED, each)));
  const fresh = known.filter((one) => !tried.includes(one));
  const counts: { readonly feature: Feature; readonly changed: number }[] = [];
  for (const feature of features) {
    const changed = await changes(laboratory, active, "active", feature, tried, known);
    const answered = changed.filter((one) => one !== undefined);
    if (answered.length === 0) continue;
    counts.push({ feature, changed: answered.filter((one) => one).length });
  }
  const used = counts
    .filter(({ changed }) => changed >= LEAST_CHANGED)
    .toSorted((a, b) => b.changed - a.changed);
  const suspected: Feature[] = [];
  for (const { feature } of used) {
    if (suspected.length >= MOST_SUSPECTED) break;
    const changed = await changes(laboratory, candidate, "candidate", feature, tried, known);
    if (!changed.includes(true) && changed.includes(false)) suspected.push(feature);
  }
  const suspects: Suspect[] = [];
  for (const feature of suspected) {
    suspects.push(await lookAgain(laboratory, { candidate, active }, feature, fresh, known));
  }
  return finding(
    { known: known.length, features: features.length, tried: counts.length, used: used.length },
    suspects,
  );
}

async function lookAgain(
  laboratory: Laboratory,
  { candidate, active }: ComparedSides,
  feature: Feature,
  fresh: readonly Known[],
  known: readonly Known[],
): Promise<Suspect> {
  let [n, onlyActive, onlyCandidate] = [0, 0, 0];
  for (let at = 0; at < Math.min(fresh.length, MOST_EXAMPLES); at += STRIDE) {
    const some = fresh.slice(at, at + STRIDE);
    const here = await changes(laboratory, active, "active", feature, some, known);
    const there = await changes(laboratory, candidate, "candidate", feature, some, known);
    for (const [index, isChanged] of here.entries()) {
      const other = there[index];
      if (isChanged === undefined || other === undefined) continue;
      n += 1;
      if (isChanged && !other) onlyActive += 1;
      if (other) onlyCandidate += 1;
    }
    if (onlyCandidate > 0 || onlyActive >= ENOUGH) break;
  }
  return { feature, n, onlyActive, onlyCandidate };
}

/** Whether each answer changes with the feature of another example; undefined: it was not answered, or nothing is other. */
async function changes(
  laboratory: Laboratory,
  slot: ComparedSides["active"],
  side: "candidate" | "active",
  feature: Feature,
  some: readonly Known[],
  known: readonly Known[],
): Promise<readonly (boolean | undefined)[]> {
  const asked = some.flatMap((one) => {
    const donor = donorFor(feature, one, known);
    return donor === undefined ? [] : [{ one, input: feature.taken(one.input, donor.input) }];
  });
  const values = await valuesFor(
    laboratory,
    slot,
    asked.map(({ input }) => input),
  );
  const changed = new Map(asked.map(({ one }, at) => [one, values[at]]));
  return some.map((one) => {
    const value = changed.get(one);
    return value === undefined ? undefined : differs(one[side], value);
  });
}

/** Tries of finding another value; a feature that is almost always the same changes little. */
const DONORS = 12;

function donorFor(feature: Feature, one: Known, known: readonly Known[]): Known | undefined {
  const own = JSON.stringify(feature.valueOf(one.input));
  const at = known.indexOf(one);
  for (let step = 1; step <= Math.min(DONORS, known.length - 1); step += 1) {
    // A stride that is prime to most lengths, so that sorted examples give values from everywhere.
    const other = known[(at + step * 37) % known.length];
    if (other !== undefined && JSON.stringify(feature.valueOf(other.input)) !== own) return other;
  }
  return undefined;
}

interface Counted {
  /** Examples. */
  readonly known: number;
  readonly features: number;
  readonly tried: number;
  readonly used: number;
}

/** What is as likely as this by chance keeps nobody from passing. */
const WORTH_MORE_EXAMPLES = 0.05;

/**
 * A feature that is the same in all examples, or for which no time was left, is told as one that was not tried. A set
 * that could not prove even a feature that changes every answer says so; one that leaves a suspicion warns.
 */
function finding({ known, features, tried, used }: Counted, suspects: readonly Suspect[]): SuiteFinding {
  const never = suspects.filter(({ onlyCandidate, onlyActive }) => onlyCandidate === 0 && onlyActive > 0);
  const pOf = ({ n, onlyActive }: Suspect) => mcnemar({ n, worse: onlyActive, better: 0 });
  const worst = never.toSorted((a, b) => pOf(a) - pOf(b));
  const [first] = worst;
  const words = worst.map(
    ({ feature, n, onlyActive }) =>
      `${feature.name} changes ${onlyActive} of ${n} answers of the active slot and none of the candidate's`,
  );
  const pValue = first === undefined ? 1 : Math.min(1, pOf(first) * suspects.length);
  const isSmall = known < TRIED + ENOUGH;
  const isSuspected = first !== undefined && pValue <= WORTH_MORE_EXAMPLES;
  // As many more as it takes for this feature to change enough answers.
  const more =
    first === undefined ? 0 : Math.ceil(((ENOUGH - first.onlyActive) * first.n) / first.onlyActive);
  const nobodyTried = tried === 0 && !isSmall;
  return {
    name: "feature-sensitivity",
    pValue,
    shownGood: !isSmall && !isSuspected && !nobodyTried,
    // A newer model may well do without a feature: what is not proven is said, and keeps nobody from passing.
    ...(nobodyTried || (isSuspected && !isSmall) ? { otherwise: "warn" as const } : {}),
    seen: words.length === 0 ? `no feature that the active slot uses is ignored` : words.join("; "),
    sight: `${tried} of ${features} features were tried, and ${used} of them change the active slot's answers`,
    missing: nobodyTried
      ? "for no feature has another value in the examples that were asked in time"
      : isSuspected
        ? `which is not proven; about ${more} more examples would show whether it is ignored`
        : "and so few examples prove nothing",
    needed: () => TRIED + ENOUGH,
    numbers: {
      n: known,
      value: never.length,
      bound: 0,
      features,
      tried,
      used,
      suspected: suspects.length,
      ignored: never.length,
    },
  };
}

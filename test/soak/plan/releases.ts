import { randomOf } from "../../two-hosts/operations.ts";

/** How a model is bad; `good`: it is not. */
export type Kind = "good" | "crashing" | "mismatched" | "failing" | "slow" | "silent" | "leaking";

/** A model that is to be released, and what its own fault is. */
export interface PlannedRelease {
  readonly model: string;
  readonly index: number;
  /** What its answers carry as the model's version. */
  readonly version: string;
  readonly kind: Kind;
  /** Of its predictions; of a leak the bytes that each one keeps. */
  readonly part: number;
  /** So many predictions of a task are good first. */
  readonly after: number;
  /** Whether its pre-traffic tests are run. */
  readonly isTested: boolean;
}

type Fault = Pick<PlannedRelease, "kind" | "part" | "after" | "isTested">;

const fault = (kind: Kind, part = 0, after = 0, isTested = false): Fault => ({ kind, part, after, isTested });

/** A task serves this many predictions before a fault that comes long after the promotion. */
export const AFTER_PROMOTION = 2_500;
/** Of a task in the step before the last. */
export const LATE = 150;

/** The faults of examples/digits that live traffic or the tests can find, and some that nobody can. */
const BAD: readonly Fault[] = [
  fault("failing", 0.5),
  fault("failing", 0.2),
  fault("slow", 0.5),
  fault("silent", 0.3),
  fault("leaking", 2_000_000),
  fault("failing", 0.5, LATE),
  fault("failing", 0.005),
  fault("failing", 0.5, AFTER_PROMOTION),
  fault("mismatched", 0, 0, true),
  fault("crashing"),
];

/**
 * The nth release of a model: each second one is good, and among ten bad ones each fault comes once, in an order that
 * the seed draws.
 */
export function releaseOf(seed: number, model: string, index: number): PlannedRelease {
  const random = randomOf(seed * 7_919 + hashOf(model) + Math.floor(index / (2 * BAD.length)));
  const order = shuffled(BAD, random);
  const isGood = index % 2 === 0;
  const own = isGood
    ? fault("good", 0, 0, index % 8 === 4)
    : (order[((index - 1) / 2) % BAD.length] ?? fault("good"));
  return { model, index, version: `${model}-${index}`, ...own };
}

const hashOf = (text: string) =>
  [...text].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1_000;

function shuffled<T>(all: readonly T[], random: () => number): readonly T[] {
  return all
    .map((one) => ({ one, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

/** The entry of this model in the catalog of images. */
export function imageOf({ version, kind, part, after }: PlannedRelease): readonly string[] {
  const own = [`--version=${version}`, `--kind=${kind}`, `--part=${part}`, `--after=${after}`];
  return ["node", "test/soak/model.ts", ...own];
}

/** Whether users of this model see requests fail, and it is the model's own doing. */
export const failsRequests = ({ kind }: PlannedRelease): boolean => kind === "failing";

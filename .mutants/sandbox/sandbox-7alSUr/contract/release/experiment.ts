import { decimal, integer, isRecord, type Field } from "../config/field.ts";

/** What a release shows by a fixed split before it goes on: whether a signal gets better on the candidate. */
export interface Experiment {
  readonly signal: string;
  /** The candidate's share in percent, from its first users on until the experiment ends. */
  readonly percent: number;
  /** It ends so many days after that share was asked for. */
  readonly days: number;
  /** A difference of at most so many points is none worth having, and ends it sooner; undefined: none does. */
  readonly smallestPoints?: number | undefined;
  readonly ended?: EndedExperiment | undefined;
}

export const EXPERIMENT_OUTCOMES = ["better", "worse", "alike", "open"] as const;
export type ExperimentOutcome = (typeof EXPERIMENT_OUTCOMES)[number];

/** How it ended: by its rule, or by a person. */
export interface EndedExperiment {
  /** ISO 8601, the cloud's clock. */
  readonly at: string;
  readonly outcome: ExperimentOutcome;
  /** `green is better by 1.2 to 3.4 points`. */
  readonly sentence: string;
}

// CloudWatch keeps values of one minute for 15 days (Amazon CloudWatch User Guide, Metrics retention).
export const MOST_EXPERIMENT_DAYS = 14;

export const experimentFields = {
  percent: integer({ min: 1, max: 99 }, 50, ""),
  days: integer({ min: 1, max: MOST_EXPERIMENT_DAYS }, 14, ""),
  smallestPoints: decimal({ above: 0, max: 100 }, 1, ""),
} as const;

export const experimentField: Field<Experiment | undefined> = {
  type: "object",
  allowed: "what `npx bluegreen experiment` wrote",
  default: undefined,
  meaning: "Signal, split and days of its experiment, and how it ended.",
  read(raw) {
    if (!isRecord(raw)) return undefined;
    const { signal } = raw;
    const [percent, days] = [
      experimentFields.percent.read(raw["percent"])?.value,
      experimentFields.days.read(raw["days"])?.value,
    ];
    if (typeof signal !== "string" || percent === undefined || days === undefined) return undefined;
    const smallest = experimentFields.smallestPoints.read(raw["smallestPoints"])?.value;
    const ended = raw["ended"] === undefined ? undefined : readEnd(raw["ended"]);
    if (raw["smallestPoints"] !== undefined && smallest === undefined) return undefined;
    if (raw["ended"] !== undefined && ended === undefined) return undefined;
    return {
      value: {
        signal,
        percent,
        days,
        ...(smallest === undefined ? {} : { smallestPoints: smallest }),
        ...(ended === undefined ? {} : { ended }),
      },
    };
  },
};

function readEnd(raw: unknown): EndedExperiment | undefined {
  if (!isRecord(raw)) return undefined;
  const { at, outcome, sentence } = raw;
  const word = EXPERIMENT_OUTCOMES.find((one) => one === outcome);
  const isWhole = typeof at === "string" && typeof sentence === "string" && !Number.isNaN(Date.parse(at));
  return isWhole && word !== undefined ? { at, outcome: word, sentence } : undefined;
}

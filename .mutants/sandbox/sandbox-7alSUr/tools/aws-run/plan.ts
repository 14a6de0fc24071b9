import { PRICE_REGION, PRICES, PRICES_AS_OF } from "../../validation/insight/cost/prices.ts";
import { allBeliefs } from "./beliefs.ts";
import { LANES, STEPS, TEARDOWN_MINUTES, type Piece, type ExperimentStep } from "./experiments.ts";

/** How much money and time a run may take at most. */
export interface Limits {
  readonly usd: number;
  readonly minutes: number;
}

export const USUAL_LIMITS: Limits = { usd: 5, minutes: 60 };

export interface PlannedStep extends ExperimentStep {
  /** Minutes after the start of the run. */
  readonly atMinute: number;
  /** What its pieces cost from then until the end of the run. */
  readonly usd: number;
}

export interface Plan {
  readonly steps: readonly PlannedStep[];
  /** With the teardown. */
  readonly minutes: number;
  readonly usd: number;
  /** With every piece there for all of the time that is allowed. */
  readonly mostUsd: number;
}

const hourlyUsd = ({ charges }: Piece) =>
  charges.reduce((sum, [price, quantity]) => sum + PRICES[price].usd * quantity, 0);

const hourlyOf = ({ makes }: ExperimentStep) =>
  makes.reduce((sum, [count, piece]) => sum + count * hourlyUsd(piece), 0);

/** Steps in the order in which they begin, what each costs, and both sums. */
export function planOf(steps: readonly ExperimentStep[], limits: Limits): Plan {
  const started = LANES.flatMap((lane) => {
    let atMinute = 0;
    return steps
      .filter((step) => step.lane === lane)
      .map((step) => {
        const begun = { step, atMinute };
        atMinute += step.minutes;
        return begun;
      });
  }).toSorted((a, b) => a.atMinute - b.atMinute);
  const minutes =
    Math.max(0, ...started.map(({ step, atMinute }) => atMinute + step.minutes)) + TEARDOWN_MINUTES;
  const planned = started.map(({ step, atMinute }) => ({
    ...step,
    atMinute,
    usd: (hourlyOf(step) * (minutes - atMinute)) / 60,
  }));
  return {
    steps: planned,
    minutes,
    usd: planned.reduce((sum, { usd }) => sum + usd, 0),
    mostUsd: (steps.reduce((sum, step) => sum + hourlyOf(step), 0) * limits.minutes) / 60,
  };
}

/** Why the limits do not suffice; undefined: they do. */
export function tooLittle(plan: Plan, limits: Limits): string | undefined {
  const problems = [
    ...(plan.minutes > limits.minutes
      ? [`it takes up to ${plan.minutes} minutes, ${limits.minutes} are allowed`]
      : []),
    ...(plan.mostUsd > limits.usd
      ? [`it may cost ${money(plan.mostUsd)} in ${limits.minutes} minutes, ${money(limits.usd)} are allowed`]
      : []),
  ];
  return problems.length === 0 ? undefined : `${problems.join("; ")}.`;
}

export const money = (usd: number) => `${usd.toFixed(2)} USD`;

/** The dry-run: every step in order, what it makes, minutes and dollars. */
export function planWords(plan: Plan, limits: Limits): string {
  const beliefs = allBeliefs();
  const answered = (id: ExperimentStep["id"]) =>
    beliefs.flatMap(({ id: belief, proof }) =>
      "experiment" in proof && proof.experiment === id ? [belief] : [],
    );
  const steps = plan.steps.flatMap((step) => {
    const made = step.makes.map(([count, { what }]) => `${count} × ${what}`);
    const proven = answered(step.id);
    return [
      `minute ${String(step.atMinute).padStart(2)}, ${step.minutes} min at most, ${step.usd.toFixed(3)} USD: ${step.id}, ${step.title}`,
      ...step.does.map((line) => `    ${line}`),
      ...(made.length === 0 ? [] : [`    makes ${made.join(", ")}`]),
      ...(proven.length === 0 ? [] : [`    answers ${proven.join(", ")}`]),
    ];
  });
  const none = beliefs.filter(({ proof }) => "none" in proof);
  return [
    ...steps,
    `minute ${plan.minutes - TEARDOWN_MINUTES}, ${TEARDOWN_MINUTES} min at most: teardown, whatever happened before it: an error, Ctrl-C, or no time left`,
    "    removes everything that has the run's tag, until nothing is listed any more",
    "",
    `${beliefs.length - none.length} of ${beliefs.length} beliefs are answered; docs/aws-findings.md says why the others are not.`,
    `In all: ${plan.minutes} minutes of ${limits.minutes}, ${money(plan.usd)}, at most ${money(plan.mostUsd)} of ${money(limits.usd)}.`,
    `List prices of ${PRICE_REGION}, ${PRICES_AS_OF}, without tax and free tier; other regions differ.`,
  ].join("\n");
}

export const usualPlan = (limits: Limits) => planOf(STEPS, limits);

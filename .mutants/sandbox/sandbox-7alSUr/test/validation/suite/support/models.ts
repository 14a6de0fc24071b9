import { parseConfig } from "../../../../contract/config/parse.ts";
import type { SuitePolicy } from "../../../../contract/config/suite.ts";
import type { Check } from "../../../../validation/suite/check.ts";
import type { Example } from "../../../../validation/suite/golden.ts";
import { judge } from "../../../../validation/suite/judge.ts";
import { predictionOf, type Pair } from "../../../../validation/suite/measure.ts";
import { definition } from "../../../../validation/protocols/bluegreen.ts";
import { markAll, type Marked, type Score } from "../../../../validation/suite/tasks/mark.ts";

export function policyOf(own: Readonly<Record<string, unknown>> = {}): SuitePolicy {
  const parsed = parseConfig({ suite: JSON.stringify(own) });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config.suite;
}

/** Numbers from 0 to 1 that check random and are the same each time (Park and Miller's generator). */
export function randomFrom(seed: number) {
  let state = (seed * 48_271 + 11) % 2_147_483_647 || 1;
  const uniform = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  for (let warm = 0; warm < 10; warm += 1) uniform();
  return { uniform, normal, below: (n: number) => Math.min(n - 1, Math.floor(uniform() * n)) };
}

const SPEAKER = {
  protocol: definition,
  model: {
    predictPath: "/predict",
    healthPath: "/health",
    inputs: [],
    contentType: "application/json",
  },
};

/** What a slot says that predicts this, as JSON text. */
export function saying(prediction: unknown, label: unknown) {
  const text = `{"prediction":${typeof prediction === "number" && !Number.isFinite(prediction) ? String(prediction) : JSON.stringify(prediction)},"modelVersion":"2"}`;
  return predictionOf({ status: 200, seconds: 0.01, text }, SPEAKER, { label });
}

export interface Asked {
  readonly example: Partial<Example> & Pick<Example, "label">;
  readonly candidate: unknown;
  /** Absent: there is no active slot. */
  readonly active?: unknown;
}

export function marked(asked: readonly Asked[], policy: SuitePolicy, score?: Score): Promise<Marked> {
  const pairs = asked.map(({ example: { label }, candidate, active }): Pair => ({
    candidate: saying(candidate, label),
    active: active === undefined ? undefined : saying(active, label),
  }));
  return markAll(pairs, examplesOf(asked), policy, score);
}

export const examplesOf = (asked: readonly Asked[]): readonly Example[] =>
  asked.map(({ example }, place) => ({ input: place, ...example }));

/** The checks of these answers. */
export async function checksOf(
  asked: readonly Asked[],
  own: Readonly<Record<string, unknown>> = {},
  score?: Score,
): Promise<readonly Check[]> {
  const policy = policyOf(own);
  const { pairs, check, ...rest } = await marked(asked, policy, score);
  const scored = check === undefined ? [] : [check];
  return [...scored, ...judge(pairs, policy, { ...rest, examples: examplesOf(asked) })];
}

/** Names and answers of those that do not pass: `loss-vs-active: fail`. */
export const notGood = (checks: readonly Check[]) =>
  checks.filter(({ answer }) => answer !== "pass").map(({ name, answer }) => `${name}: ${answer}`);

import type { SuitePolicy } from "../../../contract/config/suite.ts";
import type { Ask } from "../../protocols/ask.ts";
import { check, type Check } from "../check.ts";
import type { Example } from "../golden.ts";
import type { SuiteFinding } from "../judge.ts";
import { picked, type Many } from "../many/many.ts";
import type { Machine, Tell } from "../machine.ts";
import type { Pair, Sides, Speakers } from "../measure.ts";
import { knownOf, type Laboratory } from "./asking.ts";
import { featuresOf } from "./features.ts";
import { perturbation } from "./perturbation.ts";
import { relations } from "./relations.ts";
import { repeatability, repeated } from "./repeatability.ts";
import { sensitivity } from "./sensitivity.ts";

/** No further question of each part after so long; what was asked until then is judged. */
const SECONDS = { repeats: 1, relations: 4, noise: 3, features: 5 } as const;

export interface Behaviour {
  readonly checks: readonly Check[];
  /** For the family of all statistical checks. */
  readonly findings: readonly SuiteFinding[];
}

/** About so many requests for inputs like this one; a feature that looks ignored takes a few hundred more. */
export function behaviourRequests(input: unknown, isBatching: boolean, isBeside: boolean): number {
  const one = isBatching ? 1 / 16 : 1;
  const alone = 20 + 20 * one;
  return Math.ceil(isBeside ? 2 * alone + 200 * one + 2 * featuresOf(input).length * 16 * one : alone);
}

/** How a model answers when its input changes: what no accuracy on one set of examples tells. */
export async function behaviour(
  ask: Ask,
  { candidate, active }: Sides,
  speakers: Speakers,
  examples: Many<Example>,
  pairs: Many<Pair>,
  policy: SuitePolicy,
  machine: Machine,
  tell: Tell,
): Promise<Behaviour> {
  const within = (seconds: number): Laboratory => {
    return { ask, speakers, machine, untilMs: machine.wall() + seconds * 1000 };
  };
  const known = knownOf(examples, pairs);
  if (known.length === 0) return { checks: [], findings: [] };
  const own = await repeated(within(SECONDS.repeats), candidate, "candidate", known);
  const alone = [
    repeatability(own, policy.deterministic),
    ...(await relations(within(SECONDS.relations), candidate, policy.relations, known)),
  ];
  tell(1, 3);
  if (active === undefined) return { checks: alone, findings: [] };
  const both = { candidate, active };
  const noise = await perturbation(within(SECONDS.noise), both, known, policy);
  tell(2, 3);
  const other = await repeated(within(SECONDS.repeats), active, "active", known);
  if (other.other > 0) {
    const why = `${active} does not answer the same request the same, so nothing shows which feature it uses`;
    return { checks: [...alone, check("feature-sensitivity", "warn", why)], findings: present(noise) };
  }
  const features = await sensitivity(within(SECONDS.features), both, known, secondsEach(pairs));
  tell(3, 3);
  return { checks: alone, findings: present(features, noise) };
}

/** Median of an answer. */
function secondsEach(pairs: Iterable<Pair>): number {
  const sorted = [...picked(pairs, ({ candidate }) => candidate.seconds)].toSorted((a, b) => a - b);
  return Math.max(1e-4, sorted[Math.floor(sorted.length / 2)] ?? 0);
}

const present = (...findings: readonly (SuiteFinding | undefined)[]) =>
  findings.filter((finding) => finding !== undefined);

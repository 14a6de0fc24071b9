import {
  AFTER_PROTOCOL,
  ALONE_CHECKS,
  BESIDE_CHECKS,
  type SuitePolicy,
} from "../../contract/config/suite.ts";
import type { Ask } from "../protocols/ask.ts";
import { check, outcomeOf, withWaived, type Check, type SuiteOutcome } from "./check.ts";
import { contractChecks, versionsThroughout } from "./conduct.ts";
import type { Example } from "./golden.ts";
import { judge } from "./judge.ts";
import { refusesMalformed } from "./malformed.ts";
import { measure, type Pair, type Sides } from "./measure.ts";
import type { Introductions } from "./speakers.ts";
import { measuredOf, worstOf, type Measured, type WorstExample } from "./summary.ts";
import { markAll, type Score } from "./tasks/mark.ts";
import type { Versions } from "./version.ts";

export interface Subject {
  readonly sides: Sides;
  /** How each slot is asked; undefined: nobody can ask the candidate. */
  readonly introductions: Introductions;
  readonly versions: Versions;
  readonly healthPath: string;
  /** Status codes that are healthy, as `service.healthMatcher` has them; absent: 200. */
  readonly healthMatcher?: string;
  readonly policy: SuitePolicy;
  readonly examples: readonly Example[];
  /** Starts `suite.scorer`; absent: none can be started. */
  readonly score?: Score;
}

export interface SuiteResult {
  readonly outcome: SuiteOutcome;
  readonly checks: readonly Check[];
  /** What the statistical checks judged. */
  readonly pairs: readonly Pair[];
  /** What a right answer was taken to be, and what people know such models by; absent: nothing was measured. */
  readonly measured?: Measured;
  /** Where the candidate was wrong, worst first. */
  readonly worst: readonly WorstExample[];
}

/**
 * The pre-traffic tests of a candidate: what a service must do at all, then the golden set compared with the active slot, then
 * what a service must refuse. A check that fails keeps no other from being asked, but for one: what another model says
 * tells nothing about this one. `wall` is the machine's time.
 */
export async function runSuite(ask: Ask, subject: Subject, wall: () => number): Promise<SuiteResult> {
  const { versions, healthPath, healthMatcher = "200", policy, examples } = subject;
  const { candidate, active } = subject.sides;
  const health = { path: healthPath, matcher: healthMatcher };
  const { speakers, check: protocol } = subject.introductions;
  const [example] = examples;
  const result = (
    made: readonly Check[],
    pairs: readonly Pair[],
    more: Partial<SuiteResult> = {},
  ): SuiteResult => {
    const checks = withWaived([protocol, ...made], policy);
    return { outcome: outcomeOf(checks), checks, pairs, worst: [], ...more };
  };
  if (example === undefined) return result([check("golden-set", "insufficient", "it has no examples")], []);

  const silenced = active === undefined ? [] : BESIDE_CHECKS;
  if (speakers === undefined) {
    const why = "nobody knows how its server is asked (deploy --protocol)";
    return result(notRun([...AFTER_PROTOCOL, ...ALONE_CHECKS, ...silenced], why), []);
  }
  const conduct = await contractChecks(ask, subject.sides, speakers, health, versions, example);
  // Who waives the version says that it is right.
  const others = policy.waive.includes("version") ? [] : conduct.others;
  if (others.includes(candidate)) {
    const rest = notRun([...ALONE_CHECKS, ...silenced], `${candidate} answers as another model`);
    return result([...conduct.checks, ...rest], []);
  }
  const isComparable = active !== undefined && !others.includes(active);
  const sides: Sides = { candidate, active: isComparable ? active : undefined };
  const untilMs = wall() + policy.measureSeconds * 1000;
  const asked = await measure(ask, sides, speakers, examples, { wall, untilMs });
  const throughout = versionsThroughout(asked, sides, versions, speakers);
  const { pairs, ...marked } = await markAll(asked, examples.slice(0, asked.length), policy, subject.score);
  const judged = { ...marked, examples: examples.slice(0, pairs.length) };
  const scored = marked.check === undefined ? [] : [marked.check];
  const statistical = [...scored, ...judge(pairs, policy, judged)];
  const refusals = await refusesMalformed(ask, candidate, speakers[candidate], health, example);
  // What has been proven wrong once stays so.
  const seen = conduct.checks.map((one) =>
    one.name === throughout.name && one.answer !== "fail" ? throughout : one,
  );
  const rest = isComparable ? [] : notRun(silenced, `${active} answers as another model`);
  const measured = measuredOf(pairs, judged);
  return result([...seen, ...statistical, ...rest, ...refusals], pairs, {
    measured,
    worst: worstOf(pairs, judged.examples),
  });
}

const notRun = (names: readonly string[], why: string) => names.map((name) => check(name, "notRun", why));

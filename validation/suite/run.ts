import { ALONE_CHECKS, BESIDE_CHECKS, type SuitePolicy } from "../../contract/config/suite.ts";
import type { Ask } from "../protocols/ask.ts";
import { check, outcomeOf, withWaived, type Check, type SuiteOutcome } from "./check.ts";
import { contractChecks, versionsThroughout, type Paths, type Versions } from "./conduct.ts";
import type { Example } from "./golden.ts";
import { judge } from "./judge.ts";
import { refusesMalformed } from "./malformed.ts";
import { measure, type Pair, type Sides } from "./measure.ts";

export interface Subject {
  readonly sides: Sides;
  readonly versions: Versions;
  readonly healthPath: string;
  /** Status codes that are healthy, as `service.healthMatcher` has them; absent: 200. */
  readonly healthMatcher?: string;
  readonly policy: SuitePolicy;
  readonly examples: readonly Example[];
}

export interface SuiteResult {
  readonly outcome: SuiteOutcome;
  readonly checks: readonly Check[];
  /** What the statistical checks judged. */
  readonly pairs: readonly Pair[];
}

/**
 * The pre-traffic tests of a candidate: what a service must do at all, then the golden set compared with the active slot, then
 * what a service must refuse. A check that fails keeps no other from being asked, but for one: what another model says
 * tells nothing about this one. `wall` is the machine's time.
 */
export async function runSuite(ask: Ask, subject: Subject, wall: () => number): Promise<SuiteResult> {
  const { versions, healthPath, healthMatcher, policy, examples } = subject;
  const { candidate, active } = subject.sides;
  const { metadataPath, predictPath, measureSeconds } = policy;
  const health = { health: healthPath, healthMatcher: healthMatcher ?? "200" };
  const paths: Paths = { ...health, metadata: metadataPath, predict: predictPath };
  const [example] = examples;
  const result = (made: readonly Check[], pairs: readonly Pair[]): SuiteResult => {
    const checks = withWaived(made, policy);
    return { outcome: outcomeOf(checks), checks, pairs };
  };
  if (example === undefined) return result([check("golden-set", "insufficient", "it has no examples")], []);

  const conduct = await contractChecks(ask, subject.sides, paths, versions, example);
  // Who waives the version says that it is right.
  const others = policy.waive.includes("version") ? [] : conduct.others;
  const silenced = active === undefined ? [] : BESIDE_CHECKS;
  if (others.includes(candidate)) {
    const rest = notRun([...ALONE_CHECKS, ...silenced], `${candidate} answers as another model`);
    return result([...conduct.checks, ...rest], []);
  }
  const isComparable = active !== undefined && !others.includes(active);
  const sides: Sides = { candidate, active: isComparable ? active : undefined };
  const untilMs = wall() + measureSeconds * 1000;
  const pairs = await measure(ask, sides, predictPath, examples, { wall, untilMs });
  const throughout = versionsThroughout(pairs, sides, versions);
  const statistical = judge(pairs, policy);
  const refusals = await refusesMalformed(ask, candidate, paths, example);
  // What has been proven wrong once stays so.
  const seen = conduct.checks.map((one) =>
    one.name === throughout.name && one.answer !== "fail" ? throughout : one,
  );
  const rest = isComparable ? [] : notRun(silenced, `${active} answers as another model`);
  return result([...seen, ...statistical, ...rest, ...refusals], pairs);
}

const notRun = (names: readonly string[], why: string) => names.map((name) => check(name, "notRun", why));

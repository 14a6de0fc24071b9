import type { SuitePolicy } from "../../contract/suite.ts";
import type { Ask } from "./ask.ts";
import { check, outcomeOf, type Check, type SuiteOutcome } from "./check.ts";
import { contractChecks, versionsThroughout, type Paths, type Versions } from "./conduct.ts";
import type { Example } from "./golden.ts";
import { judge } from "./judge.ts";
import { refusesMalformed } from "./malformed.ts";
import { measure, type Pair, type Sides } from "./measure.ts";

export interface Subject {
  readonly sides: Sides;
  readonly versions: Versions;
  readonly healthPath: string;
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
 * The isolated tests of a candidate: contract first, because what another model answers says nothing about this
 * one; then the golden set beside the active slot; then what a service must refuse. `wall` is the machine's time.
 */
export async function runSuite(ask: Ask, subject: Subject, wall: () => number): Promise<SuiteResult> {
  const { sides, versions, healthPath, policy, examples } = subject;
  const { metadataPath, predictPath, measureSeconds } = policy;
  const paths: Paths = { health: healthPath, metadata: metadataPath, predict: predictPath };
  const [example] = examples;
  if (example === undefined) return result([check("golden-set", "insufficient", "it has no examples")], []);

  const contract = await contractChecks(ask, sides, paths, versions, example);
  if (outcomeOf(contract) !== "passed") {
    const why = "the slot does not keep the contract";
    const rest = ["failures", "accuracy", "malformed-input"].map((name) => check(name, "notRun", why));
    return result([...contract, ...rest], []);
  }
  const untilMs = wall() + measureSeconds * 1000;
  const pairs = await measure(ask, sides, predictPath, examples, { wall, untilMs });
  const throughout = versionsThroughout(pairs, sides, versions);
  const statistical = judge(pairs, policy);
  const refusals = await refusesMalformed(ask, sides.candidate, paths, example);
  const conduct = contract.map((one) => (one.name === throughout.name ? throughout : one));
  return result([...conduct, ...statistical, ...refusals], pairs);
}

function result(checks: readonly Check[], pairs: readonly Pair[]): SuiteResult {
  return { outcome: outcomeOf(checks), checks, pairs };
}

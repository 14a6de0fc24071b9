import {
  AFTER_PROTOCOL,
  ALONE_CHECKS,
  ASKED_ALONE,
  ASKED_BESIDE,
  BESIDE_CHECKS,
  type SuitePolicy,
} from "../../contract/config/suite.ts";
import type { Ask, AskStream } from "../protocols/ask.ts";
import { behaviour } from "./behaviour/behaviour.ts";
import { check, outcomeOf, withWaived, type Check, type SuiteOutcome } from "./check.ts";
import { contractChecks, versionsThroughout } from "./conduct.ts";
import { answerForm } from "./form/answer-form.ts";
import { largeBody } from "./form/large-body.ts";
import type { Example } from "./golden.ts";
import { judge, type Judged } from "./judge.ts";
import { load } from "./load/load.ts";
import type { Machine } from "./machine.ts";
import { inMemory, type OpenScratch } from "./many/kept.ts";
import { firstOf, picked, type Many } from "./many/many.ts";
import { refusesMalformed } from "./malformed.ts";
import { measure, type Pair, type Sides, type Speakers } from "./measure.ts";
import { SuiteClock, type SuiteProgress } from "./progress.ts";
import type { Introductions } from "./speakers.ts";
import { sliceChecks } from "./slices.ts";
import { planOf, stagesFor, type Stage } from "./stages.ts";
import { streams } from "./streams/streams.ts";
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
  readonly examples: Many<Example>;
  /** Starts `suite.scorer`; absent: none can be started. */
  readonly score?: Score;
}

/** What a run of the suite needs of the machine, and whom it tells. */
export interface SuiteRun extends Machine {
  /** Where answers are kept while they are judged; absent: in memory. */
  readonly openScratch?: OpenScratch;
  /** Absent: no streams are asked for. */
  readonly askStream?: AskStream;
  readonly report?: (progress: SuiteProgress) => void;
  /** Names of the checks that are wanted; absent: all. */
  readonly only?: readonly string[];
}

export interface SuiteResult {
  readonly outcome: SuiteOutcome;
  readonly checks: readonly Check[];
  /** What the statistical checks judged. */
  readonly pairs: Many<Pair>;
  /** How they were judged, so that they can be judged again; absent: nothing was measured. */
  readonly judged?: Judged;
  /** What a right answer was taken to be, and what people know such models by; absent: nothing was measured. */
  readonly measured?: Measured;
  /** Where the candidate was wrong, worst first. */
  readonly worst: readonly WorstExample[];
}

/**
 * The pre-traffic tests of a candidate: what a service must do at all, then the golden set compared with the active slot,
 * load, behaviour and streams, then what a service must refuse. A check that fails keeps no other from being asked, but
 * for one: what another model says tells nothing about this one.
 */
export async function runSuite(ask: Ask, subject: Subject, run: SuiteRun): Promise<SuiteResult> {
  const { versions, healthPath, healthMatcher = "200", policy, examples } = subject;
  const { candidate, active } = subject.sides;
  const { unasked } = subject.introductions;
  const { only = [], report = () => {} } = run;
  const health = { path: healthPath, matcher: healthMatcher };
  const { speakers, check: protocol } = subject.introductions;
  const example = examples.at(0);
  const result = (
    made: readonly Check[],
    pairs: Many<Pair>,
    more: Partial<SuiteResult> = {},
  ): SuiteResult => {
    const all = [protocol, ...made];
    const unknown = only.filter((name) => all.every((one) => one.name !== name));
    const wanted = all.filter(({ name }) => only.length === 0 || only.includes(name));
    const missing = notRun(unknown, "there is no such check of this model");
    const checks = withWaived([...wanted, ...missing], policy);
    return { outcome: outcomeOf(checks), checks, pairs, worst: [], ...more };
  };
  if (example === undefined) return result([check("golden-set", "insufficient", "it has no examples")], []);

  const alone = [...ALONE_CHECKS, ...ASKED_ALONE];
  // The slices are in the whole set, which may be long: it is read for their names only where they are told.
  const silenced = () =>
    active === undefined ? [] : [...BESIDE_CHECKS, ...ASKED_BESIDE, ...sliceChecks(examples, policy)];
  if (speakers === undefined) {
    const why = "nobody knows how its server is asked (deploy --protocol)";
    return result(notRun([...AFTER_PROTOCOL, ...alone, ...silenced()], why), []);
  }
  const asked: Sides = { candidate, active: active === unasked ? undefined : active };
  const conduct = await contractChecks(ask, asked, speakers, health, versions, example);
  // Who waives the version says that it is right.
  const others = "version" in policy.waive ? [] : conduct.others;
  if (others.includes(candidate)) {
    const rest = notRun([...alone, ...silenced()], `${candidate} answers as another model`);
    return result([...conduct.checks, ...rest], []);
  }
  const isComparable = asked.active !== undefined && !others.includes(asked.active);
  const sides: Sides = { candidate, active: isComparable ? active : undefined };
  const clock = new SuiteClock(run, report);
  const stages = stagesFor(only);
  clock.planned(planOf(sides, speakers, examples, policy, stages));
  const { pairs, statistical, before, judged } = await measured(
    { ask: clock.timed(ask), sides, speakers, clock, stages },
    subject,
    run,
  );
  const throughout = versionsThroughout(pairs, sides, versions, speakers);
  const right = picked(pairs, ({ candidate: said }, index) => {
    const one = said.right ? examples.at(index) : undefined;
    return one === undefined ? undefined : { example: one, value: said.value };
  });
  const repeats = !before.some(({ name, answer }) => name === "repeatability" && answer !== "pass");
  const tested = { example, right, repeats };
  const large = stages.has("malformed") ? await largeBody(ask, sides, speakers, examples) : [];
  const refusals = stages.has("malformed")
    ? await refusesMalformed(ask, sides, speakers, health, tested, run, clock.stage("malformed"))
    : [];
  // What has been proven wrong once stays so.
  const seen = conduct.checks.map((one) =>
    one.name === throughout.name && one.answer !== "fail" && pairs.length > 0 ? throughout : one,
  );
  const why =
    unasked === undefined
      ? `${active} answers as another model`
      : `nobody knows how the server of ${unasked}, which has the users, is asked`;
  const rest = isComparable ? [] : notRun(silenced(), why);
  return result([...seen, ...statistical, ...before, ...rest, ...large, ...refusals], pairs, {
    judged,
    measured: measuredOf(pairs, judged),
    worst: worstOf(pairs, judged.examples),
  });
}

interface Asking {
  readonly ask: Ask;
  readonly sides: Sides;
  readonly speakers: Speakers;
  readonly clock: SuiteClock;
  readonly stages: ReadonlySet<Stage>;
}

/** All that is measured before anything is asked that may break a service; one family of statistical checks. */
async function measured(
  { ask, sides, speakers, clock, stages }: Asking,
  { policy, examples, score }: Subject,
  run: SuiteRun,
) {
  const isGolden = stages.has("golden");
  const { openScratch: open = inMemory } = run;
  const untilMs = run.wall() + policy.measureSeconds * 1000;
  const answered = isGolden
    ? await measure(ask, sides, speakers, examples, { wall: run.wall, untilMs }, clock.stage("golden"), open)
    : [];
  const asked = firstOf(examples, answered.length);
  const { pairs, check: scorer, ...marked } = await markAll(answered, asked, policy, score, open);
  const judged: Judged = { ...marked, examples: asked };
  const before = { pairs, task: marked.unmarked === undefined ? marked.task : undefined };
  const loaded = stages.has("load")
    ? await load(ask, sides, speakers, examples, before, policy, run, clock.stage("load"))
    : [];
  const behaved = stages.has("behaviour")
    ? await behaviour(ask, sides, speakers, examples, pairs, policy, run, clock.stage("behaviour"))
    : NOTHING;
  const streamed =
    stages.has("streams") && run.askStream !== undefined
      ? await streams(run.askStream, sides, speakers, examples, before, policy, run, clock.stage("streams"))
      : NOTHING;
  const findings = [...loaded, ...behaved.findings, ...streamed.findings];
  return {
    pairs,
    judged,
    statistical: [
      ...(scorer === undefined ? [] : [scorer]),
      ...(isGolden || findings.length > 0 ? judge(pairs, policy, judged, findings) : []),
      ...(isGolden ? [answerForm(pairs, asked, marked.task, sides, speakers)] : []),
    ],
    before: [...behaved.checks, ...streamed.checks],
  };
}

const NOTHING = { checks: [], findings: [] };

const notRun = (names: readonly string[], why: string) => names.map((name) => check(name, "notRun", why));

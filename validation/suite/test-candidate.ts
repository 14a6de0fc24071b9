import { requestedOn } from "../../contract/names/running.ts";
import type { SuitePolicy } from "../../contract/config/suite.ts";
import { serviceOf } from "../../contract/config/model-service.ts";
import type { Release, Tested } from "../../contract/release/release.ts";
import { otherSlot, perSlot, SLOTS, type PerSlot, type Slot } from "../../contract/slot.ts";
import { isEmpty, type StackConfig } from "../../contract/config/stack-config.ts";
import { mustWrite, requireDeployed } from "../stack/apply.ts";
import { iso } from "../core/iso.ts";
import { testedChange } from "../core/tested.ts";
import { UserError } from "../errors.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context, Deployed } from "../ports.ts";
import { refuseGivenUp } from "../deploy/ready.ts";
import type { Ask, AskStream } from "../protocols/ask.ts";
import { waivedOf, type Check, type SuiteOutcome } from "./check.ts";
import { suiteDigest } from "./digest.ts";
import { goldenKept, type Example } from "./golden.ts";
import type { OpenScratch } from "./many/kept.ts";
import { listOf, picked, type Many } from "./many/many.ts";
import { requireName, type Address } from "../stack/way-in.ts";
import { introductions } from "./speakers.ts";
import { memoryOverRun } from "./load/memory.ts";
import { runSuite, type Subject, type SuiteResult } from "./run.ts";
import type { Measured, WorstExample } from "./summary.ts";
import type { Score } from "./tasks/mark.ts";
import { labelProblem } from "./tasks/text.ts";
import { runsOf } from "../core/runs.ts";
import { attempt } from "../reading.ts";

/** What the tests need from outside, besides what every flow has. */
export interface TestTools {
  /** Asks the slots of the stack at this address; `answerSeconds` of the machine is the limit of every answer. */
  readonly connect: (address: Address, token: string, answerSeconds: number) => Ask;
  /** A file of the project, as text. */
  readonly readFile: (path: string) => Promise<string>;
  /** Starts `suite.scorer` in the project's directory; absent: it cannot be started. */
  readonly score?: Score;
  /** Requests bear a key of the model's, which health checks of the load balancer do not; absent: they bear none. */
  readonly isKeyed?: boolean;
}

/** What the whole suite needs besides. */
export interface SuiteTools extends TestTools {
  /** Asks for answers in pieces. */
  readonly connectStreams: (address: Address, token: string, stallSeconds: number) => AskStream;
  /** The lines of a file of the project, one after the other; absent: `readFile` reads it whole. */
  readonly linesOf?: (path: string) => AsyncIterable<string>;
  /** Where examples and answers are kept; absent: in memory. */
  readonly openScratch?: OpenScratch;
  /** Waits by the machine's time. */
  readonly wait: (ms: number) => Promise<void>;
}

export interface TestOptions {
  /** Golden set of this run; undefined: the configured one. */
  readonly golden: string | undefined;
  /** Checks that are wanted, by name; absent: all. A part of the suite is no test of the candidate, and is not stored. */
  readonly only?: readonly string[];
}

export interface TestOutcome extends Outcome {
  readonly outcome: SuiteOutcome;
  readonly slot: Slot;
  /** Slot that it was compared with; undefined: there is none, and only absolute bounds were checked. */
  readonly comparedWith: Slot | undefined;
  readonly goldenSet: string;
  readonly digest: string;
  readonly checks: readonly Check[];
  readonly measured?: Measured;
  readonly worst: readonly WorstExample[];
  readonly release: Release | undefined;
}

/**
 * Tests a candidate that has no users yet, through the test rules, and stores the result in the release, so that
 * `rollout` knows it. Nothing of it reaches users, production metrics or alarms.
 */
export async function testCandidate(
  context: Context,
  tools: SuiteTools,
  options: TestOptions,
): Promise<TestOutcome> {
  const deployed = await requireDeployed(context);
  const { slot: candidate } = subjectOf(deployed.config);
  await refuseGivenUp(context, deployed, candidate);
  await requireTasks(context, deployed, candidate);
  const examined = await examine(context, deployed, tools, options);
  const { release, goldenSet, subject, outcome, checks, measured, worst } = examined;
  const { candidate: slot, active: comparedWith } = subject.sides;
  const isWhole = options.only === undefined || options.only.length === 0;
  const digest = suiteDigest(subject.policy, subject.examples, checks);
  const taskDefinition = taskDefinitionOf(deployed, slot);
  const waived = waivedOf(checks);
  const tested: Tested = {
    outcome,
    digest,
    at: iso(context.clock.now()),
    taskDefinition,
    ...(waived.length === 0 ? {} : { waived }),
  };
  const stored = isWhole ? await store(context, deployed, release, tested, checks) : deployed;
  const told = sentenceOf(release, slot, comparedWith, outcome, checks, isWhole);
  return {
    exitCode: outcome === "passed" ? EXIT.done : EXIT.needsPerson,
    sentence: isWhole ? told : `${told}; a part of the tests is not stored: npx bluegreen test`,
    outcome,
    slot,
    comparedWith,
    goldenSet,
    digest,
    checks,
    ...(measured === undefined ? {} : { measured }),
    worst,
    release: stored.config.release,
  };
}

export interface Examined extends SuiteResult {
  readonly release: Release;
  readonly goldenSet: string;
  readonly subject: Subject;
}

/** The tests alone: asks the slots and judges what they say; changes nothing. */
export async function examine(
  context: Context,
  deployed: Deployed,
  tools: SuiteTools,
  options: TestOptions,
): Promise<Examined> {
  const { ask, askStream, subject, release, goldenSet } = await subjectFor(context, deployed, tools, options);
  const sinceMs = context.clock.now();
  const result = await runSuite(ask, subject, {
    wall: context.clock.wall,
    wait: tools.wait,
    askStream,
    ...(tools.openScratch === undefined ? {} : { openScratch: tools.openScratch }),
    report: (progress) => context.reporter.report({ kind: "testing", ...progress }),
    ...(options.only === undefined ? {} : { only: options.only }),
  });
  const isWhole = options.only === undefined || options.only.length === 0;
  const whole = isWhole ? await withMemory(context, deployed, result, subject.sides, sinceMs) : result;
  return { ...whole, release, goldenSet, subject };
}

/** The result and what the run did to the tasks' memory, which says nothing unless the whole suite has run. */
async function withMemory(
  context: Context,
  deployed: Deployed,
  result: SuiteResult,
  sides: Subject["sides"],
  sinceMs: number,
): Promise<SuiteResult> {
  if (result.measured === undefined) return result;
  const seen = await memoryOverRun(context, deployed, sides, sinceMs);
  if (typeof seen !== "string") return { ...result, checks: [...result.checks, seen] };
  context.reporter.report({ kind: "note", message: seen });
  return result;
}

/** Who is tested with what, and how they are asked. */
export async function subjectFor(
  context: Context,
  deployed: Deployed,
  tools: SuiteTools,
  options: TestOptions,
) {
  const { config, outputs } = deployed;
  const { release, slot, comparedWith } = subjectOf(config);
  const { goldenSet, examples, suite } = await goldenKept(tools, config, options.golden);
  requireLabels(goldenSet, examples, suite);
  const [token] = config.testTokens;
  if (token === undefined) throw new UserError("BG180", "");
  requireName(outputs);
  const service = serviceOf(config, slot);
  const beside =
    comparedWith === undefined ? "there is no slot to compare with" : `compared with ${comparedWith}`;
  const message = `testing ${release.id} on ${slot}, ${beside}: ${examples.length} examples of ${goldenSet}${settingsPart(suite)}`;
  context.reporter.report({ kind: "note", message });
  const ask = tools.connect(outputs, token, suite.answerSeconds);
  const sides = { candidate: slot, active: comparedWith };
  const subject: Subject = {
    sides,
    introductions: await introductions(ask, { ...config, suite }, sides, examples.at(0)?.input),
    versions: {
      deployed: perSlot((one) => config.slots[one].modelVersion),
      runsDigest: await runningDigests(context, deployed),
    },
    healthPath: service.healthPath,
    healthMatcher: service.healthMatcher,
    policy: suite,
    examples,
    ...(tools.score === undefined ? {} : { score: tools.score }),
  };
  const askStream = tools.connectStreams(outputs, token, suite.stallSeconds);
  return { ask, askStream, subject, release, goldenSet };
}

/** Where the settings stand, when they stand in a file. */
export const settingsPart = ({ file }: Pick<SuitePolicy, "file">) =>
  file === undefined ? "" : `, settings of ${file}`;

/** A label that nothing could match would only say that all answers are wrong. */
function requireLabels(goldenSet: string, examples: Many<Example>, suite: SuitePolicy): void {
  const problems = picked(examples, ({ id, label }, place) => {
    const problem = labelProblem(label, suite);
    return problem === undefined ? undefined : `the label of example ${id ?? place + 1} ${problem}`;
  });
  const first = listOf(problems, 10);
  if (first.length > 0) throw new UserError("BG181", `${goldenSet}: ${first.join("; ")}.`);
}

/** Whether the tasks of each slot run what its digest says: that is so when ECS runs the task definition of the last update. */
async function runningDigests(
  { services }: Context,
  { outputs }: Deployed,
): Promise<PerSlot<boolean | undefined>> {
  const names = SLOTS.flatMap((slot) => outputs.slots[slot].running?.serviceName ?? []);
  const read = await attempt(() => services.read(outputs.clusterName, names));
  return perSlot((slot) => {
    const { kind } = runsOf(outputs.slots[slot].running, read);
    const isUnknown = kind === "unknown" || kind === "nothing" || kind === "external";
    return isUnknown ? undefined : kind === "requested";
  });
}

/** A candidate without users; or the stack's first model, which got all of them when it was healthy. */
function subjectOf({ release, activeSlot, slots }: StackConfig) {
  if (release === undefined) throw new UserError("BG113", "The stack had no release yet.");
  const { slot, state, id } = release;
  const isFirst = slot === activeSlot && isEmpty(slots[otherSlot(slot)]);
  const comparedWith = slot === activeSlot ? undefined : activeSlot;
  if (state === "deployed" || (state === "promoted" && isFirst)) return { release, slot, comparedWith };
  if (state === "running" || state === "paused") {
    throw new UserError("BG110", `Release ${id} has users already.`);
  }
  throw new UserError("BG113", `Release ${id} is ${state}.`);
}

/** The load balancer answers for a slot without tasks, and that is no answer of the model. */
async function requireTasks({ health }: Context, { outputs }: Deployed, slot: Slot): Promise<void> {
  const { healthy, unhealthy, initial } = await health.targets(outputs.slots[slot].testTargetGroupArn);
  if (healthy > 0) return;
  throw new UserError("BG184", `On ${slot} ${unhealthy} targets are unhealthy, ${initial} are starting.`);
}

function taskDefinitionOf({ outputs }: Deployed, slot: Slot): string {
  const { running } = outputs.slots[slot];
  if (running === undefined) throw new UserError("BG103", `The outputs name no service for ${slot}.`);
  return requestedOn(running);
}

/** When the result cannot be kept it is told, so that what was measured is not lost with it. */
async function store(
  context: Context,
  { config }: Deployed,
  release: Release,
  tested: Tested,
  checks: readonly Check[],
): Promise<Deployed> {
  const change = testedChange(config, release, tested);
  const message = `bluegreen: release ${release.id}: pre-traffic tests ${WORDS[tested.outcome]}${waivedPart(tested.waived)}`;
  try {
    return await mustWrite(context, { change, scope: "route", refresh: false, message });
  } catch (error) {
    for (const { name, answer, reason } of checks) {
      context.reporter.report({ kind: "note", message: `not stored: ${name} ${answer}: ${reason}` });
    }
    throw error;
  }
}

const waivedPart = (waived: readonly string[] = []) =>
  waived.length === 0 ? "" : `, waived: ${waived.join(", ")}`;

const WORDS: Readonly<Record<SuiteOutcome, string>> = {
  passed: "passed",
  failed: "failed",
  insufficient: "were insufficient",
};

function sentenceOf(
  { id, state }: Release,
  slot: Slot,
  comparedWith: Slot | undefined,
  outcome: SuiteOutcome,
  checks: readonly Check[],
  isWhole: boolean,
): string {
  const deciding = checks.filter(({ waived = false }) => !waived);
  const bad = deciding.filter(({ answer }) => answer === (outcome === "failed" ? "fail" : "insufficient"));
  const why = bad.map(({ name, reason }) => `; ${name}: ${reason}`).join("");
  const alone = comparedWith === undefined ? " (absolute checks only: the stack has no other model)" : "";
  const next = isWhole && outcome === "passed" && state === "deployed" ? ": npx bluegreen rollout" : "";
  return `pre-traffic tests of ${id} on ${slot} ${WORDS[outcome]}${alone}${waivedPart(waivedOf(checks))}${why}${next}`;
}

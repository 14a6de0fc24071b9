import { cohortInStep } from "../../contract/cohorts/in-step.ts";
import { isOpen, type Release, type ReleaseEnd } from "../../contract/release/release.ts";
import { deadlineMinutesAt } from "../../contract/release/schedule.ts";
import { requireDeployed } from "../stack/apply.ts";
import { LONGEST_UPDATE_MS } from "../stack/time-limits.ts";
import { lateLabels, lateLabelWords, type LateLabels } from "../signals/late-labels.ts";
import { UserError } from "../errors.ts";
import type { Agreed, StepOptions, StepOutcome } from "./step-types.ts";
import { attempt, messageOf } from "../reading.ts";
import { type CheckMemory } from "./observe.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context } from "../ports.ts";
import type { Looked, Ownership } from "./step-types.ts";
import { pollMsOf } from "./poll.ts";
import { announceSchedule } from "../planning/schedule.ts";
import { step } from "./step.ts";
import { openLoad, type Load, type OpenSynthetic, type SyntheticCount } from "./synthetic-load.ts";
import type { TestTools } from "../suite/test-candidate.ts";
import { warmOnce, type Warm } from "./warming.ts";

export interface RolloutOptions {
  /** Time between two checks, in the cloud's milliseconds; undefined: see poll.ts. */
  readonly pollMs?: number | undefined;
  /** Starts a candidate also when it has not passed its pre-traffic tests; the audit log says so. */
  readonly skipTests?: boolean | undefined;
  /** Ends as soon as the release has its next share, for schedules that carry out one step at a time. */
  readonly oneStep?: boolean | undefined;
  /** Ends at once when only a person can let it go on (approval, pause): a wait then costs no process. Exit code 10. */
  readonly noWait?: boolean | undefined;
  /** How this process comes to own the release; undefined: it does not ask whose it is. */
  readonly ownership?: Ownership | undefined;
  /** Where the synthetic load that the policy may ask for comes from; undefined: none is sent. */
  readonly openSynthetic?: OpenSynthetic | undefined;
  /** By which the candidate is warmed before its first users; undefined: it is not. */
  readonly warmBy?: TestTools | undefined;
  /** Gets each step: see StepOptions. */
  readonly looked?: Looked | undefined;
}

export interface RolloutOutcome extends Outcome {
  readonly result: ReleaseEnd | "waits";
  readonly release: Release | undefined;
  /** The last step, with its verdict and evidence. */
  readonly last: StepOutcome;
  /** Requests of our own, which are no users; undefined: the policy wants none. */
  readonly synthetic: SyntheticCount | undefined;
  /** What labels say of the model that was promoted: they go on coming, and nothing but a person moves users by them. */
  readonly labels: readonly LateLabels[];
}

/**
 * Pulumi could not, or did not answer, the program would not, the disk was full, or somebody cancelled it: perhaps to
 * move users back. Another look tells.
 */
const REPEATED: ReadonlySet<string> = new Set(["BG130", "BG133", "BG134", "BG231", "BG252", "BG316"]);
/** So many steps in a row that brought no check are more than a hiccup. */
const PATIENCE = 10;
const RETRY_MS = 5_000;

/**
 * The whole way of a release: first users, step by step, promotion. Resumable: killed and started again, it
 * finds the release where it was. Ends when the release is promoted, rolled back, or requires manual action.
 */
export async function rollout(context: Context, options: RolloutOptions): Promise<RolloutOutcome> {
  const deployed = await requireDeployed(context);
  const { release } = deployed.config;
  if (release === undefined) throw new UserError("BG113", "The stack had no release yet.");
  const pollMs = options.pollMs ?? pollMsOf(deployed.config);
  const load = await openLoad(context.clock, deployed, options.openSynthetic);
  // What a policy wants to watch before the first user does not shorten the time to become ready.
  const shadowMinutes = deployed.config.rollout.shadow?.minutes ?? 0;
  const startMinutes = deadlineMinutesAt(deployed.config.rollout, 0) + shadowMinutes;
  const startDeadlineMs = context.clock.now() + startMinutes * 60_000;
  const memory: CheckMemory = {};
  try {
    if (isOpen(release)) await announceSchedule(context, deployed, release, memory);
    const warm = warmOnce(context, options.warmBy);
    const last = await untilFinished(
      context,
      { ...options, pollMs, startDeadlineMs, memory, warm },
      release,
      load,
    );
    const { state, prepared, held } = last.release ?? {};
    if (state === "promoted" && (prepared ?? held) !== undefined) {
      await untilSettled(context, pollMs);
    }
    const concluded = conclude(last);
    const labels = concluded.result === "promoted" ? await labelsBy(context) : [];
    const sentence = [concluded.sentence, ...lateLabelWords(labels)].join("; ");
    return { ...concluded, sentence, labels, synthetic: load.count?.() };
  } finally {
    await load.stop();
  }
}

/** The release is promoted, whatever can be read of its labels. */
async function labelsBy(context: Context): Promise<readonly LateLabels[]> {
  const read = await attempt(async () => lateLabels(context, await requireDeployed(context)));
  if (read.readable) return read.value;
  const message = `what labels say of the promoted model could not be read: ${read.why}`;
  context.reporter.report({ kind: "note", message });
  return [];
}

interface Polled extends RolloutOptions {
  readonly pollMs: number;
  readonly startDeadlineMs: number;
  readonly memory: CheckMemory;
  readonly warm: Warm;
}

async function untilFinished(
  context: Context,
  options: Polled,
  before: Release,
  load: Load,
): Promise<StepOutcome> {
  const { pollMs, startDeadlineMs, memory, warm } = options;
  const { skipTests, oneStep, noWait, ownership, looked } = options;
  let agreed: Agreed | undefined;
  let fruitless = 0;
  let heldSinceMs: number | undefined;
  let takeOver = ownership?.takeOver ?? false;
  for (;;) {
    const stepped = await tryStep(context, {
      start: true,
      startDeadlineMs,
      agreed,
      memory,
      skipTests,
      ownership: ownership && { ...ownership, takeOver },
      synthetic: load.count,
      warm,
      looked,
    });
    if (stepped.kind === "done") {
      if (stepped.outcome.finished) return stepped.outcome;
      const { release } = stepped.outcome;
      const hasBegun = before.state === "deployed" && cohortInStep(release) !== undefined;
      const hasMoved = release?.weight !== before.weight || hasBegun;
      if (oneStep === true && hasMoved) return stepped.outcome;
      if (noWait === true && isPersons(stepped.outcome)) return stepped.outcome;
      agreed = stepped.outcome.agreed ?? agreed;
      load.follow(stepped.outcome);
      // Taken over once; if yet another rollout takes it from here, this one leaves.
      if (stepped.outcome.release?.owner === context.owner) takeOver = false;
    }
    const { outcome } = stepped.kind === "done" ? stepped : { outcome: undefined };
    const hasChecked = outcome?.verdict !== undefined || outcome?.situation === "settled";
    // An update of another model of the stack may last longer than all of them.
    const isHeld = outcome?.exitCode === EXIT.done && !hasChecked;
    const nowMs = context.clock.wall();
    heldSinceMs = isHeld ? (heldSinceMs ?? nowMs) : undefined;
    const isPatient = heldSinceMs !== undefined && nowMs - heldSinceMs <= LONGEST_UPDATE_MS;
    if (!isPatient) fruitless = hasChecked ? 0 : fruitless + 1;
    if (fruitless > PATIENCE) return gaveUp(stepped, isHeld);
    // A step that brought no check asked CloudWatch for nothing, so the next one need not wait for it.
    await pause(context, hasChecked ? pollMs : Math.min(pollMs, RETRY_MS));
  }
}

/** Held for longer than any update lasts, a stack needs a person, whatever is known of who holds it. */
function gaveUp(stepped: StepAttempt, isHeld: boolean): StepOutcome {
  if (stepped.kind === "broke") throw stepped.error;
  const { outcome } = stepped;
  if (isHeld || outcome.exitCode === EXIT.needsPerson) return { ...outcome, exitCode: EXIT.needsPerson };
  throw new Error(outcome.sentence);
}

async function pause({ clock, reporter }: Context, ms: number): Promise<void> {
  const wallMs = clock.wall();
  const speed = (clock.fromWall(wallMs + 1000) - clock.fromWall(wallMs)) / 1000;
  reporter.report({ kind: "waiting", atMs: clock.now() + ms, seconds: ms / speed / 1000 });
  await clock.sleep(ms);
}

/** Whether a person's word is all that it waits for. */
const isPersons = ({ verdict }: StepOutcome): boolean =>
  verdict?.kind === "hold" && (verdict.why === "approval" || verdict.why === "paused");

/**
 * The tasks that were raised for the release; what is said of it is of the promotion. It lasts until the old slot is
 * drained, a few minutes, and what is left of it after a failure is for the next `step`.
 */
async function untilSettled(context: Context, pollMs: number): Promise<void> {
  const once = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined };
  let said = "";
  for (;;) {
    const stepped = await attempt(() => step(context, once));
    const message = stepped.readable
      ? stepped.value.sentence
      : `the raised tasks are left for the next step: ${stepped.why}`;
    if (message !== said) context.reporter.report({ kind: "note", message });
    said = message;
    if (!stepped.readable || stepped.value.finished || stepped.value.situation !== "settled") return;
    await context.clock.sleep(pollMs);
  }
}

type StepAttempt =
  | { readonly kind: "done"; readonly outcome: StepOutcome }
  | { readonly kind: "broke"; readonly error: unknown };

/**
 * A backend or a network that fails for a moment must not leave users on a candidate that nobody watches, so
 * the step is repeated. What a person has to fix ends the rollout at once.
 */
async function tryStep(context: Context, options: StepOptions): Promise<StepAttempt> {
  try {
    return { kind: "done", outcome: await step(context, options) };
  } catch (error) {
    if (error instanceof UserError && !REPEATED.has(error.code)) throw error;
    const message = `the step broke off and is repeated: ${messageOf(error)}`;
    context.reporter.report({ kind: "note", message });
    return { kind: "broke", error };
  }
}

/** How the release ended counts only where the last step found nothing against it: users may have been moved since. */
function conclude(last: StepOutcome): Omit<RolloutOutcome, "synthetic" | "labels"> {
  const { release, sentence, exitCode } = last;
  const base = { sentence, release, last };
  if (exitCode === EXIT.rolledBack) return { ...base, exitCode, result: "rolledBack" };
  if (exitCode === EXIT.done && release?.state === "promoted")
    return { ...base, exitCode, result: "promoted" };
  if (exitCode === EXIT.done && release?.state === "rolledBack") {
    const why =
      last.situation === "settled" ? `release ${release.id} was rolled back: ${release.reason}` : sentence;
    return { ...base, sentence: why, exitCode: EXIT.rolledBack, result: "rolledBack" };
  }
  return { ...base, exitCode, result: "waits" };
}

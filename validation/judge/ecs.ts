import * as v from "valibot";
import { UserError } from "../errors.ts";
import type { JudgeAnswer } from "./judge-pair.ts";
import { readQuestionOptions, type ElbDimensions, type JudgeQuestion } from "./question.ts";

/** A deployment of an ECS service, as DescribeServiceDeployments and DescribeServiceRevisions have it. */
export interface EcsDeployment {
  readonly arn: string;
  readonly startedMs: number;
  /** BLUE_GREEN, CANARY or LINEAR; undefined: ECS does not say. */
  readonly strategy: string | undefined;
  /** Where it is; undefined: in no stage. */
  readonly stage: string | undefined;
  /** How long each step of the traffic lasts at least. */
  readonly bakeMinutes: number;
  /** The new revision's share of production traffic in percent; undefined: ECS does not say. */
  readonly weight: number | undefined;
  readonly candidate: ElbDimensions;
  readonly active: ElbDimensions;
  readonly zones: readonly string[];
  readonly pauses: readonly EcsPause[];
}

/** A PAUSE hook that waits for ContinueServiceDeployment. */
export interface EcsPause {
  readonly hookId: string;
  /** When the deployment began to wait; undefined: ECS does not say. */
  readonly sinceMs: number | undefined;
}

export type EcsAction = "CONTINUE" | "ROLLBACK";

export interface EcsDeployments {
  describe(arn: string): Promise<EcsDeployment>;
  /** ContinueServiceDeployment. */
  proceed(arn: string, hookId: string, action: EcsAction): Promise<void>;
}

/** A hook's call, ECS Developer Guide, "Lambda hooks for Amazon ECS service deployments". */
export interface EcsHookEvent {
  readonly stage: string;
  readonly deploymentArn: string;
  /** Share of production traffic of the revision that is deployed, in percent; undefined: ECS does not say. */
  readonly weight: number | undefined;
  /** The same of test traffic. */
  readonly testWeight: number | undefined;
  /** What the service's configuration and earlier answers of this hook left. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a hook answers. `callBackDelay`: seconds until ECS asks again. */
export interface EcsHookAnswer {
  readonly hookStatus: "IN_PROGRESS" | "SUCCEEDED" | "FAILED";
  readonly callBackDelay?: number;
  readonly hookDetails?: Readonly<Record<string, unknown>>;
}

const hookEvent = v.object({
  lifecycleStage: v.string(),
  resourceArn: v.string(),
  executionDetails: v.object({
    targetServiceRevisionArn: v.string(),
    productionTrafficWeights: v.optional(v.record(v.string(), v.number()), {}),
    testTrafficWeights: v.optional(v.record(v.string(), v.number()), {}),
  }),
  hookDetails: v.optional(v.nullable(v.record(v.string(), v.unknown())), {}),
});

/** Throws for what ECS does not send. */
export function readHookEvent(raw: unknown): EcsHookEvent {
  const read = v.safeParse(hookEvent, raw);
  if (!read.success) throw new Error(`no call of an ECS lifecycle hook: ${JSON.stringify(raw)}`);
  const { lifecycleStage, resourceArn, executionDetails, hookDetails } = read.output;
  const { targetServiceRevisionArn: target, productionTrafficWeights, testTrafficWeights } = executionDetails;
  return {
    stage: lifecycleStage,
    deploymentArn: resourceArn,
    weight: weightOf(target, productionTrafficWeights),
    testWeight: weightOf(target, testTrafficWeights),
    details: hookDetails ?? {},
  };
}

/**
 * The share of a revision among those that ECS names; 0 of one that it leaves out where the others have all. undefined:
 * ECS does not say.
 */
export function weightOf(
  revision: string,
  weights: Readonly<Record<string, number | undefined>>,
): number | undefined {
  const own = weights[revision];
  if (own !== undefined) return own;
  const others = Object.values(weights).reduce<number>((sum, one) => sum + (one ?? 0), 0);
  return others >= 100 ? 0 : undefined;
}

/**
 * ECS, "Lifecycle hooks during rollback": when it rolls back, ECS calls hooks of the two shifting stages again, with all
 * traffic on the former revision. Nothing may hinder that. Of test traffic the call says its own weights ("Lifecycle
 * payloads"). A weight that nobody says is no rollback: on the way forward it would be a yes without a judge.
 */
export const isRollingBack = ({ stage, weight, testWeight }: EcsHookEvent): boolean =>
  (stage === "PRODUCTION_TRAFFIC_SHIFT" && weight === 0) ||
  (stage === "TEST_TRAFFIC_SHIFT" && (testWeight ?? weight) === 0);

/** What there is to say of a deployment at this moment. */
export type EcsMoment =
  /** Nobody is on the new revision, and this stage sends the first users. */
  { readonly kind: "opens" } | { readonly kind: "judges"; readonly question: JudgeQuestion };

/** Stages at which a judge has something to judge, and that wait for it. */
const STAGES = ["POST_TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT"];

/**
 * In a canary or linear deployment PRE_PRODUCTION_TRAFFIC_SHIFT comes before every step. Before the first one nobody is
 * on the new revision, and both the call and the API have to say so. A blue/green deployment moves everybody at once, so
 * there only what came by the test listener can be compared. `stepSinceMs`: since when the present share is live.
 * Throws for a stage or a configuration that this judge is not for.
 */
export function momentOf(
  deployment: EcsDeployment,
  at: Pick<EcsHookEvent, "stage" | "weight">,
  options: unknown,
  stepSinceMs: number,
): EcsMoment {
  if (!STAGES.includes(at.stage)) {
    throw new UserError(
      "BG205",
      `The judge answers at ${STAGES.join(" and ")}; this hook is at ${at.stage}.`,
    );
  }
  const given = readQuestionOptions(options);
  const isStepped = deployment.strategy === "CANARY" || deployment.strategy === "LINEAR";
  const share = Math.max(at.weight ?? 0, deployment.weight ?? 0);
  // A weight that nobody says is not 0.
  const isSaidTwice = at.weight === 0 && deployment.weight === 0;
  const isFirst = at.stage === "PRE_PRODUCTION_TRAFFIC_SHIFT" && isSaidTwice;
  if (isStepped && isFirst) return { kind: "opens" };
  const { candidate, active, zones, startedMs } = deployment;
  return {
    kind: "judges",
    question: {
      ...given,
      candidate,
      active,
      zones: given.zones.length > 0 ? given.zones : zones,
      since: given.since === "traffic" ? startedMs : given.since,
      stepSince: given.stepSince ?? stepSinceMs,
      share: given.share ?? (share > 0 ? share : undefined),
    },
  };
}

/** What an earlier answer of the same hook in the same deployment left of the step: ECS hands it back. */
const keptStep = v.object({ share: v.number(), stepSince: v.string() });
const KEPT = "judged";

/**
 * Since when the present share is live: as kept, or so long ago as a step lasts before its hook is called. While nobody
 * says which share it is, nothing of it is kept: the share before it may have been the same to this judge.
 */
export function stepSinceOf(
  { details }: Pick<EcsHookEvent, "details">,
  { bakeMinutes }: Pick<EcsDeployment, "bakeMinutes">,
  share: number | undefined,
  nowMs: number,
): number {
  const kept = v.safeParse(keptStep, details[KEPT]);
  const isSame = kept.success && kept.output.share === share;
  const keptMs = isSame ? Date.parse(kept.output.stepSince) : Number.NaN;
  return Number.isNaN(keptMs) ? nowMs - bakeMinutes * 60_000 : keptMs;
}

/** What the service's configuration says of the question, without what this judge left there. */
export const optionsIn = ({ details }: EcsHookEvent): unknown =>
  Object.fromEntries(Object.entries(details).filter(([key]) => key !== KEPT));

const ASKED_AGAIN_SECONDS = 60;

/** The verdict in ECS's words. `share`: the one that is live; undefined: nobody says. */
export function hookAnswer(
  { verdict }: Pick<JudgeAnswer, "verdict">,
  share: number | undefined,
  stepSinceMs: number,
): EcsHookAnswer {
  switch (verdict) {
    case "continue":
      return { hookStatus: "SUCCEEDED" };
    case "rollback":
      return { hookStatus: "FAILED" };
    case "wait":
      return {
        hookStatus: "IN_PROGRESS",
        callBackDelay: ASKED_AGAIN_SECONDS,
        ...(share !== undefined && {
          hookDetails: { [KEPT]: { share, stepSince: new Date(stepSinceMs).toISOString() } },
        }),
      };
  }
}

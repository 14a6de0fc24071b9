import { attempt } from "../reading.ts";
import {
  hookAnswer,
  isRollingBack,
  momentOf,
  optionsIn,
  readHookEvent,
  stepSinceOf,
  type EcsAction,
  type EcsDeployments,
  type EcsHookAnswer,
} from "./ecs.ts";
import { judgePair, type JudgeAnswer, type JudgePorts } from "./judge-pair.ts";
import type { JudgeVerdict } from "./words.ts";

export interface EcsPorts extends JudgePorts {
  readonly deployments: EcsDeployments;
  readonly log: (line: string) => void;
}

/**
 * One call of a Lambda hook. ECS rolls back when the function fails, so what cannot be read is answered with
 * IN_PROGRESS: the deployment stays where it is until the hook's own timeout.
 */
export async function answerHook(ports: EcsPorts, raw: unknown): Promise<EcsHookAnswer> {
  const event = readHookEvent(raw);
  if (isRollingBack(event)) return { hookStatus: "SUCCEEDED" };
  const nowMs = ports.now();
  const read = await attempt(() => ports.deployments.describe(event.deploymentArn));
  if (!read.readable) {
    ports.log(`wait: the deployment could not be read (${read.why})`);
    // What an earlier answer kept of the step is ECS's to keep.
    return { hookStatus: "IN_PROGRESS", callBackDelay: 60 };
  }
  const share = event.weight ?? read.value.weight;
  const stepSinceMs = stepSinceOf(event, read.value, share, nowMs);
  const moment = momentOf(read.value, event, optionsIn(event), stepSinceMs);
  if (moment.kind === "opens") {
    ports.log("continue: nobody is on the new revision yet, and there is nothing to compare");
    return { hookStatus: "SUCCEEDED" };
  }
  const answer = await judgePair(ports, moment.question);
  ports.log(answer.sentence);
  return hookAnswer(answer, share, stepSinceMs);
}

export interface PauseAnswer {
  readonly verdict: JudgeVerdict;
  readonly sentence: string;
  /** What was told to ECS; null: nothing, the deployment stays paused. */
  readonly action: EcsAction | null;
  /** What was judged; null: there was nothing to judge. */
  readonly answer: JudgeAnswer | null;
}

const stays = (sentence: string): PauseAnswer => ({ verdict: "wait", sentence, action: null, answer: null });

/** Answers a deployment's PAUSE hook by the API; one that waits stays paused. */
export async function answerPause(ports: EcsPorts, arn: string, options: unknown): Promise<PauseAnswer> {
  const read = await attempt(() => ports.deployments.describe(arn));
  if (!read.readable) return stays(`wait: the deployment could not be read (${read.why})`);
  const deployment = read.value;
  const { pauses, stage = "", weight, bakeMinutes } = deployment;
  const [pause] = pauses;
  if (pause === undefined) return stays("wait: no PAUSE hook of this deployment waits");
  const stepSinceMs = (pause.sinceMs ?? ports.now()) - bakeMinutes * 60_000;
  const moment = momentOf(deployment, { stage, weight }, options, stepSinceMs);
  const answer = moment.kind === "opens" ? null : await judgePair(ports, moment.question);
  const verdict = answer?.verdict ?? "continue";
  const action = ({ continue: "CONTINUE", rollback: "ROLLBACK", wait: null } as const)[verdict];
  if (action !== null) await ports.deployments.proceed(arn, pause.hookId, action);
  const sentence =
    answer?.sentence ?? "continue: nobody is on the new revision yet, and there is nothing to compare";
  return { verdict, sentence, action, answer };
}

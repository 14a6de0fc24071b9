import { ECSClient } from "@aws-sdk/client-ecs";
import { ecsDeployments } from "../../../validation/adapters/judge/ecs-deployments.ts";
import type { EcsDeployments, EcsHookAnswer } from "../../../validation/judge/ecs.ts";
import { ACTIVE, CANDIDATE, WORLD_ZONES, type PairWorld } from "./pair-world.ts";

/**
 * ECS's control plane as its Developer Guide has it ("Lambda hooks…", "Pause hooks…", "canary" and "linear deployments"):
 * PRE_PRODUCTION_TRAFFIC_SHIFT comes before every step of the traffic, IN_PROGRESS is asked again after callBackDelay, a
 * hook has 1,440 minutes and then ROLLBACK is done, FAILED and a function that fails roll back. It answers the SDK's
 * DescribeServiceDeployments, DescribeServiceRevisions and ContinueServiceDeployment in AWS JSON 1.1.
 */
export interface EcsPlane {
  readonly deployments: EcsDeployments;
  readonly deploymentArn: string;
  /** Deploys until it ends, or for so many minutes; `ask`: calls the hook's function, or for PAUSE hooks whoever answers. */
  deploy(ask: (event: unknown) => Promise<EcsHookAnswer | undefined>, minutes: number): Promise<EcsEnd>;
}

export interface EcsEnd {
  readonly end: "completed" | "rolledBack" | "paused";
  readonly minutes: number;
  /** The candidate's greatest share, in percent. */
  readonly share: number;
}

export interface EcsStrategy {
  readonly strategy: "CANARY" | "LINEAR";
  readonly percent: number;
  readonly bakeMinutes: number;
  readonly hook: "AWS_LAMBDA" | "PAUSE";
  readonly hookDetails: Readonly<Record<string, unknown>>;
}

const SERVICE = "eu-central-1:123456789012";
const DEPLOYMENT = `arn:aws:ecs:${SERVICE}:service-deployment/shop/fraud/EZe5RNVLH6PPzHXINuP28`;
const NEW = `arn:aws:ecs:${SERVICE}:service-revision/shop/fraud/9313423515462893900`;
const OLD = `arn:aws:ecs:${SERVICE}:service-revision/shop/fraud/1920498462936580504`;
const RULE = `arn:aws:elasticloadbalancing:${SERVICE}:listener-rule/app/shop/50dc6c495c0c9188/b4a1/9683b2d02a6cabee`;
const TIMEOUT_MINUTES = 1440;
const STAGE = "PRE_PRODUCTION_TRAFFIC_SHIFT";

interface PlaneState {
  share: number;
  pause: { readonly hookId: string; readonly sinceMs: number } | undefined;
  /** What ContinueServiceDeployment said. */
  told: string | undefined;
}

export function ecsPlane(world: PairWorld, strategy: EcsStrategy): EcsPlane {
  const state: PlaneState = { share: 0, pause: undefined, told: undefined };
  const startedMs = world.now();
  let executions = 0;
  let kept: Readonly<Record<string, unknown>> = strategy.hookDetails;
  const client = answeredBy((operation, input) => apiAnswer(operation, input, state, strategy, startedMs));
  const event = () => ({
    executionId: `a2b3c4d5-e6f7-8901-abcd-${String(executions).padStart(12, "0")}`,
    lifecycleStage: STAGE,
    resourceArn: DEPLOYMENT,
    executionDetails: {
      serviceArn: `arn:aws:ecs:${SERVICE}:service/shop/fraud`,
      targetServiceRevisionArn: NEW,
      testTrafficWeights: {},
      productionTrafficWeights: { [NEW]: state.share, [OLD]: 100 - state.share },
    },
    hookDetails: kept,
  });
  return {
    deploymentArn: DEPLOYMENT,
    deployments: ecsDeployments(async () => client, { zones: async () => WORLD_ZONES }),
    async deploy(ask, minutes) {
      const ended = (end: EcsEnd["end"]): EcsEnd => ({ end, minutes: world.minute(), share: state.share });
      while (state.share < 100) {
        executions += 1;
        const sinceMs = world.now();
        state.pause = { hookId: `ecs-pause-${executions}`, sinceMs };
        for (;;) {
          const said = await answered(ask, event(), state);
          if (said.hookStatus === "SUCCEEDED") break;
          if (said.hookStatus === "FAILED") return ended("rolledBack");
          kept = { ...kept, ...said.hookDetails };
          for (let waited = 0; waited < (said.callBackDelay ?? 30); waited += 60) world.pass(state.share);
          if (world.now() - sinceMs >= TIMEOUT_MINUTES * 60_000) return ended("rolledBack");
          if (world.minute() >= minutes) return ended("paused");
        }
        state.pause = undefined;
        state.told = undefined;
        const next = strategy.strategy === "CANARY" && state.share > 0 ? 100 : state.share + strategy.percent;
        state.share = Math.min(100, next);
        for (let baked = 0; baked < strategy.bakeMinutes; baked++) world.pass(state.share);
      }
      return ended("completed");
    },
  };
}

/** A function that fails, or answers without a hookStatus, rolls back; PAUSE hooks are answered by the API alone. */
async function answered(
  ask: (event: unknown) => Promise<EcsHookAnswer | undefined>,
  event: unknown,
  state: PlaneState,
): Promise<EcsHookAnswer> {
  try {
    const said = await ask(event);
    if (said !== undefined) return said;
  } catch {
    // The function's own failure, as Lambda reports it to ECS.
    return { hookStatus: "FAILED" };
  }
  if (state.told === "CONTINUE") return { hookStatus: "SUCCEEDED" };
  return state.told === "ROLLBACK"
    ? { hookStatus: "FAILED" }
    : { hookStatus: "IN_PROGRESS", callBackDelay: 60 };
}

type Fields = Readonly<Record<string, unknown>>;

function apiAnswer(
  operation: string,
  input: Fields,
  state: PlaneState,
  strategy: EcsStrategy,
  startedMs: number,
): Fields {
  switch (operation) {
    case "DescribeServiceDeployments":
      return { serviceDeployments: [deploymentOf(state, strategy, startedMs)], failures: [] };
    case "DescribeServiceRevisions":
      return {
        serviceRevisions: [
          [NEW, CANDIDATE],
          [OLD, ACTIVE],
        ].map(([serviceRevisionArn, group]) => ({
          serviceRevisionArn,
          resolvedConfiguration: {
            loadBalancers: [
              {
                targetGroupArn: `arn:aws:elasticloadbalancing:${SERVICE}:${typeof group === "object" ? group.TargetGroup : ""}`,
                productionListenerRule: RULE,
              },
            ],
          },
        })),
        failures: [],
      };
    case "ContinueServiceDeployment":
      if (input["hookId"] !== state.pause?.hookId) throw new Error("no such hook");
      state.told = String(input["action"] ?? "CONTINUE");
      return { serviceDeploymentArn: DEPLOYMENT };
    default:
      throw new Error(`the control plane knows no ${operation}`);
  }
}

function deploymentOf(
  { share, pause }: PlaneState,
  { strategy, percent, bakeMinutes, hook }: EcsStrategy,
  startedMs: number,
): Fields {
  const timeoutConfiguration = { timeoutInMinutes: TIMEOUT_MINUTES, action: "ROLLBACK" };
  const moving =
    strategy === "CANARY"
      ? { canaryConfiguration: { canaryPercent: percent, canaryBakeTimeInMinutes: bakeMinutes } }
      : { linearConfiguration: { stepPercent: percent, stepBakeTimeInMinutes: bakeMinutes } };
  return {
    serviceDeploymentArn: DEPLOYMENT,
    status: "IN_PROGRESS",
    lifecycleStage: STAGE,
    startedAt: startedMs / 1000,
    targetServiceRevision: { arn: NEW, requestedProductionTrafficWeight: share },
    sourceServiceRevisions: [{ arn: OLD, requestedProductionTrafficWeight: 100 - share }],
    deploymentConfiguration: {
      strategy,
      ...moving,
      lifecycleHooks: [{ targetType: hook, lifecycleStages: [STAGE], timeoutConfiguration }],
    },
    lifecycleHookDetails:
      hook === "PAUSE" && pause !== undefined
        ? [
            {
              hookId: pause.hookId,
              targetType: "PAUSE",
              status: "AWAITING_ACTION",
              expiresAt: pause.sinceMs / 1000 + TIMEOUT_MINUTES * 60,
              timeoutAction: "ROLLBACK",
            },
          ]
        : [],
  };
}

/** The SDK's own client, whose requests are answered here instead of over the network. */
function answeredBy(answer: (operation: string, input: Fields) => Fields): ECSClient {
  return new ECSClient({
    region: "eu-central-1",
    credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "example" },
    requestHandler: {
      async handle(request: {
        readonly headers: Readonly<Record<string, string>>;
        readonly body: Uint8Array;
      }) {
        const [, operation = ""] = (request.headers["x-amz-target"] ?? "").split(".");
        const body = JSON.stringify(answer(operation, JSON.parse(new TextDecoder().decode(request.body))));
        const headers = { "content-type": "application/x-amz-json-1.1" };
        return { response: { statusCode: 200, headers, body: new Response(body).body } };
      },
    },
  });
}

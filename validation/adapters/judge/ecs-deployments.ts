import type {
  DeploymentConfiguration,
  ECSClient,
  ServiceDeployment,
  ServiceRevision,
  ServiceRevisionSummary,
} from "@aws-sdk/client-ecs";
import { weightOf, type EcsDeployment, type EcsDeployments, type EcsPause } from "../../judge/ecs.ts";
import type { ElbDimensions } from "../../judge/question.ts";
import type { Health } from "../../ports.ts";
import { whileThrottled } from "../backoff.ts";

export function ecsDeployments(
  client: () => Promise<ECSClient>,
  health: Pick<Health, "zones">,
): EcsDeployments {
  return {
    async describe(arn) {
      const sender = await client();
      const { DescribeServiceDeploymentsCommand, DescribeServiceRevisionsCommand } =
        await import("@aws-sdk/client-ecs");
      const found = await whileThrottled(() =>
        sender.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] })),
      );
      const deployment = found.serviceDeployments?.[0];
      const target = deployment?.targetServiceRevision;
      // Of several earlier revisions the one that has most users is compared with.
      const source = deployment?.sourceServiceRevisions?.toSorted(
        (a, b) => (b.requestedProductionTrafficWeight ?? 0) - (a.requestedProductionTrafficWeight ?? 0),
      )[0];
      if (deployment === undefined || target?.arn === undefined)
        throw new Error(`ECS knows no deployment ${arn}`);
      if (source?.arn === undefined)
        throw new Error(`the deployment ${arn} is its service's first: there is no revision to compare with`);
      const arns = [target.arn, source.arn];
      const { serviceRevisions = [] } = await whileThrottled(() =>
        sender.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: arns })),
      );
      const [candidate, active] = arns.map((one) => groupOf(one, serviceRevisions));
      if (candidate === undefined || active === undefined) throw new Error("two revisions are described");
      return {
        ...standing(deployment),
        arn,
        weight: weightIn(target.arn, [target, ...(deployment.sourceServiceRevisions ?? [])]),
        candidate: candidate.dimensions,
        active: active.dimensions,
        zones: await health.zones(active.targetGroupArn),
      };
    },
    async proceed(serviceDeploymentArn, hookId, action) {
      const sender = await client();
      const { ContinueServiceDeploymentCommand } = await import("@aws-sdk/client-ecs");
      await sender.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action }));
    },
  };
}

const weightIn = (target: string, revisions: readonly ServiceRevisionSummary[]): number | undefined =>
  weightOf(
    target,
    Object.fromEntries(
      revisions.map(({ arn = "", requestedProductionTrafficWeight }) => [
        arn,
        requestedProductionTrafficWeight,
      ]),
    ),
  );

function standing({
  createdAt,
  startedAt,
  lifecycleStage,
  deploymentConfiguration,
  lifecycleHookDetails = [],
}: ServiceDeployment): Pick<EcsDeployment, "startedMs" | "strategy" | "stage" | "bakeMinutes" | "pauses"> {
  const begin = startedAt ?? createdAt;
  if (begin === undefined) throw new Error("ECS does not say when the deployment began");
  const timeoutMinutes = pauseTimeout(deploymentConfiguration, lifecycleStage);
  return {
    startedMs: begin.getTime(),
    strategy: deploymentConfiguration?.strategy,
    stage: lifecycleStage,
    bakeMinutes: bakeMinutesOf(deploymentConfiguration),
    pauses: lifecycleHookDetails.flatMap(({ hookId, targetType, status, expiresAt }): EcsPause[] => {
      if (targetType !== "PAUSE" || status !== "AWAITING_ACTION" || hookId === undefined) return [];
      const sinceMs = expiresAt && expiresAt.getTime() - timeoutMinutes * 60_000;
      return [{ hookId, sinceMs }];
    }),
  };
}

// ECS, CanaryConfiguration and LinearConfiguration: the defaults of canaryBakeTimeInMinutes and stepBakeTimeInMinutes.
const CANARY_BAKE_MINUTES = 10;
const LINEAR_BAKE_MINUTES = 6;

function bakeMinutesOf(configuration: DeploymentConfiguration | undefined): number {
  const { strategy, canaryConfiguration: canary, linearConfiguration: linear } = configuration ?? {};
  if (strategy === "CANARY") return canary?.canaryBakeTimeInMinutes ?? CANARY_BAKE_MINUTES;
  if (strategy === "LINEAR") return linear?.stepBakeTimeInMinutes ?? LINEAR_BAKE_MINUTES;
  return 0;
}

/** ECS, "Pause hooks": unless said otherwise a hook waits 1,440 minutes. */
const PAUSE_MINUTES = 1440;

const pauseTimeout = (
  configuration: DeploymentConfiguration | undefined,
  stage: string | undefined,
): number =>
  configuration?.lifecycleHooks?.find(
    ({ targetType, lifecycleStages = [] }) =>
      targetType === "PAUSE" && lifecycleStages.some((one) => one === stage),
  )?.timeoutConfiguration?.timeoutInMinutes ?? PAUSE_MINUTES;

interface RevisionGroup {
  readonly targetGroupArn: string;
  readonly dimensions: ElbDimensions;
}

/**
 * The production target group of a revision: ServiceRevision.resolvedConfiguration names it with the listener rule, whose
 * ARN has the load balancer's name: …:listener-rule/app/<name>/<id>/<listener>/<rule>.
 */
function groupOf(arn: string, revisions: readonly ServiceRevision[]): RevisionGroup {
  const revision = revisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn);
  const [balancer] = revision?.resolvedConfiguration?.loadBalancers ?? [];
  const { targetGroupArn = "", productionListenerRule = "" } = balancer ?? {};
  const [TargetGroup] = /targetgroup\/[^/]+\/[^/]+$/.exec(targetGroupArn) ?? [];
  const [, LoadBalancer] = /:listener(?:-rule)?\/(app\/[^/]+\/[^/]+)\//.exec(productionListenerRule) ?? [];
  if (TargetGroup === undefined || LoadBalancer === undefined) {
    throw new Error(`the revision ${arn} has no target group behind an Application Load Balancer`);
  }
  return { targetGroupArn, dimensions: { LoadBalancer, TargetGroup } };
}

import type { PrimaryDeployment } from "../../contract/route/raised-slots.ts";
import { askerSettings } from "./target-health.ts";

/**
 * Asks ECS itself what a service runs; undefined: there is no such service, or it has no primary deployment. The SDK
 * is loaded at the first question.
 */
export function primaryDeployment(
  localCloud: string | undefined,
): (cluster: string, service: string) => Promise<PrimaryDeployment | undefined> {
  return async (cluster, service) => {
    const { DescribeServicesCommand, ECSClient } = await import("@aws-sdk/client-ecs");
    const client = new ECSClient(await askerSettings(localCloud));
    const command = new DescribeServicesCommand({ cluster, services: [service] });
    const { services = [], failures = [] } = await client.send(command).finally(() => client.destroy());
    // ECS tells of a service that it does not know as a failure with the reason MISSING.
    const broken = failures.find(({ reason }) => reason !== "MISSING");
    if (broken !== undefined) throw new Error(`ECS could not describe ${broken.arn}: ${broken.reason}`);
    const primary = services[0]?.deployments?.find(({ status }) => status === "PRIMARY");
    return (
      primary && {
        taskDefinitionArn: primary.taskDefinition ?? "unknown",
        rolloutState: primary.rolloutState ?? "unknown",
      }
    );
  };
}

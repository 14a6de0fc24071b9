import type { ECSClient, Service } from "@aws-sdk/client-ecs";
import type { ServiceReading } from "../core/observation.ts";
import type { Services } from "../ports.ts";
import { whileThrottled } from "./backoff.ts";

// Enough to have what went wrong last among what went on; ECS keeps the newest 100.
const EVENTS = 20;

/** At most ten services in a call (ECS API); a stack has two. */
export function ecsServices(client: () => Promise<ECSClient>): Services {
  return {
    async read(clusterName, serviceNames) {
      if (serviceNames.length === 0) return new Map();
      const { DescribeServicesCommand } = await import("@aws-sdk/client-ecs");
      const command = new DescribeServicesCommand({ cluster: clusterName, services: [...serviceNames] });
      const sender = await client();
      const { services = [], failures = [] } = await whileThrottled(() => sender.send(command));
      // ECS names services that it does not know as failures with the reason MISSING; others are real failures.
      const broken = failures.find(({ reason }) => reason !== "MISSING");
      if (broken !== undefined) throw new Error(`ECS could not describe ${broken.arn}: ${broken.reason}`);
      return new Map(services.map((service) => [service.serviceName ?? "", reading(service)]));
    },
  };
}

function reading(service: Service): ServiceReading {
  const primary = service.deployments?.find(({ status }) => status === "PRIMARY");
  return {
    status: service.status ?? "unknown",
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    primary: primary && {
      taskDefinitionArn: primary.taskDefinition ?? "unknown",
      rolloutState: primary.rolloutState ?? "unknown",
      rolloutReason: primary.rolloutStateReason ?? "",
      failedTasks: primary.failedTasks ?? 0,
    },
    events: (service.events ?? []).slice(0, EVENTS).map(({ createdAt, message = "" }) => ({
      atMs: createdAt?.getTime() ?? 0,
      message,
    })),
  };
}

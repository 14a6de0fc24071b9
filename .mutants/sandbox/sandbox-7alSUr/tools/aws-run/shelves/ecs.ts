import {
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  type ScalableDimension,
} from "@aws-sdk/client-application-auto-scaling";
import {
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  ListClustersCommand,
  ListServicesCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import type { Clients } from "../aws/clients.ts";
import { allPages } from "../aws/pages.ts";
import { named, runIn, type Shelf } from "../things.ts";

/** ECS API: what is deleted may be found for a while, with this status. */
const GONE = "INACTIVE";

type EcsKind = "scalableTarget" | "service" | "task" | "taskDefinition" | "cluster";

/** Clusters and what is in them, by name: an ARN of a service or a task has the cluster's name in it. */
export function ecsShelves({ ecs, scaling }: Clients): Readonly<Record<EcsKind, Shelf>> {
  const clusters = async () => {
    const arns = await allPages(async (nextToken) => {
      const page = await ecs.send(new ListClustersCommand({ nextToken }));
      return { items: page.clusterArns ?? [], next: page.nextToken };
    });
    const own = arns.filter((arn) => runIn(arn) !== undefined);
    if (own.length === 0) return [];
    const { clusters = [] } = await ecs.send(new DescribeClustersCommand({ clusters: own.slice(0, 100) }));
    return clusters.flatMap(({ clusterArn, status }) =>
      clusterArn === undefined || status === GONE ? [] : [clusterArn],
    );
  };
  const inClusters = async (list: (cluster: string) => Promise<readonly string[]>) =>
    (await Promise.all((await clusters()).map(list))).flat();
  const services = (cluster: string) =>
    allPages(async (nextToken) => {
      const page = await ecs.send(new ListServicesCommand({ cluster, nextToken }));
      const arns = page.serviceArns ?? [];
      if (arns.length === 0) return { items: [], next: page.nextToken };
      const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: arns }));
      const there = services.filter(({ status }) => status === "ACTIVE");
      return { items: there.map(({ serviceArn = "" }) => serviceArn), next: page.nextToken };
    });
  const tasks = (cluster: string) =>
    allPages(async (nextToken) => {
      const page = await ecs.send(new ListTasksCommand({ cluster, nextToken, desiredStatus: "RUNNING" }));
      return { items: page.taskArns ?? [], next: page.nextToken };
    });
  return {
    scalableTarget: named(
      "scalableTarget",
      () =>
        allPages(async (NextToken) => {
          const page = await scaling.send(
            new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", NextToken }),
          );
          return {
            items: (page.ScalableTargets ?? []).map(({ ResourceId = "" }) => ResourceId),
            next: page.NextToken,
          };
        }),
      // API reference: its policies go with it, and the alarms of those.
      (ResourceId) => scaling.send(new DeregisterScalableTargetCommand({ ...SERVICES, ResourceId })),
    ),
    service: named(
      "service",
      () => inClusters(services),
      (service) => ecs.send(new DeleteServiceCommand({ cluster: clusterOf(service), service, force: true })),
    ),
    task: named(
      "task",
      () => inClusters(tasks),
      (task) => ecs.send(new StopTaskCommand({ cluster: clusterOf(task), task })),
    ),
    taskDefinition: named(
      "taskDefinition",
      () => definitions(ecs),
      async (taskDefinition) => {
        await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
        await ecs.send(new DeleteTaskDefinitionsCommand({ taskDefinitions: [taskDefinition] }));
      },
    ),
    cluster: named("cluster", clusters, (cluster) => ecs.send(new DeleteClusterCommand({ cluster }))),
  };
}

const SERVICES: { ServiceNamespace: "ecs"; ScalableDimension: ScalableDimension } = {
  ServiceNamespace: "ecs",
  ScalableDimension: "ecs:service:DesiredCount",
};

// arn:…:service/<cluster>/<name>, arn:…:task/<cluster>/<id>
const clusterOf = (arn: string) => arn.split("/")[1] ?? "";

/** Active revisions; one that is deregistered is listed no more, and goes when no task runs it. */
async function definitions(ecs: Clients["ecs"]): Promise<readonly string[]> {
  const families = await allPages(async (nextToken) => {
    const page = await ecs.send(new ListTaskDefinitionFamiliesCommand({ status: "ACTIVE", nextToken }));
    return { items: page.families ?? [], next: page.nextToken };
  });
  const own = families.filter((family) => runIn(family) !== undefined);
  const revisions = own.map((familyPrefix) =>
    allPages(async (nextToken) => {
      const page = await ecs.send(
        new ListTaskDefinitionsCommand({ familyPrefix, status: "ACTIVE", nextToken }),
      );
      return { items: page.taskDefinitionArns ?? [], next: page.nextToken };
    }),
  );
  return (await Promise.all(revisions)).flat();
}

import { page, Refused, type Handlers, type AccountThings } from "./account-things.ts";

// A service that is deleted drains its tasks, and is listed no more meanwhile.
const DRAINS_MS = 30_000;
const arnOf = (what: string) => `arn:aws:ecs:us-east-1:123456789012:${what}`;

export function scriptedEcs(account: AccountThings): Handlers {
  const clusterOf = (name: unknown) =>
    String(name).startsWith("arn:") ? String(name) : arnOf(`cluster/${String(name)}`);
  const described = (arns: unknown) =>
    (arns as readonly string[]).map((arn) => ({
      arn,
      status: account.standing.has(arn) ? "ACTIVE" : "INACTIVE",
    }));
  const listed = (kind: string, within: string | undefined, token: unknown) =>
    page(account.ids(kind, within), token);
  return {
    "ecs CreateCluster": ({ clusterName, tags }) => {
      account.add("cluster", clusterOf(clusterName), tags);
      return {};
    },
    "ecs RegisterTaskDefinition": ({ family, tags }) => ({
      taskDefinition: {
        taskDefinitionArn: account.add("taskDefinition", arnOf(`task-definition/${String(family)}:1`), tags),
      },
    }),
    "ecs CreateService": ({ cluster, serviceName, tags }) => {
      const name = arnOf(`service/${String(cluster)}/${String(serviceName)}`);
      account.add("service", name, tags, clusterOf(cluster));
      return {};
    },
    "ecs RunTask": ({ cluster, tags }) => ({
      tasks: [
        {
          taskArn: account.add(
            "task",
            arnOf(`task/${String(cluster)}/${account.next()}`),
            tags,
            clusterOf(cluster),
          ),
        },
      ],
    }),
    "ecs DescribeTasks": () => ({ tasks: [{ lastStatus: "RUNNING" }] }),
    "ecs StopTask": ({ task }) => {
      account.remove(String(task), "InvalidParameterException");
      return {};
    },
    "ecs ListClusters": ({ nextToken }) => {
      const { items, next } = page(account.everIds("cluster"), nextToken);
      return { clusterArns: items, nextToken: next };
    },
    "ecs ListServices": ({ cluster, nextToken }) => {
      const { items, next } = page(account.everIds("service", clusterOf(cluster)), nextToken);
      return { serviceArns: items, nextToken: next };
    },
    "ecs DescribeClusters": ({ clusters }) => ({
      clusters: described(clusters).map(({ arn: clusterArn, status }) => ({ clusterArn, status })),
    }),
    "ecs DescribeServices": ({ services }) => ({
      services: described(services).map(({ arn: serviceArn, status }) => ({ serviceArn, status })),
    }),
    "ecs ListTasks": ({ cluster, nextToken }) => {
      const { items, next } = listed("task", clusterOf(cluster), nextToken);
      return { taskArns: items, nextToken: next };
    },
    "ecs ListTaskDefinitionFamilies": ({ nextToken }) => {
      const families = account.ids("taskDefinition").map((arn) => arn.split("/")[1]?.split(":")[0]);
      const { items, next } = page([...new Set(families)], nextToken);
      return { families: items, nextToken: next };
    },
    "ecs ListTaskDefinitions": ({ familyPrefix, nextToken }) => {
      const own = account.ids("taskDefinition").filter((arn) => arn.includes(`/${String(familyPrefix)}:`));
      const { items, next } = page(own, nextToken);
      return { taskDefinitionArns: items, nextToken: next };
    },
    "ecs DeregisterTaskDefinition": ({ taskDefinition }) => {
      account.remove(String(taskDefinition), "ClientException");
      return {};
    },
    "ecs DeleteTaskDefinitions": () => ({}),
    "ecs DeleteService": ({ service }) => {
      account.remove(String(service), "ServiceNotFoundException");
      return {};
    },
    "ecs DeleteCluster": ({ cluster }) => {
      const arn = clusterOf(cluster);
      if (account.ids("service", arn).length > 0) throw new Refused("ClusterContainsServicesException");
      const isDraining = account.gone.some(
        ({ one, atMs }) => one.kind === "service" && account.clock.now() < atMs + DRAINS_MS,
      );
      if (isDraining || account.ids("task", arn).length > 0)
        throw new Refused("ClusterContainsTasksException");
      account.remove(arn, "ClusterNotFoundException");
      return {};
    },
    "scaling DescribeScalableTargets": ({ NextToken }) => {
      const { items, next } = page(account.ids("scalableTarget"), NextToken);
      return { ScalableTargets: items.map((ResourceId) => ({ ResourceId })), NextToken: next };
    },
    "scaling DeregisterScalableTarget": ({ ResourceId }) => {
      account.remove(String(ResourceId), "ObjectNotFoundException");
      return {};
    },
  };
}

import type { ChildKind } from "./child-args.ts";

/** Why a transform must leave an argument as it is; `onlyAdd`: it may have more in it, and nothing less. */
export type Promised = string | { readonly onlyAdd: string };

const CATALOGUE =
  "rollout and watchdog judge by the alarms of the catalogue (thresholds.* are the lever; an alarm of your own is a resource in custom)";
const SCALABLE = "the service of the slot is what scales";
const CAPACITY = "minTasks and maxTasks are the lever of capacity";

/** What a transform must leave as it is, argument by argument, and why. */
export const PROMISED: { readonly [K in ChildKind]?: Readonly<Record<string, Promised>> } = {
  listenerRule: {
    actions:
      "the route lists both target groups with the stack's weights and its stickiness, and a test rule leads to the group of its slot alone",
    conditions: {
      onlyAdd:
        "the route takes all requests of the model, and a rule before it those alone that carry its token or its cohort",
    },
    listenerArn: "all rules of a model stand on one listener",
    priority: "the test rules stand directly before the route (network.priority)",
    tags: "the emergency write and the watchdog find the route by its tags (more tags are welcome: aws:defaultTags)",
  },
  targetGroup: {
    stickiness: "a cookie of a target group would hold users on a slot beyond the reach of the weights",
    name: "the name says what would replace the group, so that a new one can stand beside the old one",
    targetType: "tasks are registered by their own address",
  },
  service: {
    loadBalancers: "each slot's tasks are in its own two target groups",
    name: "everything finds the slot by its service's name",
    cluster: "both slots run in the cluster of the stack's outputs",
    desiredCount: CAPACITY,
    taskDefinition: "validation compares what runs with what the deploy asked for",
    deploymentController: "ECS itself replaces the tasks of a slot (rolling), and Pulumi its slots",
    deploymentCircuitBreaker:
      "tasks that do not start end a deployment, and ECS goes back to the ones before: nobody else would",
    waitForSteadyState: "an update that waits for tasks would hold the stack's lock against a revert",
  },
  taskDefinition: {
    family: "one family for each slot keeps its history together",
    containers:
      "containers beside the model are `sidecars`, the model's own is changed by `transform.container`",
    container: "the model's container is changed by `transform.container`",
    skipDestroy: "ECS's circuit breaker goes back to an earlier revision",
  },
  container: {
    image: "the image is the deployed one, by its digest",
    name: "the load balancer reaches the container by its name",
    portMappings: "the load balancer reaches the model at service.port",
    essential: "a task without its model ends, and gets no requests",
    environment: {
      onlyAdd:
        "the model is told its port, its slot and its release, and keeps what its deploy copied (service.environment, deploy --env)",
    },
    secrets: { onlyAdd: "the model keeps the secrets that its deploy copied (service.secrets)" },
    dockerLabels: { onlyAdd: "`rotate` makes a new revision by its label" },
  },
  alarm: {
    name: "gates and watchdog find an alarm by its name",
    comparisonOperator: CATALOGUE,
    threshold: CATALOGUE,
    datapointsToAlarm: CATALOGUE,
    evaluationPeriods: CATALOGUE,
    metricQueries: CATALOGUE,
    treatMissingData: CATALOGUE,
    warmUpConfiguration: CATALOGUE,
  },
  slotAlarm: {
    alarmName: "the watchdog finds a slot's alarm by its name",
    alarmRule: "the watchdog acts on what the slot's alarms say",
    alarmActions: "the alarm calls the watchdog (whom else it calls: alarmActions of the component)",
    actionsEnabled: "the alarm calls the watchdog",
    actionsSuppressor: "the alarm calls the watchdog, whatever another alarm says",
  },
  logGroup: {
    name: "tasks may write to the group of this name alone, and `logs` reads it",
    logGroupClass: "the class Infrequent Access makes no metrics of what tasks write",
  },
  scalingTarget: {
    serviceNamespace: SCALABLE,
    scalableDimension: SCALABLE,
    resourceId: SCALABLE,
    minCapacity: CAPACITY,
    maxCapacity: CAPACITY,
  },
};

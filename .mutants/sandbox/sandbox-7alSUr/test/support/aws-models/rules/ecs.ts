import { all, at, atMost, matches, required, texts, type InputRule, type Rules } from "./read.ts";

// ECS API: names of clusters, services, families and containers.
const NAME = /^[A-Za-z0-9_-]{1,255}$/;
const NAME_ALLOWED = "1 to 255 letters, digits, _ and -";
const GIB = 1024;

/** RegisterTaskDefinition, `memory`: from, to, step in MiB for each number of CPU units on Fargate. */
const FARGATE: Readonly<Record<string, readonly number[]>> = {
  "256": [512, 1024, 2048],
  "512": steps(1, 4, 1),
  "1024": steps(2, 8, 1),
  "2048": steps(4, 16, 1),
  "4096": steps(8, 30, 1),
  "8192": steps(16, 60, 4),
  "16384": steps(32, 120, 8),
};

function steps(from: number, to: number, by: number): readonly number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => (from + index * by) * GIB);
}

const size: InputRule = (input, report) => {
  const [cpu, memory] = [at(input, "cpu"), at(input, "memory")].map(String);
  if (texts(input, "requiresCompatibilities").includes("FARGATE")) {
    const sizes = FARGATE[cpu ?? ""];
    if (sizes === undefined) return report("cpu", cpu, Object.keys(FARGATE).join(", "));
    if (!sizes.includes(Number(memory)))
      report("memory", memory, `with ${cpu} CPU units: ${sizes.join(", ")}`);
    const gpus = all(input, "containerDefinitions").flatMap((one) => all(one, "resourceRequirements"));
    if (gpus.length > 0) report("resourceRequirements", gpus, "none on Fargate");
  } else if (!(Number(cpu) >= 128 && Number(cpu) <= 196_608)) report("cpu", cpu, "128 to 196608 CPU units");
};

const containers: InputRule = (input, report) => {
  const isAwsvpc = at(input, "networkMode") === "awsvpc";
  if (!isAwsvpc) report("networkMode", at(input, "networkMode"), "awsvpc, which target type ip needs");
  for (const [index, container] of all(input, "containerDefinitions").entries()) {
    const path = `containerDefinitions[${index}]`;
    if (!NAME.test(String(at(container, "name"))))
      report(`${path}.name`, at(container, "name"), NAME_ALLOWED);
    const [reference = ""] = String(at(container, "image")).split("@");
    if (reference === "" || reference.length > 255)
      report(`${path}.image`, reference, "1 to 255 characters before @");
    const variables = [...all(container, "environment"), ...all(container, "secrets")].map((one) =>
      at(one, "name"),
    );
    // "The secret name must be unique and not shared with any new or existing environment variables set on the container" (ECS).
    if (new Set(variables).size < variables.length)
      report(`${path}.environment`, variables, "each name once");
    for (const port of all(container, "portMappings")) {
      const [own, host] = [at(port, "containerPort"), at(port, "hostPort")];
      if (!(Number(own) >= 1 && Number(own) <= 65_535)) report(`${path}.portMappings`, own, "1 to 65535");
      if (isAwsvpc && host !== undefined && host !== own)
        report(`${path}.portMappings`, host, "the container's own port");
    }
    const gpus = all(container, "resourceRequirements").filter((one) => at(one, "type") === "GPU");
    for (const gpu of gpus) {
      if (!/^[1-9]\d*$/.test(String(at(gpu, "value"))))
        report(`${path}.resourceRequirements`, gpu, "a number of GPUs");
    }
  }
};

const MOST_BYTES = 64 * 1024;

/** ECS, "Service quotas": a task definition has at most 64 KiB. */
const small: InputRule = (input, report) => {
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > MOST_BYTES) report("containerDefinitions", bytes, `at most ${MOST_BYTES} bytes in all`);
};

const placement: InputRule = (input, report) => {
  const strategy = all(input, "capacityProviderStrategy");
  const isLaunched = at(input, "launchType") !== undefined;
  if (isLaunched === strategy.length > 0) report("launchType", at(input, "launchType"), "it, or a strategy");
  const weights = strategy.map((item) => Number(at(item, "weight") ?? 0));
  if (strategy.length > 0 && weights.every((weight) => weight === 0)) {
    report("capacityProviderStrategy", strategy, "one weight above 0");
  }
  const bases = strategy.filter((item) => Number(at(item, "base") ?? 0) > 0);
  if (bases.length > 1) report("capacityProviderStrategy", bases, "one base");
  // AwsVpcConfiguration: "A public IPv4 address for your tasks" is Fargate's alone.
  const providers = strategy.map((item) => String(at(item, "capacityProvider")));
  const isEc2 = providers.some((provider) => !provider.startsWith("FARGATE"));
  const isPublic = at(input, "networkConfiguration", "awsvpcConfiguration", "assignPublicIp") === "ENABLED";
  if (isEc2 && isPublic) report("assignPublicIp", "ENABLED", "DISABLED on EC2");
};

const deployment: InputRule = (input, report) => {
  const least = at(input, "deploymentConfiguration", "minimumHealthyPercent");
  const most = at(input, "deploymentConfiguration", "maximumPercent");
  if (!(Number(least) <= 100 && Number(most) > 100)) {
    report("deploymentConfiguration", [least, most], "room for a new task before an old one goes");
  }
  if (at(input, "desiredCount") === undefined) report("desiredCount", undefined, "a value, with REPLICA");
  const awsvpc = at(input, "networkConfiguration", "awsvpcConfiguration");
  if (texts(awsvpc, "subnets").length > 16) report("subnets", texts(awsvpc, "subnets").length, "at most 16");
  if (texts(awsvpc, "securityGroups").length > 5)
    report("securityGroups", texts(awsvpc, "securityGroups"), "at most 5");
  if (at(input, "enableECSManagedTags") === true && at(input, "propagateTags") === undefined) {
    report("propagateTags", undefined, "TASK_DEFINITION or SERVICE with managed tags");
  }
};

/** Names of an Auto Scaling group's providers: CreateCapacityProvider, `name`. */
const providers: InputRule = (input, report) => {
  const given = texts(input, "capacityProviders");
  if (given.length > 20 || new Set(given).size < given.length)
    report("capacityProviders", given, "at most 20, each once");
  for (const name of given) {
    const isOwn = /^(?!aws|ecs|fargate)[A-Za-z0-9_-]{1,255}$/i.test(name);
    if (!isOwn && name !== "FARGATE" && name !== "FARGATE_SPOT")
      report("capacityProviders", name, "a provider's name");
  }
};

/** ECS user guide, "Automatically scale your service"; Application Auto Scaling API, RegisterScalableTarget. */
const scalable: InputRule = (input, report) => {
  const [min, max] = [Number(at(input, "MinCapacity")), Number(at(input, "MaxCapacity"))];
  if (!(min >= 0 && min <= max)) report("MinCapacity", min, `0 to MaxCapacity, ${max}`);
  if (!/^service\/[A-Za-z0-9_-]+\/[A-Za-z0-9_-]+$/.test(String(at(input, "ResourceId")))) {
    report("ResourceId", at(input, "ResourceId"), "service/<cluster>/<service>");
  }
};

const tracking: InputRule = (input, report) => {
  const policy = at(input, "TargetTrackingScalingPolicyConfiguration");
  const metric = at(policy, "PredefinedMetricSpecification");
  const label = at(metric, "ResourceLabel");
  const isRequests = at(metric, "PredefinedMetricType") === "ALBRequestCountPerTarget";
  if (isRequests !== (label !== undefined))
    report("ResourceLabel", label, "one with ALBRequestCountPerTarget alone");
  if (isRequests && !/^app\/[^/]+\/[^/]+\/targetgroup\/[^/]+\/[^/]+$/.test(String(label))) {
    report("ResourceLabel", label, "app/<name>/<id>/targetgroup/<name>/<id>");
  }
  if (!(Number(at(policy, "TargetValue")) > 0)) report("TargetValue", at(policy, "TargetValue"), "above 0");
};

export const ECS_RULES: Rules = {
  "ecs:CreateCluster": [matches("clusterName", NAME, NAME_ALLOWED)],
  "ecs:PutClusterCapacityProviders": [providers],
  "ecs:RegisterTaskDefinition": [
    matches("family", NAME, NAME_ALLOWED),
    required("executionRoleArn"),
    size,
    containers,
    small,
  ],
  "ecs:CreateService": [
    matches("serviceName", NAME, NAME_ALLOWED),
    // CreateService, loadBalancers: a service has up to five target groups ("Registering multiple target groups").
    atMost("loadBalancers", 5),
    placement,
    deployment,
  ],
  // DescribeServices: "You may specify up to 10 services to describe in a single operation."
  "ecs:DescribeServices": [atMost("services", 10)],
  "application-autoscaling:RegisterScalableTarget": [scalable],
  "application-autoscaling:PutScalingPolicy": [tracking],
};

import { type Related, type PolicyRule, type Violation, stackOf } from "./rule.ts";
import { bag, list, text } from "./values.ts";

const SERVICE = "aws:ecs/service:Service";
const DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

/** The stack of the local cloud: there an image is a command of images.local.json. */
const LOCAL_STACK = "local";

export const taskRules: readonly PolicyRule[] = [
  {
    name: "images-by-digest",
    description: "Images are pinned by digest: a tag can be moved, so a rollback to it would be none.",
    each: ({ type, urn, props }) => {
      if (type !== DEFINITION || stackOf(urn) === LOCAL_STACK) return [];
      return images(props["containerDefinitions"])
        .filter((image) => !/@sha256:[0-9a-f]{64}$/.test(image))
        .map((image) => `has the image ${image || "(none)"}, must be pinned by digest`);
    },
  },
  {
    name: "logs-have-an-end",
    description: "Log groups have a retention; without one they are kept, and paid, for ever.",
    each: ({ type, props }) =>
      type === LOG_GROUP && !(Number(props["retentionInDays"]) > 0) ? ["keeps its logs for ever"] : [],
  },
  {
    name: "deployments-give-up",
    description:
      "Services have the circuit breaker on with rollback, and no shell into their tasks: a task that never becomes healthy must not be tried for ever.",
    each: ({ type, props }) => {
      if (type !== SERVICE) return [];
      const breaker = bag(props["deploymentCircuitBreaker"]);
      return [
        ...(breaker["enable"] === true && breaker["rollback"] === true
          ? []
          : ["has no circuit breaker with rollback"]),
        ...(props["enableExecuteCommand"] === true
          ? ["lets people into its tasks (enableExecuteCommand)"]
          : []),
      ];
    },
  },
  {
    name: "tasks-closed",
    description:
      "Nobody reaches a task but through the load balancer: its security groups take no addresses.",
    all: openTasks,
  },
];

function images(definitions: unknown): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(text(definitions));
    return list(parsed).map((container) => text(bag(container)["image"]));
  } catch {
    // No list of containers: no image that could be looked at, which the rule then says.
    return [""];
  }
}

function openTasks(resources: readonly Related[]): readonly Violation[] {
  const groupsOfTasks = new Set(
    resources.filter(({ type }) => type === SERVICE).flatMap(({ dependencies }) => dependencies),
  );
  const groups = resources.filter(({ type, urn }) => type === SECURITY_GROUP && groupsOfTasks.has(urn));
  const inline = groups.flatMap(({ urn, props }) =>
    list(props["ingress"])
      .map((rule) => sources(bag(rule), ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds"]))
      .filter((found) => found.length > 0)
      .map((found) => ({ urn, message: `lets ${found.join(", ")} reach the tasks past the load balancer` })),
  );
  const urns = new Set(groups.map(({ urn }) => urn));
  const apart = resources
    .filter(({ type, dependencies }) => type === INGRESS && dependencies.some((urn) => urns.has(urn)))
    .map(({ urn, props }) => ({ urn, found: sources(props, ["cidrIpv4", "cidrIpv6", "prefixListId"]) }))
    .filter(({ found }) => found.length > 0)
    .map(({ urn, found }) => ({
      urn,
      message: `lets ${found.join(", ")} reach the tasks past the load balancer`,
    }));
  return [...inline, ...apart];
}

const sources = (rule: Readonly<Record<string, unknown>>, names: readonly string[]): readonly string[] =>
  names
    .flatMap((name) => (Array.isArray(rule[name]) ? rule[name] : [rule[name]]))
    .map(text)
    .filter((one) => one !== "");

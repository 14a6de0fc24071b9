import { ifThere, first, made, type Call } from "../../calls.ts";
import { api, changedMembers, own, record, resource } from "../../record-shape.ts";
import type { ResourceType, Existing } from "../../resource-type.ts";
import { flag, flagAs, list, number, set, text } from "../../shape.ts";
import { ecsTags, ecsTagStep } from "./tags.ts";
import { gone, steady, type Pause } from "./wait.ts";

const inputs = resource({
  name: api("serviceName", text()),
  cluster: api("cluster", text()),
  taskDefinition: api("taskDefinition", text()),
  desiredCount: api("desiredCount", number(), 0),
  launchType: api("launchType", text()),
  platformVersion: api("platformVersion", text()),
  schedulingStrategy: api("schedulingStrategy", text()),
  availabilityZoneRebalancing: api("availabilityZoneRebalancing", text()),
  capacityProviderStrategies: api(
    "capacityProviderStrategy",
    list(
      record({
        capacityProvider: api("capacityProvider", text()),
        base: api("base", number(), 0),
        weight: api("weight", number(), 0),
      }),
    ),
  ),
  deploymentCircuitBreaker: api(
    "deploymentConfiguration.deploymentCircuitBreaker",
    record({ enable: api("enable", flag(), false), rollback: api("rollback", flag(), false) }),
  ),
  deploymentController: api("deploymentController", record({ type: api("type", text(), "ECS") })),
  deploymentMaximumPercent: api("deploymentConfiguration.maximumPercent", number(), 200),
  deploymentMinimumHealthyPercent: api("deploymentConfiguration.minimumHealthyPercent", number(), 100),
  enableEcsManagedTags: api("enableECSManagedTags", flag(), false),
  enableExecuteCommand: api("enableExecuteCommand", flag(), false),
  healthCheckGracePeriodSeconds: api("healthCheckGracePeriodSeconds", number()),
  loadBalancers: api(
    "loadBalancers",
    set(
      record({
        containerName: api("containerName", text()),
        containerPort: api("containerPort", number()),
        targetGroupArn: api("targetGroupArn", text()),
      }),
    ),
    [],
  ),
  networkConfiguration: api(
    "networkConfiguration.awsvpcConfiguration",
    record({
      assignPublicIp: api("assignPublicIp", flagAs("ENABLED", "DISABLED"), false),
      securityGroups: api("securityGroups", set(text()), []),
      subnets: api("subnets", set(text()), []),
    }),
  ),
  propagateTags: api("propagateTags", text()),
  tags: api("tags", ecsTags, {}),
  waitForSteadyState: own(flag(), false),
  forceDelete: own(flag(), false),
});

const GONE_OR_GOING = /(NotFound|NotActive)Exception$/;

const REPLACED_BY = [
  "name",
  "cluster",
  "launchType",
  "schedulingStrategy",
  "deploymentController",
  "capacityProviderStrategies",
  "region",
];
const OWN_STEPS = ["tags", "waitForSteadyState", "forceDelete"];
const UPDATED = Object.keys(inputs.fields).filter((name) => ![...REPLACED_BY, ...OWN_STEPS].includes(name));

export function serviceType(call: Call, pause: Pause): ResourceType {
  const find = async ({ arn, state }: Existing) => {
    const lookup = call("DescribeServices", {
      cluster: state["cluster"],
      services: [arn],
      include: ["TAGS"],
    });
    const answer = await ifThere(lookup);
    const found = answer && first(answer, "services");
    return found?.["status"] === "INACTIVE" ? undefined : found;
  };
  return {
    inputs,
    replacedBy: REPLACED_BY,
    identity: ["name", "cluster"],
    named: { property: "name", maxLength: 255 },
    async create(wanted) {
      const arn = String(made(await call("CreateService", inputs.toApi(wanted)), "service")["serviceArn"]);
      return { id: arn, arn };
    },
    async find({ cluster, name }) {
      const answer = await ifThere(call("DescribeServices", { cluster, services: [name] }));
      const found = answer && first(answer, "services");
      const arn = String(found?.["serviceArn"]);
      return found?.["status"] === "ACTIVE" ? { id: arn, arn } : undefined;
    },
    steps: [
      {
        properties: UPDATED,
        async apply({ arn, news, changed }) {
          const members = changedMembers(
            inputs,
            news,
            new Set([...changed].filter((name) => UPDATED.includes(name))),
          );
          await call("UpdateService", { cluster: news["cluster"], service: arn, ...members });
        },
      },
      ecsTagStep(call),
    ],
    async settle(target) {
      if (target.state["waitForSteadyState"] === true) await steady(() => find(target), pause);
    },
    async describe(target) {
      const found = await find(target);
      if (found === undefined) return undefined;
      const cluster = sameCluster(target.state["cluster"], found["clusterArn"]);
      return {
        ...inputs.fromApi({ ...found, cluster }),
        tagsAll: ecsTags.fromApi(found["tags"]),
        arn: target.arn,
        iamRole: found["roleArn"],
      };
    },
    async delete(target) {
      const service = { cluster: target.state["cluster"], service: target.arn };
      await ifThere(call("DeleteService", { ...service, force: true }), GONE_OR_GOING);
      // ECS API: a service drains before it is gone, and until then its cluster cannot be deleted.
      await gone(() => find(target), pause);
    },
  };
}

/** Programs name a cluster by name or ARN; ECS always answers the ARN. */
function sameCluster(declared: unknown, arn: unknown): unknown {
  return typeof declared === "string" && String(arn).endsWith(`:cluster/${declared}`) ? declared : arn;
}

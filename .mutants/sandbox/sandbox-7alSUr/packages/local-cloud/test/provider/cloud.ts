import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCloudWatch } from "../../alarms/cloudwatch.ts";
import type { TagsOf } from "../../access/required-permissions.ts";
import { guarded, type Guard } from "../../aws-api/guard.ts";
import type { Operations } from "../../aws-api/operations.ts";
import type { Properties } from "../../../pulumi-engine/values/provider.ts";
import { createElb } from "../../gateway/elb.ts";
import { createMetricStore } from "../../metrics/store.ts";
import { createProvider } from "../../provider/provider.ts";
import { createRecordStore } from "../../provider/records.ts";
import { createEcs } from "../../tasks/ecs.ts";
import { readImages } from "../../tasks/images.ts";
import { ManualClock } from "../support/manual-clock.ts";

export interface Call {
  readonly operation: string;
  readonly input: Properties;
}

/** The provider on the real parts of the local cloud, in this process; no task ever runs. */
export function createTestCloud(guardOf: (tagsOf: TagsOf) => Guard | undefined = () => undefined) {
  const directory = mkdtempSync(join(tmpdir(), "provider-test-"));
  const imagesPath = join(directory, "images.local.json");
  writeFileSync(imagesPath, JSON.stringify({ images: { "model:1": { command: ["node", "--version"] } } }));
  const clock = new ManualClock();
  const region = "eu-central-1";
  const store = createMetricStore({ clock, publishLagMs: 0 });
  const elb = createElb({ clock, region, metrics: store });
  const logDirectory = join(directory, "logs");
  const images = readImages(imagesPath);
  const ecs = createEcs({ clock, region, images, targets: elb, metrics: store, logDirectory });
  const watch = createCloudWatch({ clock, region, store });
  const recorded = createRecordStore();
  const calls: Call[] = [];
  const guard = guardOf(elb.tagsOf);
  const service = (name: string, operations: Operations) =>
    guarded(name, recording(operations, calls), "deploy", guard);
  const cloud = {
    elbv2: service("elasticloadbalancing", elb.operations),
    ecs: service("ecs", ecs.operations),
    autoScaling: service("application-autoscaling", ecs.autoScalingOperations),
    cloudwatch: service("cloudwatch", watch.operations),
    region,
    accountId: "000000000000",
    recorded,
  };
  return {
    ...cloud,
    elb,
    provider: createProvider(cloud, { suffix: () => "0a1b2c3" }),
    /** The operations called since the last time, without those that only read. */
    writes: () => calls.splice(0).filter(({ operation }) => !/^(Describe|List|Get)/.test(operation)),
    async close() {
      watch.close();
      await ecs.close();
      await elb.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export type TestCloud = ReturnType<typeof createTestCloud>;

export function recording(operations: Operations, calls: Call[]): Operations {
  return Object.fromEntries(
    Object.entries(operations).map(([operation, run]) => [
      operation,
      (input: Properties) => {
        calls.push({ operation, input: structuredClone(input) });
        return run(input);
      },
    ]),
  );
}

export const urnOf = (type: string, name: string) => `urn:pulumi:local::fraud-model::${type}::${name}`;

/** What an engine keeps of a resource. */
export interface Resource {
  readonly type: string;
  readonly urn: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** Checks the inputs and creates the resource, as an engine does. */
export async function make(
  { provider }: Pick<TestCloud, "provider">,
  type: string,
  name: string,
  news: Properties,
): Promise<Resource> {
  const urn = urnOf(type, name);
  const { inputs, failures } = await provider.check({ type, urn, news });
  if (failures.length > 0) throw new Error(JSON.stringify(failures));
  const { id, outputs } = await provider.create({ type, urn, inputs });
  return { type, urn, id, inputs, outputs };
}

/** Checks the new inputs, and updates if they differ. */
export async function change(
  { provider }: Pick<TestCloud, "provider">,
  old: Resource,
  news: Properties,
): Promise<Resource & { changes: string[] }> {
  const { type, urn, id } = old;
  const { inputs, failures } = await provider.check({ type, urn, olds: old.inputs, news });
  if (failures.length > 0) throw new Error(JSON.stringify(failures));
  const r = { type, urn, id, olds: old.inputs, news: inputs, outputs: old.outputs };
  const { changes, replaces } = await provider.diff(r);
  if (replaces.length > 0) throw new Error(`would be replaced for ${replaces.join(", ")}`);
  const { outputs } = changes.length === 0 ? old : await provider.update(r);
  return { ...old, inputs, outputs, changes };
}

/** The two subnets and the VPC that most resources stand in. */
export async function makeNetwork(cloud: TestCloud) {
  const vpc = await make(cloud, "aws:ec2/vpc:Vpc", "net", { cidrBlock: "10.0.0.0/16" });
  const subnet = (name: string, cidrBlock: string) =>
    make(cloud, "aws:ec2/subnet:Subnet", name, { vpcId: vpc.id, cidrBlock });
  return { vpc, subnets: [await subnet("a", "10.0.0.0/24"), await subnet("b", "10.0.1.0/24")] };
}

/** Load balancer, two target groups, listener and a weighted rule, as the stack has them. */
export async function makeRoute(cloud: TestCloud) {
  const { vpc, subnets } = await makeNetwork(cloud);
  const loadBalancer = await make(cloud, "aws:lb/loadBalancer:LoadBalancer", "lb", {
    name: "models-1",
    subnets: subnets.map(({ id }) => id),
    securityGroups: ["sg-1"],
    idleTimeout: 90,
    dropInvalidHeaderFields: true,
    tags: { "deploy:stack": "local" },
  });
  const group = (slot: string) =>
    make(cloud, "aws:lb/targetGroup:TargetGroup", slot, {
      name: `local-${slot}-live`,
      port: 8080,
      protocol: "HTTP",
      targetType: "ip",
      vpcId: vpc.id,
      deregistrationDelay: 10,
      healthCheck: { path: "/health", interval: 10, timeout: 5, healthyThreshold: 2 },
      stickiness: { enabled: false, type: "lb_cookie" },
      tags: { "deploy:slot": slot },
    });
  const groups = { blue: await group("blue"), green: await group("green") };
  const listener = await make(cloud, "aws:lb/listener:Listener", "listener", {
    loadBalancerArn: loadBalancer.outputs["arn"],
    port: 80,
    protocol: "HTTP",
    defaultActions: [
      { type: "fixed-response", fixedResponse: { statusCode: "503", contentType: "text/plain" } },
    ],
  });
  const ruleInputs = (blue: number, green: number): Properties => ({
    listenerArn: listener.outputs["arn"],
    priority: 100,
    conditions: [{ pathPattern: { values: ["/*"] } }],
    actions: [
      {
        type: "forward",
        forward: {
          targetGroups: [
            { arn: groups.blue.outputs["arn"], weight: blue },
            { arn: groups.green.outputs["arn"], weight: green },
          ],
          stickiness: { enabled: blue * green > 0, duration: 3600 },
        },
      },
    ],
    tags: { "deploy:active-slot": "blue" },
  });
  const rule = await make(cloud, "aws:lb/listenerRule:ListenerRule", "route", ruleInputs(100, 0));
  return { vpc, subnets, loadBalancer, groups, listener, rule, ruleInputs };
}

/** Cluster, task definition and an idle service behind the route's blue group. */
export async function makeService(cloud: TestCloud, route: Awaited<ReturnType<typeof makeRoute>>) {
  const cluster = await make(cloud, "aws:ecs/cluster:Cluster", "cluster", {
    name: "models",
    settings: [{ name: "containerInsights", value: "disabled" }],
    tags: { "deploy:stack": "local" },
  });
  const definitionInputs = (image: string): Properties => ({
    family: "models-blue",
    containerDefinitions: JSON.stringify([
      { name: "model", image, portMappings: [{ containerPort: 8080 }], environment: [], cpu: null },
    ]),
    cpu: 256,
    memory: "512",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    tags: { "deploy:slot": "blue" },
  });
  const definition = await make(
    cloud,
    "aws:ecs/taskDefinition:TaskDefinition",
    "blue",
    definitionInputs("model:1"),
  );
  const serviceInputs: Properties = {
    name: "models-blue",
    cluster: cluster.outputs["arn"],
    taskDefinition: definition.outputs["arn"],
    desiredCount: 0,
    launchType: "FARGATE",
    networkConfiguration: {
      subnets: route.subnets.map(({ id }) => id),
      securityGroups: ["sg-1"],
      assignPublicIp: true,
    },
    loadBalancers: [
      { targetGroupArn: route.groups.blue.outputs["arn"], containerName: "model", containerPort: 8080 },
    ],
    healthCheckGracePeriodSeconds: 30,
    deploymentCircuitBreaker: { enable: true, rollback: true },
    enableEcsManagedTags: true,
    propagateTags: "TASK_DEFINITION",
    waitForSteadyState: false,
    tags: { "deploy:slot": "blue" },
  };
  const service = await make(cloud, "aws:ecs/service:Service", "blue", serviceInputs);
  return { cluster, definition, definitionInputs, service, serviceInputs };
}

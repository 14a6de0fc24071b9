import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ALARM_KEYS, alarmSpec } from "../../../contract/alarms/alarm-catalog.ts";
import { namesOf } from "../../../contract/names/names.ts";
import { parseOutputs } from "../../../contract/names/outputs.ts";
import { perSlot, SLOTS, type PerSlot, type Slot } from "../../../contract/slot.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import { createCloudWatch } from "../../../packages/local-cloud/alarms/cloudwatch.ts";
import { cloudWatch } from "../../../packages/local-cloud/aws-api/cloudwatch.ts";
import { handleQuery } from "../../../packages/local-cloud/aws-api/elbv2.ts";
import type { Guard } from "../../../packages/local-cloud/aws-api/guard.ts";
import type { Operations } from "../../../packages/local-cloud/aws-api/operations.ts";
import { createApiServer } from "../../../packages/local-cloud/aws-api/server.ts";
import type { Clock } from "../../../packages/local-cloud/clock.ts";
import { createElb } from "../../../packages/local-cloud/gateway/elb.ts";
import { createMetricStore } from "../../../packages/local-cloud/metrics/store.ts";
import { TEST_KEYS } from "../../../test/support/local-keys.ts";
import type { Deployed } from "../../../validation/ports.ts";

const REGION = "us-east-1";
const namesAt = (stack: string) => namesOf({ project: "bench", stack });
// ELB quota: 100 rules a load balancer, the default ones among them.
const STACKS_PER_BALANCER = 50;

export interface Account {
  readonly url: string;
  readonly region: string;
  readonly stacks: readonly BenchStack[];
  close(): Promise<void>;
}

export interface BenchStack {
  readonly name: string;
  /** As Pulumi would say it, with a share that is live since then. */
  readonly deployedSince: (sinceMs: number) => Deployed;
}

interface BenchPlace {
  readonly url: string;
  readonly balancer: string;
  readonly routeArn: string;
  readonly groups: PerSlot<string>;
}

/**
 * An account with so many stacks in the middle of a release, in one local cloud: real load balancers with healthy
 * targets, real routes, real alarms. Light: two servers answer as the tasks of every slot, and ECS is a table that
 * says of each service that it runs what was asked for.
 */
export async function openAccount(count: number, clock: Clock, guard: Guard): Promise<Account> {
  const store = createMetricStore({ clock });
  const elb = createElb({ clock, region: REGION, metrics: store });
  const watch = createCloudWatch({ clock, region: REGION, store });
  const tasks = await Promise.all([openTask(), openTask()]);
  const server = createApiServer({
    keys: TEST_KEYS,
    json: [cloudWatch(watch.operations), { ...ECS, operations: { DescribeServices: describeServices } }],
    query: (form, admission) => handleQuery(elb.operations, form, admission),
    guard,
  });
  const { port: apiPort } = await server.listen(0);
  const url = `http://127.0.0.1:${apiPort}`;

  const call = (operations: Operations, name: string) => async (input: Record<string, unknown>) =>
    // Operations answer with the SDK's shapes; what is read of them is written below.
    (await operations[name]?.(input)) as Record<string, Record<string, string>[]>;
  const made = async (name: string, input: Record<string, unknown>, list: string, arn: string) =>
    (await call(elb.operations, name)(input))[list]?.[0]?.[arn] ?? "";
  const stacks: BenchStack[] = [];
  let listener = "";
  let balancer = "";
  for (let index = 0; index < count; index++) {
    const name = `model-${index}`;
    if (index % STACKS_PER_BALANCER === 0) {
      const lb = { Name: `shared-${index}`, Subnets: ["subnet-1", "subnet-2"] };
      balancer = await made("CreateLoadBalancer", lb, "LoadBalancers", "LoadBalancerArn");
      const DefaultActions = [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "503" } }];
      const input = { LoadBalancerArn: balancer, Port: 80, Protocol: "HTTP", DefaultActions };
      listener = await made("CreateListener", input, "Listeners", "ListenerArn");
    }
    const group = (slot: Slot) => {
      const Name = namesAt(name).targetGroup(slot, "production", ["8080"]);
      const input = { Name, Protocol: "HTTP", Port: 8080, VpcId: "vpc-1", TargetType: "ip" };
      return made("CreateTargetGroup", input, "TargetGroups", "TargetGroupArn");
    };
    const groups = { blue: await group("blue"), green: await group("green") };
    const TargetGroups = SLOTS.map((slot) => ({
      TargetGroupArn: groups[slot],
      Weight: slot === "blue" ? 90 : 10,
    }));
    const rule = {
      ListenerArn: listener,
      Priority: (index % STACKS_PER_BALANCER) + 10,
      Conditions: [{ Field: "path-pattern", Values: [`/${name}/*`] }],
      Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
    };
    const routeArn = await made("CreateRule", rule, "Rules", "RuleArn");
    // One in each zone: a check reads the active slot's metrics by zone.
    for (const slot of SLOTS)
      for (const { port } of tasks) elb.registerTarget(groups[slot], { host: "127.0.0.1", port });
    await makeAlarms(name, call(watch.operations, "PutMetricAlarm"));
    const place = { url, balancer, routeArn, groups };
    stacks.push({ name, deployedSince: (sinceMs) => deployedStack(name, place, sinceMs) });
  }
  return {
    url,
    region: REGION,
    stacks,
    async close() {
      await server.close();
      watch.close();
      await elb.close();
      for (const task of tasks) task.close();
    },
  };
}

const ECS = {
  service: "ecs",
  targetPrefix: "AmazonEC2ContainerServiceV20141113",
  jsonVersion: "1.1",
} as const;

interface Task {
  readonly port: number;
  close(): void;
}

async function openTask(): Promise<Task> {
  const server = createServer((_request, response) => response.end("ok"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A TCP server that listens has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const definitionOf = (service: string) => `arn:aws:ecs:${REGION}:000000000000:task-definition/${service}:1`;

function describeServices(input: Record<string, unknown>) {
  const names = Array.isArray(input["services"]) ? input["services"].map(String) : [];
  const services = names.map((serviceName) => ({
    serviceName,
    status: "ACTIVE",
    desiredCount: 1,
    runningCount: 1,
    deployments: [
      { status: "PRIMARY", taskDefinition: definitionOf(serviceName), rolloutState: "COMPLETED" },
    ],
  }));
  return { services, failures: [] };
}

async function makeAlarms(stack: string, put: (input: Record<string, unknown>) => Promise<unknown>) {
  for (const slot of SLOTS) {
    for (const key of ALARM_KEYS) {
      const { comparison, evaluationPeriods, treatMissingData } = alarmSpec(key);
      await put({
        AlarmName: namesAt(stack).alarm(slot, key),
        Namespace: "AWS/ApplicationELB",
        MetricName: "RequestCount",
        Dimensions: [{ Name: "TargetGroup", Value: `${stack}-${slot}` }],
        Statistic: "Sum",
        Period: 60,
        Threshold: 1_000_000,
        ComparisonOperator: comparison,
        EvaluationPeriods: evaluationPeriods,
        TreatMissingData: treatMissingData === "breaching" ? "notBreaching" : treatMissingData,
      });
    }
  }
}

/** What Pulumi would say of the stack: a release at 10 % since that time, in the middle of a long bake. */
function deployedStack(
  stack: string,
  { url, balancer, routeArn, groups }: BenchPlace,
  sinceMs: number,
): Deployed {
  const release = {
    id: "v2-g1",
    slot: "green",
    digest: "model:2",
    state: "running",
    weight: 10,
    stepSince: new Date(sinceMs).toISOString(),
    deadline: new Date(sinceMs + 86_400_000).toISOString(),
    owner: "bench",
  };
  const values = {
    localCloud: url,
    blue: { image: "model:1", modelVersion: "1" },
    green: { image: "model:2", modelVersion: "2" },
    greenWeight: 10,
    generation: 1,
    rollout: { bakeMinutes: 600, deadlineMinutes: 1200 },
    release,
  };
  const raw = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const parsed = parseConfig(raw);
  const suffix = (arn: string) => arn.slice(arn.lastIndexOf(":") + 1);
  const outputs = parseOutputs({
    url,
    region: REGION,
    activeSlot: "blue",
    split: { blue: 90, green: 10 },
    generation: 1,
    routeArn,
    loadBalancerSuffix: suffix(balancer).replace("loadbalancer/", ""),
    clusterName: namesAt(stack).cluster,
    stickinessSeconds: 0,
    slots: perSlot((slot) => ({
      targetGroupArn: groups[slot],
      targetGroupSuffix: suffix(groups[slot]),
      testTargetGroupArn: groups[slot],
      running: {
        image: `model:${slot === "blue" ? 1 : 2}`,
        modelVersion: slot === "blue" ? "1" : "2",
        minTasks: 1,
        maxTasks: 4,
        serviceName: namesAt(stack).services[slot],
        taskDefinitionArn: definitionOf(namesAt(stack).services[slot]),
        alarms: Object.fromEntries(ALARM_KEYS.map((key) => [key, namesAt(stack).alarm(slot, key)])),
        slotAlarm: namesAt(stack).slotAlarms[slot],
      },
    })),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  if (outputs === undefined) throw new Error("the outputs are not those of a stack");
  return { config: parsed.config, raw, outputs, endedWallMs: sinceMs };
}

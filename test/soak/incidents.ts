import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeTasksCommand, ECSClient, ListTasksCommand } from "@aws-sdk/client-ecs";
import { setTimeout as pause } from "node:timers/promises";
import { localCredentials } from "../../packages/local-cloud/access/address.ts";
import { ownEndpoint } from "../../cli/local/endpoint.ts";
import type { Lane } from "./lane.ts";
import { CLOUD_FLAGS, LATE_FLAGS, TASKS } from "./config.ts";
import type { PlannedIncident } from "./plan/incidents.ts";
import type { Stand } from "./stand.ts";

export interface Disturbed {
  readonly stand: Stand;
  readonly lanes: readonly Lane[];
  /** From now on until what it answers with is called, failed requests are explained by this fault. */
  readonly explain: (kind: string) => () => void;
  /** Virtual minutes. */
  readonly wait: (minutes: number) => Promise<void>;
}

/** After targets are healthy again: requests that were sent before are answered by then. */
const ANSWERED_MS = 11_000;
const POLL_MS = 500;

/** Carries the fault out, and answers when it is over with whether there was anything to disturb. */
export async function disturb(incident: PlannedIncident, world: Disturbed): Promise<boolean> {
  const { kind, minutes, model } = incident;
  const { stand, lanes, wait } = world;
  const lane = lanes[model % lanes.length];
  if (lane === undefined) throw new Error("there is no model");
  switch (kind) {
    case "kill of a verb": {
      const running = await untilRunning(lane, wait);
      if (running === undefined) return false;
      await running.verb.kill9();
      return true;
    }
    case "stop of a verb": {
      const running = await untilRunning(lane, wait);
      if (running === undefined || !running.verb.isAlive()) return false;
      // The whole group: the engine and its program stop with it, as on a machine that sleeps.
      process.kill(-running.verb.pid, "SIGSTOP");
      await wait(minutes);
      if (running.verb.isAlive()) process.kill(-running.verb.pid, "SIGCONT");
      return true;
    }
    case "throttling": {
      let count = 0;
      // Every third call to an API of AWS; the engine's own way to the provider is no such call.
      stand.gate.throttle(
        ({ path, operation, body }) => isAws(path, operation, body) && (count += 1) % 3 === 0,
      );
      await wait(minutes);
      stand.gate.throttle(undefined);
      return true;
    }
    case "kill of a task": {
      const over = world.explain(kind);
      try {
        return await killTask(stand, lane);
      } finally {
        over();
      }
    }
    case "cloud restarted":
    case "late metrics": {
      const over = world.explain(kind);
      try {
        await stand.restartCloud(kind === "late metrics" ? LATE_FLAGS : CLOUD_FLAGS);
        for (const { model: one } of lanes) await untilHealthy(stand, one);
        await pause(ANSWERED_MS);
        return true;
      } finally {
        over();
      }
    }
  }
}

const isAws = (path: string, operation: string, body: string) =>
  operation !== "" || (path === "/" && body.includes("Action="));

/** Between two releases nothing runs for a moment. */
async function untilRunning(lane: Lane, wait: (minutes: number) => Promise<void>) {
  for (let looked = 0; looked < 20; looked += 1) {
    const running = lane.running();
    if (running?.name === "rollout") return running;
    await wait(1);
  }
  return lane.running();
}

async function clients(stand: Stand) {
  const endpoint = await ownEndpoint(stand.place);
  if (endpoint === undefined) throw new Error("no cloud runs");
  const { region, url } = endpoint;
  const sdk = { endpoint: url, region, credentials: localCredentials(endpoint) };
  return { ecs: new ECSClient(sdk), elb: new ElasticLoadBalancingV2Client(sdk) };
}

/** SIGKILL to one task of the slot that has most of the users; answers when there are as many healthy ones as before. */
async function killTask(stand: Stand, { model }: Lane): Promise<boolean> {
  const { ecs, elb } = await clients(stand);
  try {
    const { clusterName: cluster, slots, activeSlot } = await stand.outputs(model);
    const serviceName = slots[activeSlot].running?.serviceName;
    const { taskArns: tasks = [] } = await ecs.send(new ListTasksCommand({ cluster, serviceName }));
    const described = await ecs.send(new DescribeTasksCommand({ cluster, tasks }));
    const pid = described.tasks?.[0]?.containers?.[0]?.runtimeId;
    if (pid === undefined) return false;
    process.kill(Number(pid), "SIGKILL");
    await untilHealthy(stand, model);
    await pause(ANSWERED_MS);
    return true;
  } finally {
    ecs.destroy();
    elb.destroy();
  }
}

/** Until the active slot has its tasks. */
async function untilHealthy(stand: Stand, model: string): Promise<void> {
  const { slots, activeSlot } = await stand.outputs(model);
  const { elb, ecs } = await clients(stand);
  const command = new DescribeTargetHealthCommand({ TargetGroupArn: slots[activeSlot].targetGroupArn });
  try {
    for (let looked = 0; looked < 240; looked += 1) {
      await pause(POLL_MS);
      const { TargetHealthDescriptions = [] } = await elb.send(command);
      const healthy = TargetHealthDescriptions.filter(
        ({ TargetHealth }) => TargetHealth?.State === "healthy",
      );
      if (healthy.length >= TASKS) return;
    }
  } finally {
    elb.destroy();
    ecs.destroy();
  }
  throw new Error(`${model} has no ${TASKS} healthy tasks after ${(240 * POLL_MS) / 1000} s`);
}

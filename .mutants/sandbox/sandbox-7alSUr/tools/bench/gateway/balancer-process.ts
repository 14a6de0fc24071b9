/**
 * The load balancer of the local cloud in a process of its own, as `bench:gateway` measures it: metrics into the
 * real store, stickiness on, weights 9 and 1. Its arguments are the two targets' ports; it tells its own over IPC,
 * answers "memory" with its resident bytes after a collection, and ends with its parent.
 */
import { runningClock } from "../../../packages/local-cloud/clock.ts";
import { createElb } from "../../../packages/local-cloud/gateway/elb.ts";
import type { Elb } from "../../../packages/local-cloud/gateway/elb.ts";
import { createMetricStore } from "../../../packages/local-cloud/metrics/store.ts";

export type BalancerMessage =
  | { readonly kind: "port"; readonly port: number }
  | { readonly kind: "memory"; readonly rssBytes: number };

const VPC = { VpcId: "vpc-1", TargetType: "ip", Protocol: "HTTP", Port: 80 };

const now = Date.now();
const clock = runningClock({ virtualMs: now, realMs: now, speed: 1 });
const metrics = createMetricStore({ clock });
const elb = createElb({ clock, region: "us-east-1", metrics });
const tell = (message: BalancerMessage) => process.send?.(message);
process.on("disconnect", () => process.exit(0));
process.on("message", (message) => {
  if (message !== "memory") return;
  // Started with --expose-gc, so that what is measured is what is kept.
  globalThis.gc?.();
  tell({ kind: "memory", rssBytes: process.memoryUsage.rss() });
});
tell({ kind: "port", port: await front(elb, process.argv.slice(2, 4).map(Number)) });

/** A listener that forwards 9 to 1 to two groups of one target each, once both are healthy. */
async function front(elb: Elb, targetPorts: readonly number[]): Promise<number> {
  const loadBalancers = await call<{ LoadBalancers: { LoadBalancerArn: string }[] }>(
    elb,
    "CreateLoadBalancer",
    { Name: "bench", Subnets: ["subnet-a", "subnet-b"] },
  );
  const groupArns = ["blue", "green"].map(async (Name) => {
    const output = await call<{ TargetGroups: { TargetGroupArn: string }[] }>(elb, "CreateTargetGroup", {
      ...VPC,
      Name,
    });
    return first(output.TargetGroups).TargetGroupArn;
  });
  const [blue, green] = await Promise.all(groupArns);
  const listeners = await call<{ Listeners: { ListenerArn: string }[] }>(elb, "CreateListener", {
    LoadBalancerArn: first(loadBalancers.LoadBalancers).LoadBalancerArn,
    Protocol: "HTTP",
    Port: 80,
    DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "503" } }],
  });
  const listenerArn = first(listeners.Listeners).ListenerArn;
  await call(elb, "CreateRule", {
    ListenerArn: listenerArn,
    Priority: 100,
    Conditions: [{ Field: "path-pattern", Values: ["/*"] }],
    Actions: [
      {
        Type: "forward",
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: blue, Weight: 9 },
            { TargetGroupArn: green, Weight: 1 },
          ],
          TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 3600 },
        },
      },
    ],
  });
  for (const [index, arn] of [blue, green].entries())
    await registered(elb, arn ?? "", { host: "127.0.0.1", port: targetPorts[index] ?? 0 });
  return elb.localPort(listenerArn);
}

function registered(elb: Elb, groupArn: string, target: { host: string; port: number }): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = elb.onHealthChange(() => {
    if (elb.targetHealth(groupArn, target) === "healthy") resolve();
  });
  elb.registerTarget(groupArn, target);
  return promise.finally(stop);
}

async function call<Output>(elb: Elb, name: string, input: object): Promise<Output> {
  // The caller names the SDK's output shape of the operation.
  return (await elb.operations[name]?.({ ...input })) as Output;
}

function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error("the load balancer answered an empty list");
  return item;
}

import type { DescribeTargetHealthOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import { loadBalancerSuffix, targetGroupSuffix } from "../../gateway/arns.ts";
import { named, split, upstream, world } from "./support.ts";
import type { World } from "./support.ts";

async function measured(handler: Parameters<typeof upstream>[0]) {
  const w = await world();
  const group = await w.createGroup("blue");
  await w.createRule(1, [split([[group, 1]])], [{ Field: "path-pattern", Values: ["/s/*"] }]);
  const target = await upstream(handler);
  await w.register(group, target);
  const dimensions = [loadBalancerSuffix(w.loadBalancerArn), targetGroupSuffix(group)] as const;
  return {
    ...w,
    group,
    target,
    ofGroup: (metric: string) => w.metrics.sum(metric, ...dimensions),
    pointsOfGroup: (metric: string) => w.metrics.values(metric, ...dimensions),
    ofLoadBalancer: (metric: string) => w.metrics.sum(metric, dimensions[0]),
  };
}

/** Names of the metrics that have any point, without those about hosts. */
function trafficMetrics(w: World): string[] {
  const names = [...w.metrics.points.keys()].map((key) => key.split(" ")[0] ?? "");
  return [...new Set(names.filter((name) => !name.endsWith("HostCount")))].sort();
}

describe("metrics", () => {
  it("count users' requests by the class of the target's answer, and never a health check", async () => {
    const w = await measured((req, res) => {
      res.statusCode = req.url === "/health" ? 200 : Number(req.url?.slice(3));
      res.end();
    });
    for (const status of [200, 201, 302, 404, 500, 503]) await w.get(`/s/${status}`);
    expect(w.ofGroup("RequestCount")).toBe(6);
    expect(w.ofGroup("HTTPCode_Target_2XX_Count")).toBe(2);
    expect(w.ofGroup("HTTPCode_Target_3XX_Count")).toBe(1);
    expect(w.ofGroup("HTTPCode_Target_4XX_Count")).toBe(1);
    expect(w.ofGroup("HTTPCode_Target_5XX_Count")).toBe(2);
    expect(w.pointsOfGroup("TargetResponseTime")).toHaveLength(6);
    for (const seconds of w.pointsOfGroup("TargetResponseTime")) expect(seconds).toBeGreaterThan(0);
  });

  it("have no point at all without traffic, and none of value 0 with it", async () => {
    const w = await measured(named("blue"));
    w.clock.advance(600_000);
    expect(trafficMetrics(w)).toEqual([]);
    await w.get("/s/1");
    expect(trafficMetrics(w)).toEqual(["HTTPCode_Target_2XX_Count", "RequestCount", "TargetResponseTime"]);
  });

  it("are counted once more by Availability Zone, over which the targets are spread", async () => {
    const w = await measured(named("blue"));
    const second = await upstream(named("blue"));
    await w.register(w.group, second);
    for (let count = 0; count < 4; count++) await w.get("/s/1");
    const [loadBalancer, group] = [loadBalancerSuffix(w.loadBalancerArn), targetGroupSuffix(w.group)];
    const inZone = (letter: string) =>
      w.metrics.sum("RequestCount", `us-east-1${letter}`, loadBalancer, group);
    expect([inZone("a"), inZone("b"), w.ofGroup("RequestCount")]).toEqual([2, 2, 4]);
    const { TargetHealthDescriptions = [] } = await w.call<DescribeTargetHealthOutput>(
      "DescribeTargetHealth",
      {
        TargetGroupArn: w.group,
      },
    );
    expect(TargetHealthDescriptions.map(({ Target }) => Target?.AvailabilityZone).sort()).toEqual([
      "us-east-1a",
      "us-east-1b",
    ]);
  });

  it("carry the virtual time of the answer", async () => {
    const w = await measured(named("blue"));
    w.clock.advance(90_000);
    await w.get("/s/1");
    const points = [...w.metrics.points].find(([key]) => key.startsWith("RequestCount"))?.[1];
    expect(points).toEqual([{ timestampMs: w.clock.now(), value: 1, count: 1 }]);
  });

  it("count what a chosen target did not answer in the group's RequestCount and under the load balancer's codes", async () => {
    const w = await measured((req, res) => (req.url === "/health" ? res.end() : req.socket.destroy()));
    await w.get("/s/1");
    expect(w.ofGroup("RequestCount")).toBe(1);
    expect(w.ofGroup("TargetConnectionErrorCount")).toBe(0);
    expect(w.ofLoadBalancer("HTTPCode_ELB_502_Count")).toBe(1);
    await w.target.close();
    await w.get("/s/1");
    expect(w.ofGroup("RequestCount")).toBe(2);
    expect(w.ofGroup("TargetConnectionErrorCount")).toBe(1);
    const [loadBalancer, group] = [loadBalancerSuffix(w.loadBalancerArn), targetGroupSuffix(w.group)];
    expect(w.metrics.sum("TargetConnectionErrorCount", "us-east-1a", loadBalancer, group)).toBe(1);
    expect(w.ofLoadBalancer("HTTPCode_ELB_502_Count")).toBe(2);
    expect(w.ofLoadBalancer("HTTPCode_ELB_5XX_Count")).toBe(2);
    expect(trafficMetrics(w)).not.toContain("HTTPCode_Target_5XX_Count");
  });

  it("count a client that leaves in the group's RequestCount, as a 460 of the load balancer, and as nothing else", async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const { promise: left, resolve: leave } = Promise.withResolvers<void>();
    const w = await measured((req, res) => {
      if (req.url === "/health") {
        res.end();
        return;
      }
      res.on("close", leave);
      arrive();
    });
    const aborter = new AbortController();
    const pending = fetch(`${w.url}/s/1`, { signal: aborter.signal });
    await arrived;
    aborter.abort();
    await expect(pending).rejects.toThrow("aborted");
    await left;
    expect(w.ofGroup("RequestCount")).toBe(1);
    // ELB guide: HTTPCode_ELB_4XX_Count are requests that no target received, "other than in the case where the load
    // balancer returns an HTTP 460 error code"; no target group tells a client that left from a model that hangs.
    expect(w.ofLoadBalancer("HTTPCode_ELB_4XX_Count")).toBe(1);
    expect(trafficMetrics(w)).toEqual(["HTTPCode_ELB_4XX_Count", "RequestCount"]);
  });

  it("count a client that leaves in the middle of an answer as answered", async () => {
    const { promise: left, resolve: leave } = Promise.withResolvers<void>();
    const w = await measured((req, res) => {
      if (req.url === "/health") {
        res.end();
        return;
      }
      res.on("close", leave);
      res.write("half");
    });
    const aborter = new AbortController();
    const { body } = await fetch(`${w.url}/s/1`, { signal: aborter.signal });
    await body?.getReader().read();
    aborter.abort();
    await left;
    expect(trafficMetrics(w)).toEqual(["HTTPCode_Target_2XX_Count", "RequestCount", "TargetResponseTime"]);
    expect(w.ofGroup("HTTPCode_Target_2XX_Count")).toBe(1);
  });

  it("count a 503 for want of a target under the load balancer only", async () => {
    const w = await measured(named("blue"));
    await w.elb.deregisterTarget(w.group, w.target);
    await w.get("/s/1");
    expect(w.ofLoadBalancer("HTTPCode_ELB_503_Count")).toBe(1);
    expect(w.ofLoadBalancer("HTTPCode_ELB_5XX_Count")).toBe(1);
    expect(w.ofGroup("RequestCount")).toBe(0);
  });

  it("count hosts each virtual minute while the group is in use and has registered targets", async () => {
    const w = await measured(named("blue"));
    const before = w.pointsOfGroup("HealthyHostCount").length;
    w.clock.advance(180_000);
    expect(w.pointsOfGroup("HealthyHostCount").slice(before)).toEqual([1, 1, 1]);
    expect(w.pointsOfGroup("UnHealthyHostCount").slice(before)).toEqual([0, 0, 0]);
    await w.elb.deregisterTarget(w.group, w.target);
    const after = w.pointsOfGroup("HealthyHostCount").length;
    w.clock.advance(180_000);
    expect(w.pointsOfGroup("HealthyHostCount")).toHaveLength(after);
  });
});

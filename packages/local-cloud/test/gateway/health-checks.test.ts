import { Agent } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";
import { probe } from "../../gateway/health-check.ts";
import { named, split, upstream, world } from "./support.ts";
import type { World } from "./support.ts";
import type { ElbOptions, TargetAddress, TargetState } from "../../gateway/elb.ts";
import type { Clock } from "../../clock.ts";
import { ManualClock } from "../support/manual-clock.ts";

const INTERVAL_SECONDS = 10;

interface Checked extends World {
  readonly group: string;
  readonly target: TargetAddress;
  /** What the target answers to checks, and how many there have been. */
  readonly checks: { status: number; count: number };
  /** Lets an interval pass; resolves when the target has got its check. */
  nextCheck(advance?: () => void): Promise<void>;
  /** Lets intervals pass until a target has this state. */
  checkUntil(target: TargetAddress, state: TargetState): Promise<void>;
}

/** A group in use, with one target whose health checks the test answers. */
async function checked(options: Partial<ElbOptions> = {}): Promise<Checked> {
  const w = await world(options);
  const group = await w.createGroup("blue", {
    HealthCheckIntervalSeconds: INTERVAL_SECONDS,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 3,
    Matcher: { HttpCode: "200-201" },
  });
  await w.createRule(1, [split([[group, 1]])]);
  const checks = { status: 200, count: 0 };
  let arrived = () => {};
  const target = await upstream((req, res) => {
    if (req.url === "/health") {
      res.writeHead(checks.status);
      checks.count += 1;
      arrived();
    }
    res.end("answer");
  });
  const nextCheck = (advance = () => w.clock.advance(INTERVAL_SECONDS * 1000)) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    arrived = resolve;
    advance();
    return promise;
  };
  return {
    ...w,
    group,
    target,
    checks,
    nextCheck,
    async checkUntil(of, state) {
      while (w.elb.targetHealth(group, of) !== state) await nextCheck();
    },
  };
}

async function describeHealth(w: World, group: string) {
  const output = await w.call<{ TargetHealthDescriptions: { TargetHealth: object }[] }>(
    "DescribeTargetHealth",
    {
      TargetGroupArn: group,
    },
  );
  return output.TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth);
}

describe("health checks", () => {
  it("make a new target healthy with the first pass, by a real request of the health checker", async () => {
    const w = await world();
    const group = await w.createGroup("blue");
    await w.createRule(1, [split([[group, 1]])]);
    const agents: (string | undefined)[] = [];
    const target = await upstream((req, res) => {
      agents.push(req.headers["user-agent"]);
      res.end();
    });
    w.elb.registerTarget(group, target);
    expect(await describeHealth(w, group)).toEqual([
      {
        State: "initial",
        Reason: "Elb.RegistrationInProgress",
        Description: "Target registration is in progress",
      },
    ]);
    await w.reaches(group, target, "healthy");
    expect(await describeHealth(w, group)).toEqual([{ State: "healthy" }]);
    expect(agents).toEqual(["ELB-HealthChecker/2.0"]);
  });

  it("take a target out after the threshold of failures in a row and back after that of passes", async () => {
    const w = await checked();
    await w.register(w.group, w.target);
    w.checks.status = 503;
    const unhealthy = w.reaches(w.group, w.target, "unhealthy");
    for (let i = 0; i < 3; i++) await w.nextCheck();
    await unhealthy;
    expect(w.checks.count).toBe(4);
    expect(await describeHealth(w, w.group)).toEqual([
      {
        State: "unhealthy",
        Reason: "Target.ResponseCodeMismatch",
        Description: "Health checks failed with these codes: [503]",
      },
    ]);
    w.checks.status = 201;
    const healthy = w.reaches(w.group, w.target, "healthy");
    for (let i = 0; i < 2; i++) await w.nextCheck();
    await healthy;
    expect(w.checks.count).toBe(6);
  });

  it("take a dead target out: users are served by the others, then by all again when none is healthy", async () => {
    const w = await checked();
    const other = await upstream(named("other"));
    await w.register(w.group, w.target);
    await w.register(w.group, other);
    await other.close();
    await w.checkUntil(other, "unhealthy");
    expect(await describeHealth(w, w.group)).toContainEqual({
      State: "unhealthy",
      Reason: "Target.FailedHealthChecks",
      Description: "Health checks failed",
    });
    for (let i = 0; i < 6; i++) expect(await w.get()).toMatchObject({ status: 200, body: "answer" });
    w.checks.status = 500;
    await w.checkUntil(w.target, "unhealthy");
    // Fail open: all targets get requests, the dead one too.
    const statuses = [(await w.get()).status, (await w.get()).status];
    expect(statuses.sort()).toEqual([200, 502]);
  });

  it("are not made for a group that no rule names; its targets are unused until one does", async () => {
    const w = await world();
    const group = await w.createGroup("blue");
    let checks = 0;
    const target = await upstream((_req, res) => {
      checks += 1;
      res.end();
    });
    w.elb.registerTarget(group, target);
    w.clock.advance(600_000);
    expect(await describeHealth(w, group)).toEqual([
      {
        State: "unused",
        Reason: "Target.NotInUse",
        Description: "Target group is not configured to receive traffic from the load balancer",
      },
    ]);
    expect(w.elb.isInUse(group)).toBe(false);
    const healthy = w.reaches(group, target, "healthy");
    const other = await w.createGroup("other");
    // Weight 0 is use enough: a parked slot stays checked.
    const rule = await w.createRule(1, [
      split([
        [other, 1],
        [group, 0],
      ]),
    ]);
    await healthy;
    expect(checks).toBe(1);
    expect(w.elb.isInUse(group)).toBe(true);
    await w.call("DeleteRule", { RuleArn: rule });
    expect(w.elb.isInUse(group)).toBe(false);
    expect(w.elb.targetHealth(group, target)).toBe("unused");
  });

  it("say of a target that is asked for but not registered that it is not", async () => {
    const w = await world();
    const group = await w.createGroup("blue");
    const output = await w.call("DescribeTargetHealth", {
      TargetGroupArn: group,
      Targets: [{ Id: "127.0.0.1", Port: 4000 }],
    });
    expect(output).toMatchObject({
      TargetHealthDescriptions: [{ TargetHealth: { State: "unused", Reason: "Target.NotRegistered" } }],
    });
  });

  it("follow changed settings", async () => {
    const w = await checked();
    await w.register(w.group, w.target);
    await w.call("ModifyTargetGroup", {
      TargetGroupArn: w.group,
      Matcher: { HttpCode: "204" },
      UnhealthyThresholdCount: 2,
    });
    const unhealthy = w.reaches(w.group, w.target, "unhealthy");
    for (let i = 0; i < 2; i++) await w.nextCheck();
    await unhealthy;
    expect(w.checks.count).toBe(3);
  });
});

describe("health checks on a fast clock", () => {
  it("take a target out no sooner than 1.5 real seconds after its first failure, and let it in as quickly as ever", async () => {
    const speed = 60;
    const manual = new ManualClock();
    const clock: Clock = {
      speed,
      now: () => manual.now(),
      after: (ms, action) => manual.after(ms, action),
    };
    const w = await checked({ clock });
    await w.register(w.group, w.target);
    w.checks.status = 503;
    let healthyChecks = 0;
    const intervalMs = INTERVAL_SECONDS * 1000;
    const seen = () => w.elb.targetHealth(w.group, w.target);
    const nextCheck = () => w.nextCheck(() => manual.advance(intervalMs));
    // The result of a check is known when the next one comes.
    await nextCheck();
    for (; seen() === "healthy"; healthyChecks += 1) await nextCheck();
    expect(healthyChecks).toBeGreaterThanOrEqual((1500 * speed) / intervalMs);
    expect(healthyChecks).toBeLessThanOrEqual((1500 * speed) / intervalMs + 2);
  });
});

describe("one health check", () => {
  it("fails as a time-out when the target takes longer than the real seconds it has", async () => {
    const target = await upstream(() => {});
    const agent = new Agent();
    onTestFinished(() => agent.destroy());
    const check = { path: "/", timeoutSeconds: 0.05, matcher: "200" };
    expect(await probe(agent, `http://127.0.0.1:${target.port}`, check)).toEqual({
      pass: false,
      reason: "Target.Timeout",
      description: "Request timed out",
    });
  });
});

import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateTargetGroupCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  CreateRuleCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
  type Action,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StackOutputs } from "../../contract/outputs.ts";
import { REQUEST_COUNT } from "../../validation/observe.ts";
import { awsPorts } from "../../validation/adapters/aws.ts";
import { ask } from "../scenario/support/users.ts";
import { account } from "./support/account.ts";
import { realStack, type RealStack } from "./support/stack.ts";

/**
 * On a real account: the main stories, and the beliefs about AWS that nothing offline can prove, each a test of its
 * own. docs/aws-findings.md says what each is for, and which are still unproven. What a test measures it prints.
 */
const HOUR = 3_600_000;
const found = account(process.env);
const none = "missing" in found ? ` (skipped: ${found.missing})` : "";

describe.skipIf(none !== "")(`on a real account${none}`, () => {
  let stack: RealStack;
  let outputs: StackOutputs;
  let elb: ElasticLoadBalancingV2Client;
  let cloudWatch: CloudWatchClient;

  beforeAll(async () => {
    if ("missing" in found) return;
    stack = await realStack(found);
    outputs = await stack.outputs();
    elb = new ElasticLoadBalancingV2Client({ region: found.region });
    cloudWatch = new CloudWatchClient({ region: found.region });
  }, HOUR);
  afterAll(() => stack?.destroy(), HOUR);

  const measured = (what: string, value: unknown) =>
    process.stdout.write(`finding: ${what}: ${JSON.stringify(value)}\n`);
  const group = (slot: "blue" | "green") => outputs.slots[slot].targetGroupArn;
  const forward = (blue: number, green: number, sticky: boolean): Action => ({
    Type: "forward",
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: group("blue"), Weight: blue },
        { TargetGroupArn: group("green"), Weight: green },
      ],
      TargetGroupStickinessConfig: { Enabled: sticky, DurationSeconds: 3600 },
    },
  });
  const modify = (action: Action) =>
    elb.send(new ModifyRuleCommand({ RuleArn: outputs.routeArn, Actions: [action] }));
  /** Looks each second until it is so; seconds until then. */
  const secondsUntil = async (look: () => Promise<boolean>, most: number) => {
    for (let second = 0; second <= most; second++) {
      if (await look()) return second;
      await delay(1000);
    }
    return undefined;
  };
  const answering = async () => Object.keys(await ask(outputs.url, 20));
  /** A user who keeps the cookies of the first answer; answers with the version that each request got. */
  const pinned = async () => {
    const request = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ features: Array.from({ length: 64 }, () => 0) }),
    };
    const first = await fetch(`${outputs.url}/predict`, request);
    const cookie = first.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    return async () => {
      const again = await fetch(`${outputs.url}/predict`, {
        ...request,
        headers: { ...request.headers, cookie },
      });
      return again.ok ? String(Object(await again.json()).modelVersion) : String(again.status);
    };
  };

  describe("the stories", () => {
    it("a candidate is deployed, tried and promoted", { timeout: HOUR }, async () => {
      if ("missing" in found) return;
      const deployed = await stack.verb("deploy", found.images.two, "--model-version", "2");
      expect(deployed).toMatchObject({ exitCode: 0, slot: "green" });
      const users = setInterval(() => void ask(outputs.url, 5).catch(() => {}), 1000);
      const rollout = await stack.verb("rollout", "--untested");
      clearInterval(users);
      expect(rollout).toMatchObject({ exitCode: 0, result: "promoted" });
      expect(await answering()).toEqual(["2"]);
    });

    it("a revert brings everyone back in seconds", { timeout: HOUR }, async () => {
      const reverted = await stack.verb("revert", "--wait");
      measured("seconds of the revert", reverted["seconds"]);
      expect(reverted).toMatchObject({ exitCode: 0, to: "blue" });
    });
  });

  describe("open questions", () => {
    it("propagation: how many seconds until ModifyRule is seen by requests", { timeout: HOUR }, async () => {
      await modify(forward(0, 100, false));
      const seconds = await secondsUntil(async () => (await answering()).join() === "2", 300);
      measured("seconds until a new weight is seen", seconds);
      expect(seconds).toBeLessThan(120);
      await modify(forward(100, 0, false));
      await secondsUntil(async () => (await answering()).join() === "1", 300);
    });

    it("sticky, weight 0: a cookie of a group at weight 0 still goes there", { timeout: HOUR }, async () => {
      await modify(forward(0, 100, true));
      await secondsUntil(async () => (await answering()).join() === "2", 300);
      const again = await pinned();
      await modify(forward(100, 0, true));
      await secondsUntil(async () => (await answering()).join() === "1", 300);
      const version = await again();
      measured("a pinned user after weight 0, stickiness on", version);
      expect(version).toBe("2");
    });

    it(
      "sticky, off: with stickiness off in the same write the cookie is ignored",
      { timeout: HOUR },
      async () => {
        await modify(forward(0, 100, true));
        await secondsUntil(async () => (await answering()).join() === "2", 300);
        const again = await pinned();
        await modify(forward(100, 0, false));
        const seconds = await secondsUntil(async () => (await again()) === "1", 300);
        measured("seconds until a pinned user is back, stickiness off", seconds);
        expect(seconds).toBeLessThan(120);
      },
    );

    it(
      "sticky, removed: a cookie of a group that the rule no longer names is ignored",
      { timeout: HOUR },
      async () => {
        await modify(forward(0, 100, true));
        await secondsUntil(async () => (await answering()).join() === "2", 300);
        const again = await pinned();
        await modify({ Type: "forward", TargetGroupArn: group("blue") });
        const seconds = await secondsUntil(async () => (await again()) === "1", 300);
        measured("seconds until a pinned user is back, group removed", seconds);
        expect(seconds).toBeLessThan(120);
        await modify(forward(100, 0, false));
      },
    );

    it(
      "weight 0: a rule made with weight 0 has weight 0, not 1; and a single group may have target stickiness without group stickiness",
      { timeout: HOUR },
      async () => {
        const { TargetGroups = [] } = await elb.send(
          new DescribeTargetGroupsCommand({ TargetGroupArns: [group("green")] }),
        );
        const made = await elb.send(
          new CreateTargetGroupCommand({
            Name: "bluegreen-test-sticky",
            Protocol: "HTTP",
            Port: 8080,
            VpcId: TargetGroups[0]?.VpcId,
            TargetType: "ip",
          }),
        );
        const TargetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn;
        await elb.send(
          new ModifyTargetGroupAttributesCommand({
            TargetGroupArn,
            Attributes: [
              { Key: "stickiness.enabled", Value: "true" },
              { Key: "stickiness.type", Value: "lb_cookie" },
            ],
          }),
        );
        const ListenerArn = outputs.routeArn.replace(":listener-rule/", ":listener/").replace(/\/[^/]+$/, "");
        const rule = (Priority: number, Actions: Action[]) =>
          elb.send(
            new CreateRuleCommand({
              ListenerArn,
              Priority,
              Actions,
              Conditions: [{ Field: "path-pattern", Values: ["/bluegreen-test"] }],
            }),
          );
        const weighted = await rule(200, [forward(100, 0, false)]);
        const single = await rule(201, [{ Type: "forward", TargetGroupArn }]).then(
          ({ Rules }) => Rules?.[0]?.RuleArn,
          (error: Error) => {
            measured("a single group with target stickiness alone", error.message);
            return undefined;
          },
        );
        const weights = weighted.Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups?.map(
          ({ Weight }) => Weight,
        );
        for (const RuleArn of [weighted.Rules?.[0]?.RuleArn, single]) {
          if (RuleArn !== undefined) await elb.send(new DeleteRuleCommand({ RuleArn }));
        }
        await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
        expect(weights).toEqual([100, 0]);
        expect(single).toBeDefined();
      },
    );

    it(
      "metrics: how many seconds after its minute a count can be read, and what an idle group reports",
      { timeout: HOUR },
      async () => {
        const { metrics } = awsPorts({ region: outputs.region, endpoint: undefined, credentials: undefined });
        const count = (slot: "blue" | "green") => ({
          id: slot,
          queries: [REQUEST_COUNT],
          periodSeconds: 60,
          place: {
            loadBalancerSuffix: outputs.loadBalancerSuffix,
            targetGroupSuffix: outputs.slots[slot].targetGroupSuffix,
            clusterName: outputs.clusterName,
            serviceName: undefined,
          },
        });
        const fromMs = Math.floor(Date.now() / 60_000) * 60_000;
        await ask(outputs.url, 20);
        const toMs = fromMs + 60_000;
        await delay(Math.max(0, toMs - Date.now()));
        const read = () => metrics.read([count("blue"), count("green")], fromMs, toMs);
        const lag = await secondsUntil(async () => ((await read()).get("blue") ?? []).length > 0, 600);
        measured("seconds from the end of a minute until its RequestCount is there", lag);
        measured("RequestCount of an idle group with targets", (await read()).get("green"));
        expect(lag).toBeLessThan(300);
      },
    );

    it("alarms: names that do not exist are left out of DescribeAlarms, without an error", async () => {
      const { MetricAlarms, CompositeAlarms } = await cloudWatch.send(
        new DescribeAlarmsCommand({
          AlarmNames: ["bluegreen-no-such-alarm"],
          AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
        }),
      );
      expect([...(MetricAlarms ?? []), ...(CompositeAlarms ?? [])]).toEqual([]);
    });

    it("drift: the route of the program reads back as it was declared", async () => {
      const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [outputs.routeArn] }));
      const config = Rules?.[0]?.Actions?.[0]?.ForwardConfig;
      measured("the route's forward", config);
      expect(config?.TargetGroupStickinessConfig?.DurationSeconds).toBe(3600);
    });
  });
});

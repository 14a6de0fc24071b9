import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { WATCHDOG_TIMEOUT_SECONDS } from "../../contract/alarms/watchdog.ts";
import { SLOT_TAG, renderForward } from "../../contract/route/route.ts";
import { routeTags } from "../../contract/route/route-tags.ts";
import { splitOf } from "../../contract/route/split.ts";
import { perSlot, SLOTS } from "../../contract/slot.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import { awsPorts } from "../../watchdog/aws.ts";
import { guard } from "../../watchdog/guard.ts";
import { PROJECT } from "../support/project.ts";
import { silentEndpoint } from "../support/silent-endpoint.ts";
import { rawConfig } from "../support/written-config.ts";
import { sharing } from "../validation/support/samples.ts";

/** The watchdog's ports over a load balancer that gives this answer. */
function portsOver(answer: unknown) {
  const client = { send: async () => answer };
  return awsPorts({
    routeArn: "arn:route",
    // Of the clients the ports use `send` alone.
    elb: client as unknown as ElasticLoadBalancingV2Client,
    cloudWatch: client as unknown as CloudWatchClient,
    now: () => 0,
  });
}

/** TargetHealthStateEnum of the ELBv2 API, with how many of the targets take requests or may again. */
test("counts a target that is on its way out as none, and every other one as registered", async () => {
  const states = [
    "initial",
    "healthy",
    "unhealthy",
    "unhealthy.draining",
    "unused",
    "draining",
    "unavailable",
  ];
  const descriptions = states.map((State) => ({ TargetHealth: { State } }));
  const registered = await portsOver({ TargetHealthDescriptions: descriptions }).registered("arn:group");
  expect(registered).toBe(5);
  const draining = { TargetHealthDescriptions: [{ TargetHealth: { State: "draining" } }] };
  expect(await portsOver(draining).registered("arn:group")).toBe(0);
});

test("takes a target group without a weight for one of weight 1, as the ELBv2 API does", async () => {
  const TargetGroups = [{ TargetGroupArn: "arn:blue" }, { TargetGroupArn: "arn:green", Weight: 0 }];
  const Actions = [{ Type: "forward", ForwardConfig: { TargetGroups } }];
  expect(await portsOver({ Rules: [{ Actions }] }).read()).toEqual({
    routeArn: "arn:route",
    groups: [
      { arn: "arn:blue", weight: 1 },
      { arn: "arn:green", weight: 0 },
    ],
  });
});

/** ELB with a route on which green has half of the users; what it is asked, by the names of the commands. */
function elbSharing() {
  const parsed = parseConfig(rawConfig(sharing(50)));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const groups = perSlot((slot) => `arn:${slot}`);
  const tags = new Map<string, Record<string, string>>([
    ["arn:route", routeTags({ project: PROJECT, stack: "prod" }, parsed.config)],
    ...SLOTS.map((slot) => [groups[slot], { [SLOT_TAG]: slot }] as const),
  ]);
  let forward = renderForward(splitOf("blue", 50), groups, 0);
  const asked: string[] = [];
  const answers: Readonly<Record<string, (input: never) => unknown>> = {
    DescribeRulesCommand: () => ({
      Rules: [
        {
          Actions: [
            {
              Type: "forward",
              ForwardConfig: {
                TargetGroups: forward.groups.map(({ arn, weight }) => ({
                  TargetGroupArn: arn,
                  Weight: weight,
                })),
              },
            },
          ],
        },
      ],
    }),
    DescribeTagsCommand: ({ ResourceArns }: { readonly ResourceArns: readonly string[] }) => ({
      TagDescriptions: ResourceArns.map((arn) => ({
        ResourceArn: arn,
        Tags: Object.entries(tags.get(arn) ?? {}).map(([Key, Value]) => ({ Key, Value })),
      })),
    }),
    DescribeTargetHealthCommand: () => ({
      TargetHealthDescriptions: [{ TargetHealth: { State: "healthy" } }],
    }),
    ModifyRuleCommand: () => {
      forward = renderForward(splitOf("blue", 0), groups, 0);
      return {};
    },
    AddTagsCommand: () => ({}),
  };
  const send = async (command: {
    readonly constructor: { readonly name: string };
    readonly input: never;
  }) => {
    const { name } = command.constructor;
    asked.push(name);
    return answers[name]?.(command.input);
  };
  // Of the client the ports use `send` alone.
  return { asked, elb: { send } as unknown as ElasticLoadBalancingV2Client };
}

test("moves users back although CloudWatch takes every question and answers none, and asks it no second time", async () => {
  const endpoint = await silentEndpoint();
  const { asked, elb } = elbSharing();
  const cloudWatch = new CloudWatchClient({
    region: "us-east-1",
    endpoint: endpoint.url,
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
  /** What may be waited for before the write, if everything hangs. */
  let beforeWriteMs = 0;
  const ports = awsPorts({
    routeArn: "arn:route",
    elb,
    cloudWatch,
    now: () => Date.UTC(2026, 0, 1),
    // Its time is over as soon as it has the question.
    within(ms) {
      if (!asked.includes("ModifyRuleCommand")) beforeWriteMs += ms;
      const over = new AbortController();
      void endpoint.asked.then(() => over.abort());
      return over.signal;
    },
  });
  const log: string[] = [];
  const guarded = await guard(
    {
      ...ports,
      id: "one",
      now: Date.now,
      wait: async () => {},
      notify: async () => {},
      log: (line) => log.push(line),
    },
    { kind: "alarm", slot: "green", atMs: 0, reason: "stack-green went into ALARM" },
    perSlot((slot) => `stack-${slot}`),
  );
  expect(guarded).toMatchObject({ written: true });
  expect(asked).toContain("ModifyRuleCommand");
  expect(log.join("\n")).toMatch(/the alarms/);
  expect(beforeWriteMs).toBeLessThan(WATCHDOG_TIMEOUT_SECONDS * 1000);
  endpoint.close();
});

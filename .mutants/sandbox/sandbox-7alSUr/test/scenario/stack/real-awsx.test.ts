import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import {
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPlace } from "../../../cli/local/place.ts";
import { findCli } from "../../../cli/pulumi-cli.ts";
import { SLOTS } from "../../../contract/slot.ts";
import { aStack, until, type World } from "../support/world.ts";

// Two stacks, one after the other.
const LONG = 480_000;
const cli = await findCli(localPlace().root, process.env);
const provider = process.env["AWSX_PROVIDER"];
const isThere =
  provider !== undefined &&
  (await access(join(provider, "pulumi-resource-awsx")).then(
    () => true,
    () => false,
  ));
const missing = [
  ...(cli === undefined ? ["no `pulumi` on PATH"] : []),
  ...(isThere ? [] : ["AWSX_PROVIDER does not name the directory of a pulumi-resource-awsx"]),
];
const why = missing.length > 0 ? ` (skipped: ${missing.join("; ")})` : "";

/** The stack as AWS's own APIs tell of it, without the parts of names and ARNs that are drawn. */
async function toldOf({ see }: World): Promise<unknown> {
  const elb = new ElasticLoadBalancingV2Client(see.sdk);
  const ecs = new ECSClient(see.sdk);
  const cloudWatch = new CloudWatchClient(see.sdk);
  const outputs = await see.outputs();
  const running = SLOTS.flatMap((slot) => outputs.slots[slot].running ?? []);
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  const told = {
    outputs,
    loadBalancers: LoadBalancers.map(({ Scheme, Type, IpAddressType, AvailabilityZones }) => [
      Scheme,
      Type,
      IpAddressType,
      AvailabilityZones?.length,
    ]),
    // In the order of their creation, which is nobody's promise.
    groups: (await elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups?.toSorted((a, b) =>
      String(a.TargetGroupName).localeCompare(String(b.TargetGroupName)),
    ),
    route: (await elb.send(new DescribeRulesCommand({ RuleArns: [outputs.routeArn] }))).Rules,
    alarms: await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
    ),
    services: (
      await ecs.send(
        new DescribeServicesCommand({
          cluster: outputs.clusterName,
          services: running.flatMap(({ serviceName }) => serviceName ?? []),
        }),
      )
    ).services?.map(
      ({ loadBalancers, launchType, healthCheckGracePeriodSeconds, deploymentConfiguration }) => ({
        loadBalancers,
        launchType,
        healthCheckGracePeriodSeconds,
        deploymentConfiguration,
      }),
    ),
    definitions: await Promise.all(
      running.map(async ({ taskDefinitionArn: taskDefinition }) => {
        const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
        return described.taskDefinition?.containerDefinitions;
      }),
    ),
  };
  for (const client of [elb, ecs, cloudWatch]) client.destroy();
  return JSON.parse(JSON.stringify(told, withoutDrawn));
}

const TIMES = /Timestamp$|^Alarm.*Updated|^State|At$/;
function withoutDrawn(key: string, value: unknown): unknown {
  if (key === "$metadata" || TIMES.test(key)) return undefined;
  if (typeof value !== "string") return value;
  return value
    .replaceAll(/[0-9a-f]{16,}/g, "<id>")
    .replaceAll(/127\.0\.0\.1:\d+/g, "<address>")
    .replaceAll(/-[0-9a-f]{7}\b/g, "-<drawn>");
}

describe.skipIf(missing.length > 0)(
  `given the real awsx provider in place of the local cloud's own${why}`,
  () => {
    const GIVEN = {
      speed: 60,
      blue: { image: "digits:1", modelVersion: "1" },
      green: { image: "digits:2", modelVersion: "2" },
    };
    const healthy = async ({ see }: World) => {
      for (const slot of SLOTS) await until(async () => (await see.healthyTargets(slot)) === 1);
    };
    let world: World;
    let ours: unknown;
    beforeAll(async () => {
      process.env["BLUEGREEN_ENGINE"] = "cli";
      const standIn = await aStack(GIVEN);
      await healthy(standIn);
      ours = await toldOf(standIn);
      await standIn.close();
      world = await aStack({ ...GIVEN, cloud: ["--awsx-provider", provider ?? ""] });
    }, LONG);
    afterAll(() => world.close(), LONG);

    it(
      "the stack comes up with the same slots, route and alarms",
      async () => {
        const project = await readFile(join(world.place.directory, "Pulumi.yaml"), "utf8");
        expect(project).toContain(`path: ${provider}`);
        await healthy(world);
        expect(await toldOf(world)).toEqual(ours);
      },
      LONG,
    );

    it(
      "a change of weights is exactly one update, and nothing is to do afterwards",
      async () => {
        await world.pulumi("config", "set", "greenWeight", "25");
        await world.pulumi("up", "--yes", "--skip-preview");
        const [newest] = await world.see.history();
        expect(newest?.resourceChanges).toMatchObject({ update: 1 });
        expect(Object.keys(newest?.resourceChanges ?? {}).toSorted()).toEqual(["read", "same", "update"]);
        expect(await world.see.live()).toEqual({ blue: 75, green: 25 });
        await world.pulumi("preview", "--expect-no-changes");
      },
      LONG,
    );

    it(
      "destroy leaves nothing",
      async () => {
        await world.pulumi("destroy", "--yes", "--skip-preview");
        const elb = new ElasticLoadBalancingV2Client(world.see.sdk);
        const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({}));
        elb.destroy();
        expect(LoadBalancers).toEqual([]);
      },
      LONG,
    );
  },
);

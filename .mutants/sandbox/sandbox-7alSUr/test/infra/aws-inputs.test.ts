import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALARM_KEYS } from "../../contract/alarms/alarm-catalog.ts";
import { namesOf } from "../../contract/names/names.ts";
import { SLOTS } from "../../contract/slot.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import { drawValue, EDITED_KEYS, pick } from "../edits/values.ts";
import { findingsOfResources } from "../support/aws-models/resources/index.ts";
import { findingsOf } from "../support/aws-models/validate.ts";
import { runProgram, type WrittenConfig } from "../support/pulumi-mocks.ts";
import { rawConfig } from "../support/written-config.ts";
import { randomOf } from "../two-hosts/operations.ts";
import { CONFIGURATIONS } from "./aws-inputs.ts";
import { TWO_SLOTS } from "./configs.ts";

describe("What the program asks of AWS", () => {
  it.each(Object.keys(CONFIGURATIONS))("is nothing that AWS refuses: %s", async (name) => {
    const { written = {}, stack, place } = CONFIGURATIONS[name] ?? {};
    const { resources } = await runProgram(written, stack, undefined, undefined, [], place);
    expect(findingsOfResources(resources)).toEqual([]);
  });

  it("is nothing that AWS refuses, whatever of the user's keys are said", async () => {
    const random = randomOf(Number(process.env["AWS_INPUTS_SEED"] ?? 1));
    const most = Number(process.env["AWS_INPUTS"] ?? 5);
    for (let run = 0; run < most;) {
      const written = drawConfiguration(random);
      if (!parseConfig(rawConfig(written)).ok) continue;
      const { resources } = await runProgram(written).catch(refusal);
      expect([written, findingsOfResources(resources)]).toEqual([written, []]);
      if (resources.length > 0) run++;
    }
  });

  it("has names that AWS takes, whatever project and stack are called", () => {
    // Pulumi: names of projects and stacks (pulumi, sdk/go/common/tokens/names.go).
    const name = fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/);
    const id = fc.stringMatching(/^[a-z0-9]{6}$/);
    fc.assert(
      fc.property(name, name, fc.option(id, { nil: undefined }), (project, stack, own) => {
        expect(findingsOfNames({ project, stack, id: own, rolePath: `/${"p".repeat(448)}/` })).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

/** A few of the user's keys, each with a value that it allows by itself. */
function drawConfiguration(random: () => number): WrittenConfig {
  const sections: Record<string, Record<string, unknown>> = {};
  for (let edit = 0; edit < 5; edit++) {
    const key = pick(EDITED_KEYS, random);
    (sections[key.section] ??= {})[key.name] = drawValue(key, random);
  }
  return { ...TWO_SLOTS, ...sections };
}

/** What only the program can see of a configuration: it refuses it in the preview. */
function refusal(error: unknown): { readonly resources: readonly [] } {
  if (error instanceof Error && error.message.includes("in the stack configuration"))
    return { resources: [] };
  throw error;
}

function findingsOfNames(origin: Parameters<typeof namesOf>[0]): readonly string[] {
  const names = namesOf(origin);
  const group = (Name: string) =>
    findingsOf("elasticloadbalancing", "CreateTargetGroup", {
      Name,
      Port: 80,
      Protocol: "HTTP",
      VpcId: "vpc-1",
    });
  const alarm = (AlarmName: string) =>
    findingsOf("cloudwatch", "PutCompositeAlarm", { AlarmName, AlarmRule: `ALARM("${AlarmName}")` });
  const role = { RoleName: "r", AssumeRolePolicyDocument: "{}" };
  const balancer = { Subnets: ["subnet-1", "subnet-2"] };
  return [
    ...findingsOf("elasticloadbalancing", "CreateLoadBalancer", { ...balancer, Name: names.loadBalancer }),
    ...group(`${names.loadBalancer}-unused`),
    ...SLOTS.flatMap((slot) => [
      ...group(names.targetGroup(slot, "production", ["8080"])),
      ...group(names.targetGroup(slot, "test", ["8080"])),
      ...ALARM_KEYS.flatMap((key) => alarm(names.alarm(slot, key))),
      ...alarm(names.slotAlarms[slot]),
      ...findingsOf("logs", "CreateLogGroup", { logGroupName: names.logGroups[slot] }),
      ...findingsOf("ecs", "CreateCluster", { clusterName: names.services[slot] }),
    ]),
    ...findingsOf("ecs", "CreateCluster", { clusterName: names.cluster }),
    ...findingsOf("logs", "CreateLogGroup", { logGroupName: names.watchdogLogGroup }),
    ...findingsOf("events", "PutRule", { Name: names.watchdog }),
    ...findingsOf("lambda", "PutFunctionEventInvokeConfig", { FunctionName: names.watchdog }),
    ...findingsOf("iam", "CreateRole", { ...role, Path: names.rolePath }),
    ...findingsOf("cloudwatch", "PutDashboard", { DashboardName: names.dashboard, DashboardBody: "{}" }),
  ];
}

import {
  DeregisterTargetsCommand,
  DescribeRulesCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readRevertMark, REVERT_TAG, writeMark } from "../../contract/route/route-tags.ts";
import { renderForward, SLOT_TAG } from "../../contract/route/route.ts";
import { splitOf } from "../../contract/route/split.ts";
import { awsPorts } from "../../validation/adapters/aws.ts";
import { UserError } from "../../validation/errors.ts";
import { PROJECT } from "../support/project.ts";
import { sharing } from "../validation/support/samples.ts";
import { cannotJudge, startMoto, WITHOUT_MOTO, type Moto } from "./support/moto.ts";
import { makeStack, STACK, type MadeStack } from "./support/stack.ts";

describe.skipIf(WITHOUT_MOTO !== "")(`the route's life on moto${WITHOUT_MOTO}`, () => {
  let moto: Moto;
  let stack: MadeStack;
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto?.stop());
  beforeEach(async () => {
    await moto.reset();
    stack = await makeStack(moto, { ...sharing(25), service: { stickinessSeconds: 600 } });
  });
  const ports = () => awsPorts(moto.client);

  it("is made with its weights, and reads back as declared", async () => {
    const { route } = ports();
    expect(await route.read(stack.routeArn)).toEqual({
      routeArn: stack.routeArn,
      groups: [
        { arn: stack.groups.blue, weight: 75 },
        { arn: stack.groups.green, weight: 25 },
      ],
    });
    const { Rules = [] } = await stack.elb.send(new DescribeRulesCommand({ RuleArns: [stack.routeArn] }));
    expect(Rules[0]?.Actions?.[0]?.ForwardConfig?.TargetGroupStickinessConfig).toEqual({
      Enabled: true,
      DurationSeconds: 600,
    });
  });

  it("is found by its tags, among all listeners", async () => {
    const { route } = ports();
    expect(await route.find({ project: PROJECT, stack: STACK })).toEqual([stack.routeArn]);
    expect(await route.find({ project: PROJECT, stack: "other" })).toEqual([]);
  });

  it("changes as a whole: a revert moves everyone and frees pinned users in one write", async () => {
    const { route } = ports();
    await route.write(stack.routeArn, renderForward(splitOf("blue", 50), stack.groups, 600));
    expect((await route.read(stack.routeArn)).groups.map(({ weight }) => weight)).toEqual([50, 50]);
    await route.write(stack.routeArn, renderForward(splitOf("blue", 0), stack.groups, 600));
    expect((await route.read(stack.routeArn)).groups.map(({ weight }) => weight)).toEqual([100, 0]);
    const { Rules = [] } = await stack.elb.send(new DescribeRulesCommand({ RuleArns: [stack.routeArn] }));
    expect(Rules[0]?.Actions?.[0]?.ForwardConfig?.TargetGroupStickinessConfig?.Enabled).toBe(false);
    // A write of the action leaves condition, priority and tags alone.
    expect(Rules[0]).toMatchObject({ Priority: "100", Conditions: [{ Field: "path-pattern" }] });
  });

  it("keeps the mark of a revert beside its own tags", async () => {
    const { route } = ports();
    const mark = { releaseId: "v2-g3", atMs: Date.UTC(2026, 0, 1), reason: "error-rate: 0.2 > 0.05" };
    await route.tag(stack.routeArn, REVERT_TAG, writeMark(mark));
    const tags = await route.tags([stack.routeArn, stack.groups.green]);
    expect(readRevertMark(tags.get(stack.routeArn) ?? {})).toMatchObject({ releaseId: "v2-g3" });
    expect(tags.get(stack.routeArn)).toMatchObject({ "deploy:active-slot": "blue" });
    expect(tags.get(stack.groups.green)).toEqual({ [SLOT_TAG]: "green" });
  });

  it("that is not there is told to the user as that", async () => {
    const gone = `${stack.routeArn.slice(0, -4)}0000`;
    await expect(ports().route.read(gone)).rejects.toBeInstanceOf(UserError);
  });

  it("has targets whose health is counted, and none in an empty group", async () => {
    const { health } = ports();
    const Targets = ["172.31.0.10", "172.31.0.11"].map((Id) => ({ Id, Port: 8080 }));
    const TargetGroupArn = stack.groups.green;
    await stack.elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
    expect(await health.targets(TargetGroupArn)).toMatchObject({ healthy: 2, unhealthy: 0 });
    await stack.elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: Targets.slice(0, 1) }));
    expect(await health.targets(TargetGroupArn)).toMatchObject({ healthy: 1 });
    expect(await health.targets(stack.groups.blue)).toMatchObject({ healthy: 0, unhealthy: 0 });
  });

  cannotJudge(
    "states of health",
    "calls every registered target healthy, with nothing listening (elbv2/models.py, health_for)",
  );
  cannotJudge(
    "weights that AWS refuses",
    "takes weights of 1000 and -1, and six groups in a forward, in ModifyRule (elbv2/models.py, modify_rule)",
  );
});

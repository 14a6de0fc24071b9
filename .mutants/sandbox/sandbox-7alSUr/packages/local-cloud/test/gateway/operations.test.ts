import type {
  CreateTargetGroupOutput,
  DescribeListenersOutput,
  DescribeLoadBalancersOutput,
  DescribeRulesOutput,
  DescribeTargetGroupsOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import { callElb, newElb, named, split, text, upstream, world } from "./support.ts";
import { NOWHERE, fixed, groupInput, withGroups } from "./operations-support.ts";

describe("ELBv2 refuses", () => {
  it("a target group in two load balancers", async () => {
    const w = await withGroups();
    const created = await w.call<DescribeLoadBalancersOutput>("CreateLoadBalancer", {
      Name: "second",
      Subnets: ["a", "b"],
    });
    const input = {
      LoadBalancerArn: created.LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: "HTTP",
      Port: 80,
      DefaultActions: [split([[w.blue, 1]])],
    };
    await expect(w.call("CreateListener", input)).rejects.toMatchObject({
      code: "TargetGroupAssociationLimit",
    });
  });

  it("to change or delete a default rule", async () => {
    const w = await withGroups();
    const { Rules = [] } = await w.call<DescribeRulesOutput>("DescribeRules", { ListenerArn: w.listenerArn });
    const RuleArn = Rules.find(({ IsDefault }) => IsDefault)?.RuleArn;
    for (const operation of ["ModifyRule", "DeleteRule"])
      await expect((async () => w.call(operation, { RuleArn }))()).rejects.toMatchObject({
        code: "OperationNotPermitted",
      });
  });

  it("to delete a protected load balancer until the protection is off", async () => {
    const w = await withGroups();
    const protect = (Value: string) =>
      w.call("ModifyLoadBalancerAttributes", {
        LoadBalancerArn: w.loadBalancerArn,
        Attributes: [{ Key: "deletion_protection.enabled", Value }],
      });
    const remove = async () => w.call("DeleteLoadBalancer", { LoadBalancerArn: w.loadBalancerArn });
    await protect("true");
    await expect(remove()).rejects.toMatchObject({ code: "OperationNotPermitted" });
    await protect("false");
    await remove();
    await expect(w.get()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(await w.call("DescribeTargetGroups", { TargetGroupArns: [w.blue] })).toMatchObject({
      TargetGroups: [{ LoadBalancerArns: [] }],
    });
  });
});

describe("ELBv2 shows", () => {
  it("weights and stickiness exactly as written, for every number of groups", async () => {
    const w = await world();
    const arns = await Promise.all([1, 2, 3, 4, 5].map((i) => w.createGroup(`g${i}`)));
    const actions = [
      split([
        [text(arns[0]), 0],
        [text(arns[1]), 999],
      ]),
      split(
        arns.map((arn, i) => [arn, i * 7] as const),
        604_800,
      ),
      {
        ...split(
          [
            [text(arns[2]), 3],
            [text(arns[3]), 97],
          ],
          1,
        ),
        Order: 1,
      },
    ];
    for (const [index, action] of actions.entries()) {
      const RuleArn = await w.createRule(index + 1, [action]);
      const { Rules } = await w.call<DescribeRulesOutput>("DescribeRules", { RuleArns: [RuleArn] });
      expect(Rules?.[0]?.Actions).toEqual([action]);
    }
  });

  it("a single target group in both of its forms", async () => {
    const w = await world();
    const TargetGroupArn = await w.createGroup("only");
    const RuleArn = await w.createRule(1, [{ Type: "forward", TargetGroupArn }]);
    const { Rules } = await w.call<DescribeRulesOutput>("DescribeRules", { RuleArns: [RuleArn] });
    expect(Rules?.[0]?.Actions).toEqual([
      {
        Type: "forward",
        TargetGroupArn,
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn, Weight: 1 }],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      },
    ]);
  });

  it("every kind of condition as written, paths and hosts in both of their forms", async () => {
    const w = await world();
    const conditions = [
      { Field: "path-pattern", PathPatternConfig: { Values: ["/a*"] } },
      { Field: "host-header", HostHeaderConfig: { Values: ["a.example.com"] } },
      { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "x-slot", Values: ["green"] } },
      { Field: "query-string", QueryStringConfig: { Values: [{ Key: "a", Value: "b" }] } },
      { Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.0/8"] } },
    ];
    const RuleArn = await w.createRule(1, [{ ...fixed, Type: "fixed-response" }], conditions);
    const { Rules } = await w.call<DescribeRulesOutput>("DescribeRules", { RuleArns: [RuleArn] });
    expect(Rules?.[0]?.Conditions).toMatchObject(conditions);
    expect(Rules?.[0]?.Conditions?.slice(0, 2)).toMatchObject([
      { Values: ["/a*"] },
      { Values: ["a.example.com"] },
    ]);
  });

  it("rules in the order in which they are tried, with the default last, also after priorities were exchanged", async () => {
    const w = await withGroups();
    const second = await w.createRule(20, [split([[w.blue, 1]])]);
    const priorities = async () => {
      const { Rules } = await w.call<DescribeRulesOutput>("DescribeRules", { ListenerArn: w.listenerArn });
      return Rules?.map(({ RuleArn, Priority }) => [RuleArn, Priority]);
    };
    await w.call("SetRulePriorities", {
      RulePriorities: [
        { RuleArn: w.rule, Priority: 20 },
        { RuleArn: second, Priority: 10 },
      ],
    });
    expect(await priorities()).toEqual([
      [second, "10"],
      [w.rule, "20"],
      [expect.any(String), "default"],
    ]);
    const clash = async () =>
      w.call("SetRulePriorities", { RulePriorities: [{ RuleArn: w.rule, Priority: 10 }] });
    await expect(clash()).rejects.toMatchObject({ code: "PriorityInUse" });
  });

  it("pages when asked to", async () => {
    const w = await withGroups();
    const first = await w.call<DescribeTargetGroupsOutput>("DescribeTargetGroups", { PageSize: 1 });
    expect(first.TargetGroups).toMatchObject([{ TargetGroupName: "blue" }]);
    const rest = await w.call<DescribeTargetGroupsOutput>("DescribeTargetGroups", {
      PageSize: 1,
      Marker: first.NextMarker,
    });
    expect(rest).toMatchObject({ TargetGroups: [{ TargetGroupName: "green" }], NextMarker: undefined });
  });

  it("the same target group when it is created twice with the same settings", async () => {
    const w = await world();
    const create = () => w.call<CreateTargetGroupOutput>("CreateTargetGroup", groupInput);
    expect((await create()).TargetGroups).toEqual((await create()).TargetGroups);
  });

  it("tags, which can be added to and removed from everything", async () => {
    const w = await withGroups();
    const ResourceArns = [w.loadBalancerArn, w.listenerArn, w.rule, w.blue];
    await w.call("AddTags", {
      ResourceArns,
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "2" },
      ],
    });
    await w.call("AddTags", { ResourceArns, Tags: [{ Key: "a", Value: "3" }] });
    await w.call("RemoveTags", { ResourceArns, TagKeys: ["b", "c"] });
    expect(await w.call("DescribeTags", { ResourceArns })).toEqual({
      TagDescriptions: ResourceArns.map((ResourceArn) => ({ ResourceArn, Tags: [{ Key: "a", Value: "3" }] })),
    });
  });

  it("no tags that ELB refuses: twice the same key, more than fifty, or more than a value may hold", async () => {
    const w = await withGroups();
    const add = (Tags: readonly { Key: string; Value: string }[]) =>
      w.call("AddTags", { ResourceArns: [w.rule], Tags });
    const twice = [
      { Key: "a", Value: "1" },
      { Key: "a", Value: "2" },
    ];
    await expect(add(twice)).rejects.toMatchObject({ code: "DuplicateTagKeys" });
    const many = Array.from({ length: 51 }, (_, key) => ({ Key: String(key), Value: "" }));
    await expect(add(many)).rejects.toMatchObject({ code: "TooManyTags" });
    for (const Value of ["x".repeat(257), "20 %", "a;b"]) {
      await expect(add([{ Key: "a", Value }])).rejects.toMatchObject({ code: "ValidationError" });
    }
    await add([{ Key: "a", Value: "x".repeat(256) }]);
  });

  it("ARNs as AWS writes them", async () => {
    const w = await withGroups();
    const id = "[0-9a-f]{16}";
    expect(w.loadBalancerArn).toMatch(new RegExp(`^${NOWHERE}:loadbalancer/app/models/${id}$`));
    expect(w.listenerArn).toMatch(new RegExp(`^${NOWHERE}:listener/app/models/${id}/${id}$`));
    expect(w.rule).toMatch(new RegExp(`^${NOWHERE}:listener-rule/app/models/${id}/${id}/${id}$`));
    expect(w.blue).toMatch(new RegExp(`^${NOWHERE}:targetgroup/blue/${id}$`));
  });
});

describe("listeners", () => {
  it("get a port of their own after the first, and targets see the port that was asked for", async () => {
    const w = await withGroups();
    await w.register(w.blue, await upstream((req, res) => res.end(req.headers["x-forwarded-port"])));
    const created = await w.call<DescribeListenersOutput>("CreateListener", {
      LoadBalancerArn: w.loadBalancerArn,
      Protocol: "HTTP",
      Port: 8080,
      DefaultActions: [split([[w.blue, 1]])],
    });
    const port = w.elb.localPort(text(created.Listeners?.[0]?.ListenerArn));
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("8080");
    expect((await w.get()).body).toBe("80");
  });

  it("say which port is taken", async () => {
    const taken = await upstream(named("other"));
    const { elb } = newElb({ listenPort: () => taken.port });
    await expect(
      callElb(elb, "CreateLoadBalancer", { Name: "x", Subnets: ["a", "b"] }),
    ).rejects.toMatchObject({
      code: "InvalidConfigurationRequest",
      message: expect.stringContaining(`port ${taken.port} on 127.0.0.1 is in use`),
    });
  });
});

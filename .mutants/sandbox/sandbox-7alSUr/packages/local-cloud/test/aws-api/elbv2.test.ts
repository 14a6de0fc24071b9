import { createServer } from "node:http";
import { text as readText } from "node:stream/consumers";
import type { AddressInfo } from "node:net";
import * as sdk from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it, onTestFinished } from "vitest";
import { ELBV2_TYPES, handleQuery } from "../../aws-api/elbv2.ts";
import type { Operations } from "../../aws-api/operations.ts";
import { createElb } from "../../gateway/elb.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { membersOf } from "./elbv2-schemas.ts";
import { TEST_KEYS } from "../support/local-keys.ts";

/** The SDK's own client, against a server that does no more than hand over the form. */
async function clientOf(operations: Operations): Promise<sdk.ElasticLoadBalancingV2> {
  const server = createServer(async (req, res) => {
    const answer = await handleQuery(operations, await readText(req));
    res.writeHead(answer.status, {
      "content-type": answer.contentType,
      "x-amzn-requestid": answer.requestId,
    });
    res.end(answer.body);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  const client = new sdk.ElasticLoadBalancingV2({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: TEST_KEYS,
    maxAttempts: 1,
  });
  onTestFinished(() => {
    client.destroy();
    server.close();
    server.closeAllConnections();
  });
  return client;
}

async function elbClient(): Promise<sdk.ElasticLoadBalancingV2> {
  const silent = { series: () => ({ add() {} }) };
  const elb = createElb({ clock: new ManualClock(), region: "us-east-1", metrics: silent });
  onTestFinished(() => elb.close());
  return clientOf(elb.operations);
}

async function stack() {
  const client = await elbClient();
  const created = await client.createLoadBalancer({
    Name: "models",
    Subnets: ["subnet-a", "subnet-b"],
    SecurityGroups: ["sg-1"],
    Tags: [{ Key: "deploy:stack", Value: "dev @ test: 1/2" }],
  });
  const LoadBalancerArn = created.LoadBalancers?.[0]?.LoadBalancerArn;
  const groups: (string | undefined)[] = [];
  for (const Name of ["blue", "green"]) {
    const output = await client.createTargetGroup({
      Name,
      Protocol: "HTTP",
      Port: 8080,
      VpcId: "vpc-1",
      TargetType: "ip",
      HealthCheckPath: "/health",
      HealthCheckIntervalSeconds: 10,
      Matcher: { HttpCode: "200-299" },
    });
    groups.push(output.TargetGroups?.[0]?.TargetGroupArn);
  }
  const listener = await client.createListener({
    LoadBalancerArn,
    Protocol: "HTTP",
    Port: 80,
    DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "503" } }],
  });
  const ListenerArn = listener.Listeners?.[0]?.ListenerArn;
  return { client, LoadBalancerArn, ListenerArn, blue: groups[0], green: groups[1] };
}

function splitAction(blue: string | undefined, green: string | undefined, greenShare: number): sdk.Action {
  return {
    Type: "forward",
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: blue, Weight: 100 - greenShare },
        { TargetGroupArn: green, Weight: greenShare },
      ],
      TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 600 },
    },
  };
}

describe("the JavaScript SDK against the ELBv2 endpoint", () => {
  it("creates the route, changes its weights and reads them back as written, 0 included", async () => {
    const { client, ListenerArn, blue, green } = await stack();
    const { Rules: [created] = [] } = await client.createRule({
      ListenerArn,
      Priority: 100,
      Conditions: [
        { Field: "path-pattern", PathPatternConfig: { Values: ["/*"] } },
        { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "x-slot", Values: ["green", 'a"<&>'] } },
      ],
      Actions: [splitAction(blue, green, 0)],
      Tags: [{ Key: "deploy:active", Value: "blue" }],
    });
    expect(created).toMatchObject({
      Priority: "100",
      IsDefault: false,
      Actions: [splitAction(blue, green, 0)],
    });
    await client.modifyRule({ RuleArn: created?.RuleArn, Actions: [splitAction(blue, green, 25)] });
    const { Rules: rules = [] } = await client.describeRules({ ListenerArn });
    expect(rules.map(({ IsDefault }) => IsDefault)).toEqual([false, true]);
    expect(rules[0]?.Actions).toEqual([splitAction(blue, green, 25)]);
    expect(rules[0]?.Conditions?.[1]?.HttpHeaderConfig).toEqual({
      HttpHeaderName: "x-slot",
      Values: ["green", 'a"<&>'],
    });
    const { TagDescriptions } = await client.describeTags({ ResourceArns: [created?.RuleArn ?? ""] });
    expect(TagDescriptions?.[0]?.Tags).toEqual([{ Key: "deploy:active", Value: "blue" }]);
  });

  it("describes load balancers, listeners and target groups with dates, numbers and booleans", async () => {
    const { client, LoadBalancerArn, ListenerArn, blue } = await stack();
    expect(await client.describeLoadBalancers({ Names: ["models"] })).toMatchObject({
      LoadBalancers: [
        {
          LoadBalancerArn,
          CreatedTime: new Date(new ManualClock().now()),
          DNSName: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
          State: { Code: "active" },
          SecurityGroups: ["sg-1"],
          AvailabilityZones: [{ SubnetId: "subnet-a" }, { SubnetId: "subnet-b" }],
        },
      ],
    });
    expect(await client.describeListeners({ LoadBalancerArn })).toMatchObject({
      Listeners: [{ ListenerArn, Port: 80, Protocol: "HTTP", DefaultActions: [{ Type: "fixed-response" }] }],
    });
    expect(await client.describeTargetGroups({ TargetGroupArns: [blue ?? ""] })).toMatchObject({
      TargetGroups: [
        { Port: 8080, HealthCheckEnabled: true, HealthCheckIntervalSeconds: 10, LoadBalancerArns: [] },
      ],
    });
    expect(await client.describeTags({ ResourceArns: [LoadBalancerArn ?? ""] })).toMatchObject({
      TagDescriptions: [{ Tags: [{ Key: "deploy:stack", Value: "dev @ test: 1/2" }] }],
    });
  });

  it("registers targets, reads their health and takes them out", async () => {
    const { client, ListenerArn, blue, green } = await stack();
    await client.createRule({
      ListenerArn,
      Priority: 1,
      Conditions: [{ Field: "path-pattern", Values: ["/*"] }],
      Actions: [splitAction(blue, green, 10)],
    });
    await client.registerTargets({ TargetGroupArn: green, Targets: [{ Id: "127.0.0.1", Port: 9 }] });
    expect(await client.describeTargetHealth({ TargetGroupArn: green })).toMatchObject({
      TargetHealthDescriptions: [
        {
          Target: { Id: "127.0.0.1", Port: 9 },
          HealthCheckPort: "9",
          TargetHealth: { State: "initial", Reason: expect.stringMatching(/^Elb\./) },
        },
      ],
    });
    await client.deregisterTargets({ TargetGroupArn: green, Targets: [{ Id: "127.0.0.1", Port: 9 }] });
    expect((await client.describeTargetHealth({ TargetGroupArn: green })).TargetHealthDescriptions).toEqual(
      [],
    );
  });

  it("changes attributes, priorities, security groups and tags, and deletes everything", async () => {
    const { client, LoadBalancerArn, ListenerArn, blue, green } = await stack();
    const attribute = { Key: "deregistration_delay.timeout_seconds", Value: "15" };
    await client.modifyTargetGroupAttributes({ TargetGroupArn: blue, Attributes: [attribute] });
    const attributes = await client.describeTargetGroupAttributes({ TargetGroupArn: blue });
    expect(attributes.Attributes).toContainEqual(attribute);
    await client.modifyTargetGroup({ TargetGroupArn: blue, UnhealthyThresholdCount: 4 });
    await client.modifyListener({ ListenerArn, DefaultActions: [splitAction(blue, green, 50)] });
    const { Rules: [rule] = [] } = await client.createRule({
      ListenerArn,
      Priority: 1,
      Conditions: [{ Field: "path-pattern", Values: ["/x"] }],
      Actions: [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_302", Port: "8443" } }],
    });
    // A redirect's port is text, unlike every other port.
    expect(rule?.Actions?.[0]?.RedirectConfig?.Port).toBe("8443");
    await client.setRulePriorities({ RulePriorities: [{ RuleArn: rule?.RuleArn, Priority: 7 }] });
    await client.setSecurityGroups({ LoadBalancerArn, SecurityGroups: [] });
    await client.addTags({ ResourceArns: [blue ?? ""], Tags: [{ Key: "k", Value: "" }] });
    await client.removeTags({ ResourceArns: [blue ?? ""], TagKeys: ["k"] });
    await client.modifyLoadBalancerAttributes({
      LoadBalancerArn,
      Attributes: [{ Key: "idle_timeout.timeout_seconds", Value: "120" }],
    });
    const ofLoadBalancer = await client.describeLoadBalancerAttributes({ LoadBalancerArn });
    expect(ofLoadBalancer.Attributes).toContainEqual({ Key: "idle_timeout.timeout_seconds", Value: "120" });
    await client.deleteRule({ RuleArn: rule?.RuleArn });
    await client.deleteListener({ ListenerArn });
    await client.deleteLoadBalancer({ LoadBalancerArn });
    await client.deleteTargetGroup({ TargetGroupArn: blue });
    await client.deleteTargetGroup({ TargetGroupArn: green });
    expect((await client.describeTargetGroups({})).TargetGroups).toEqual([]);
  });

  it("gets its typed exceptions, with the code that other clients show", async () => {
    const { client, LoadBalancerArn } = await stack();
    const unknown = client.describeRules({
      RuleArns: ["arn:aws:elasticloadbalancing:us-east-1:000000000000:x"],
    });
    await expect(unknown).rejects.toBeInstanceOf(sdk.RuleNotFoundException);
    await expect(unknown).rejects.toMatchObject({ Code: "RuleNotFound", $metadata: { httpStatusCode: 400 } });
    await expect(client.describeTargetGroups({ Names: ["x"] })).rejects.toBeInstanceOf(
      sdk.TargetGroupNotFoundException,
    );
    await expect(client.createLoadBalancer({ Name: "a_b" })).rejects.toMatchObject({
      name: "ValidationError",
    });
    await expect(client.setSubnets({ LoadBalancerArn, Subnets: ["a", "b"] })).rejects.toMatchObject({
      name: "NotSimulated",
      message: "the local cloud does not simulate Elastic Load Balancing SetSubnets",
    });
  });
});

it("says to an old client of another service why it is not understood", async () => {
  const { status, body } = await handleQuery({}, "Action=DescribeAlarms&Version=2010-08-01");
  expect(status).toBe(400);
  expect(body).toContain("<Code>NoSuchVersion</Code>");
  expect(body).toContain("newer clients speak JSON");
});

describe("the types of members", () => {
  it("knows the type of every member of the operations that are served, as the SDK's schemas have it", () => {
    const elb = createElb({
      clock: new ManualClock(),
      region: "us-east-1",
      metrics: { series: () => ({ add() {} }) },
    });
    onTestFinished(() => elb.close());
    const wrong = Object.keys(elb.operations)
      .flatMap((name) => membersOf(name))
      .filter(({ path, name, kind }) => {
        const text = ELBV2_TYPES.texts.has(path);
        const expected = ELBV2_TYPES.lists.has(name)
          ? "list"
          : ELBV2_TYPES.integers.has(name) && !text
            ? "integer"
            : ELBV2_TYPES.booleans.has(name) && !text
              ? "boolean"
              : "other";
        return expected !== kind;
      });
    expect(wrong).toEqual([]);
  });
});

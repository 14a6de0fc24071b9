import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT } from "../../support/project.ts";
import { createApiServer } from "../../../packages/local-cloud/aws-api/server.ts";
import { handleQuery } from "../../../packages/local-cloud/aws-api/elbv2.ts";
import { renderForward } from "../../../contract/route/route.ts";
import { SLOTS, type PerSlot, type Slot } from "../../../contract/slot.ts";
import { splitOf } from "../../../contract/route/split.ts";
import { awsPorts, type AwsPorts } from "../../../validation/adapters/aws.ts";
import { find, runProgram } from "../../support/pulumi-mocks.ts";
import { TWO_SLOTS, TYPE } from "../../infra/configs.ts";
import {
  createTestCloud,
  make,
  makeNetwork,
  type Resource,
  type TestCloud,
} from "../../../packages/local-cloud/test/provider/cloud.ts";
import { TEST_KEYS } from "../../../packages/local-cloud/test/support/local-keys.ts";

const TOKENS = { one: "1".repeat(32), two: "2".repeat(32) } as const;
type Name = keyof typeof TOKENS;

interface Stack {
  readonly route: Resource;
  readonly testRules: readonly Resource[];
  readonly groups: PerSlot<string>;
}

/** The program's own rules and groups, on a listener that is somebody else's. */
async function stackOn(
  cloud: TestCloud,
  ground: { readonly listenerArn: string; readonly vpcId: string },
  name: Name,
  priority: number,
): Promise<Stack> {
  const network = {
    ...ground,
    taskSubnetIds: ["subnet-1", "subnet-2"],
    pathPatterns: [`/${name}/*`],
    priority,
  };
  const service = { hostName: "model.example.com", testCidrs: ["127.0.0.0/8"] };
  const run = await runProgram({ ...TWO_SLOTS, network, service, testToken: TOKENS[name] }, name);
  const real = new Map<string, string>();
  const up = async (key: string) => {
    const { type, name: called, inputs } = find(run, key);
    // The mocks' ARNs of target groups, in the place of which stand those that the load balancer gave.
    const text = [...real].reduce((all, [mock, arn]) => all.replaceAll(mock, arn), JSON.stringify(inputs));
    return make(cloud, type, called, JSON.parse(text) as Record<string, unknown>);
  };
  const groupOf = async (slot: Slot, use: "production" | "test") => {
    const key = `${TYPE.targetGroup}::${slot}-${use}`;
    const mock = `arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/${String(find(run, key).inputs["name"])}/0123456789abcdef`;
    const made = String((await up(key)).outputs["arn"]);
    real.set(mock, made);
    return made;
  };
  const groups = { blue: await groupOf("blue", "production"), green: await groupOf("green", "production") };
  const tests = { blue: await groupOf("blue", "test"), green: await groupOf("green", "test") };
  const testRules = [];
  const route = await up(`${TYPE.rule}::route`);
  for (const slot of SLOTS) testRules.push(await up(`${TYPE.rule}::${slot}-test`));
  for (const slot of SLOTS) {
    const port = await modelOf(`${name}-${slot}`);
    for (const arn of [groups[slot], tests[slot]]) cloud.elb.registerTarget(arn, { host: "127.0.0.1", port });
  }
  return { route, testRules, groups };
}

const models: Server[] = [];

/** A model that answers with its own name. */
async function modelOf(name: string): Promise<number> {
  const server = createServer((_request, response) => response.end(name));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  models.push(server);
  // A TCP server that listens has an address with a port.
  return (server.address() as AddressInfo).port;
}

describe("two stacks on one listener that belongs to neither", () => {
  let cloud: TestCloud;
  let api: ReturnType<typeof createApiServer>;
  let ports: AwsPorts;
  let url: string;
  let one: Stack;
  let two: Stack;

  beforeAll(async () => {
    cloud = createTestCloud();
    const { vpc, subnets } = await makeNetwork(cloud);
    const balancer = await make(cloud, "aws:lb/loadBalancer:LoadBalancer", "shared", {
      name: "shared",
      subnets: subnets.map(({ id }) => id),
    });
    const listener = await make(cloud, "aws:lb/listener:Listener", "shared", {
      loadBalancerArn: balancer.outputs["arn"],
      port: 80,
      protocol: "HTTP",
      defaultActions: [
        { type: "fixed-response", fixedResponse: { statusCode: "404", contentType: "text/plain" } },
      ],
    });
    const ground = { listenerArn: String(listener.outputs["arn"]), vpcId: vpc.id };
    one = await stackOn(cloud, ground, "one", 10);
    two = await stackOn(cloud, ground, "two", 20);
    url = `http://127.0.0.1:${cloud.elb.localPort(ground.listenerArn)}`;
    api = createApiServer({ keys: TEST_KEYS, json: [], query: (form) => handleQuery(cloud.elbv2, form) });
    const { port } = await api.listen(0);
    const credentials = TEST_KEYS;
    ports = awsPorts({ region: "eu-central-1", endpoint: `http://127.0.0.1:${port}`, credentials });
  });
  afterAll(async () => {
    await api.close();
    await cloud.close();
    for (const model of models) model.close();
  });

  const ask = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${url}${path}`, { headers });
    return response.ok ? response.text() : response.status;
  };
  const everyoneOn = (slot: Slot, { groups }: Stack) => renderForward(splitOf(slot, 0), groups, 0);

  it("each serve their own requests, and the rest stays the listener's", async () => {
    expect(await ask("/one/predict")).toBe("one-blue");
    expect(await ask("/two/predict")).toBe("two-blue");
    expect(await ask("/three/predict")).toBe(404);
  });

  it("have test rules of five condition values or fewer, that take a stack's own token alone", async () => {
    const withToken = (name: Name) => ({ "x-slot": "green", "x-slot-token": TOKENS[name] });
    expect(await ask("/one/predict", withToken("one"))).toBe("one-green");
    expect(await ask("/two/predict", withToken("two"))).toBe("two-green");
    // The other's token chooses nothing: the request is a user's.
    expect(await ask("/two/predict", withToken("one"))).toBe("two-blue");
    for (const { inputs } of [...one.testRules, ...two.testRules]) {
      const values = JSON.stringify(inputs["conditions"]).match(/"values":\[[^\]]*\]/g) ?? [];
      const count = values.flatMap((list) => list.match(/"[^"]+"/g)?.slice(1) ?? []).length;
      expect(count).toBeGreaterThan(2);
      expect(count).toBeLessThanOrEqual(5);
    }
  });

  it("find each their own route by its tags, and write to nothing but it", async () => {
    expect(await ports.route.find({ project: PROJECT, stack: "one" })).toEqual([one.route.id]);
    expect(await ports.route.find({ project: PROJECT, stack: "two" })).toEqual([two.route.id]);
    const before = await ports.route.read(two.route.id);
    await ports.route.write(one.route.id, everyoneOn("green", one));
    expect(await ask("/one/predict")).toBe("one-green");
    expect(await ask("/two/predict")).toBe("two-blue");
    expect(await ports.route.read(two.route.id)).toEqual(before);
    await ports.route.write(one.route.id, everyoneOn("blue", one));
  });

  it("cannot take each other's priority, nor does the end of one touch the other", async () => {
    const { type, inputs } = two.route;
    const taken = make(cloud, type, "taken", { ...inputs, priority: 10 });
    await expect(taken).rejects.toThrow("PriorityInUse");
    for (const { urn, id, outputs } of [one.route, ...one.testRules]) {
      await cloud.provider.delete({ type, urn, id, outputs });
    }
    expect(await ask("/one/predict")).toBe(404);
    expect(await ask("/two/predict")).toBe("two-blue");
  });
});

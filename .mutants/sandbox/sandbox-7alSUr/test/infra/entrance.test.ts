import { describe, expect, test, vi } from "vitest";
import { BY_VERB } from "../../contract/transition/writer.ts";
import { parseOutputs } from "../../contract/names/outputs.ts";
import { PLAIN_LISTENER } from "../support/pulumi-mock-calls.ts";
import { find, keysOf, runProgram, type ProgramRun } from "../support/pulumi-mocks.ts";
import {
  CERTIFICATE,
  EMPTY,
  EXISTING_VPC,
  HTTPS,
  NEW_TOKEN,
  ONE_SLOT,
  SHARED,
  SHARED_LISTENER,
  TOKEN,
  TWO_SLOTS,
  TYPE,
} from "./configs.ts";

const ofType = (run: ProgramRun, type: string) => run.resources.filter((resource) => resource.type === type);
const taskNetwork = (run: ProgramRun) => find(run, `${TYPE.service}::blue`).inputs["networkConfiguration"];

describe("The network", () => {
  test.each([
    ["none", "None", ["subnet-public1", "subnet-public2"], true],
    ["single", "Single", ["subnet-private1", "subnet-private2"], false],
    ["onePerZone", "OnePerAz", ["subnet-private1", "subnet-private2"], false],
  ])("of its own with NAT %s", async (nat, strategy, subnets, assignPublicIp) => {
    const run = await runProgram({ ...ONE_SLOT, network: { nat, zones: 3, cidr: "10.4.0.0/20" } });
    expect(find(run, `${TYPE.vpc}::network`).inputs).toMatchObject({
      cidrBlock: "10.4.0.0/20",
      numberOfAvailabilityZones: 3,
      natGateways: { strategy },
      subnetStrategy: "Auto",
      availabilityZoneCidrMask: 23,
      subnetSpecs: [
        { type: "Public", cidrMask: 24 },
        { type: "Private", cidrMask: 24 },
      ],
    });
    expect(taskNetwork(run)).toEqual({ subnets, assignPublicIp, securityGroups: ["tasks-id"] });
  });

  test.each([true, false])(
    "that exists already is used as it is (public addresses: %s)",
    async (assignPublicIp) => {
      const run = await runProgram({ ...ONE_SLOT, network: { ...EXISTING_VPC, assignPublicIp } });
      expect(ofType(run, TYPE.vpc)).toEqual([]);
      expect(find(run, `${TYPE.loadBalancer}::lb`).inputs["subnetIds"]).toEqual(EXISTING_VPC.publicSubnetIds);
      expect(taskNetwork(run)).toMatchObject({ subnets: EXISTING_VPC.taskSubnetIds, assignPublicIp });
      for (const group of [...ofType(run, TYPE.targetGroup), ...ofType(run, TYPE.securityGroup)]) {
        expect(group.inputs["vpcId"]).toBe("vpc-1");
      }
    },
  );

  test("lets the load balancer, and nobody else, reach the tasks", async () => {
    const run = await runProgram({ ...ONE_SLOT, service: { port: 9000 } });
    const { ingress } = find(run, `${TYPE.securityGroup}::tasks`).inputs;
    expect(ingress).toEqual([
      expect.objectContaining({ protocol: "tcp", fromPort: 9000, toPort: 9000, securityGroups: ["lb-id"] }),
    ]);
    expect(JSON.stringify(ingress)).not.toContain("cidr");
  });
});

describe("The load balancer", () => {
  test("inside its VPC alone is asked for as internal, and one of before keeps its inputs", async () => {
    const inside = await runProgram({ ...EMPTY, network: { internal: true } });
    expect(find(inside, `${TYPE.loadBalancer}::lb`).inputs).toMatchObject({ internal: true });
    expect(inside.outputs).toMatchObject({ network: { internal: "true" } });
    const outside = await runProgram(EMPTY);
    expect(find(outside, `${TYPE.loadBalancer}::lb`).inputs).not.toHaveProperty("internal");
    expect(find(outside, `${TYPE.loadBalancer}::lb`).inputs).toMatchObject({ ipAddressType: "ipv4" });
  });

  test("with IPv6 lets in who is allowed by either kind of address", async () => {
    const network = { ...EXISTING_VPC, ipAddressType: "dualstack" };
    const service = { allowedCidrs: ["198.51.100.0/24", "2001:db8::/32"] };
    const run = await runProgram({ ...EMPTY, network, service });
    expect(find(run, `${TYPE.loadBalancer}::lb`).inputs).toMatchObject({ ipAddressType: "dualstack" });
    expect(find(run, `${TYPE.securityGroup}::lb`).inputs["ingress"]).toMatchObject([
      { cidrBlocks: ["198.51.100.0/24"], ipv6CidrBlocks: ["2001:db8::/32"] },
    ]);
  });

  test("has its own name, security group and secure settings, and no listener of awsx's making", async () => {
    const service = { requestTimeoutSeconds: 120, allowedCidrs: ["198.51.100.0/24"] };
    const run = await runProgram({ ...EMPTY, service });
    const { inputs } = find(run, `${TYPE.loadBalancer}::lb`);
    expect(inputs).toMatchObject({
      listeners: [],
      securityGroups: ["lb-id"],
      subnetIds: ["subnet-public1", "subnet-public2"],
      idleTimeout: 120,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      defaultTargetGroup: { name: `${String(inputs["name"])}-unused`, vpcId: "vpc-own" },
    });
    expect(String(inputs["name"])).toMatch(/^bluegreen-[0-9a-f]{8}-k3f9ab$/);
    expect(find(run, `${TYPE.securityGroup}::lb`).inputs["ingress"]).toEqual([
      expect.objectContaining({ fromPort: 80, toPort: 80, cidrBlocks: ["198.51.100.0/24"] }),
    ]);
  });

  test("without a certificate listens on HTTP, and answers 503 where there is no route", async () => {
    const run = await runProgram(ONE_SLOT);
    expect(ofType(run, TYPE.listener).map(({ name }) => name)).toEqual(["listener"]);
    const { inputs } = find(run, `${TYPE.listener}::listener`);
    expect(inputs).toMatchObject({
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "fixed-response", fixedResponse: { statusCode: "503" } }],
    });
    expect(inputs["sslPolicy"]).toBeUndefined();
    expect(parseOutputs(run.outputs)?.url).toBe("http://lb.example.com");
  });

  test("with a certificate listens on HTTPS with today's policy, and redirects HTTP", async () => {
    const run = await runProgram({ ...ONE_SLOT, service: HTTPS });
    expect(find(run, `${TYPE.listener}::https`).inputs).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      certificateArn: CERTIFICATE,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
      defaultActions: [{ type: "fixed-response", fixedResponse: { statusCode: "503" } }],
    });
    const redirect = find(run, `${TYPE.listener}::listener`);
    expect(redirect.inputs).toMatchObject({
      port: 80,
      protocol: "HTTP",
      defaultActions: [
        { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
      ],
    });
    expect(redirect.options.dependsOn).toContain(`${TYPE.listener}::https`);
    expect(JSON.stringify(find(run, `${TYPE.securityGroup}::lb`).inputs["ingress"])).toContain(
      '"toPort":443',
    );
    expect(parseOutputs(run.outputs)?.url).toBe("https://model.example.com");
  });

  test("of somebody else: the stack makes no load balancer, no listener, and only its own rules", async () => {
    const run = await runProgram({ ...ONE_SLOT, network: SHARED });
    for (const type of [TYPE.vpc, TYPE.loadBalancer, TYPE.listener]) expect(ofType(run, type)).toEqual([]);
    expect(keysOf(run)).not.toContain(`${TYPE.securityGroup}::lb`);
    expect(find(run, `${TYPE.rule}::route`).inputs).toMatchObject({
      listenerArn: SHARED_LISTENER,
      priority: 40,
      conditions: [
        { hostHeader: { values: SHARED.hostHeaders } },
        { pathPattern: { values: SHARED.pathPatterns } },
      ],
    });
    expect(find(run, `${TYPE.securityGroup}::tasks`).inputs["ingress"]).toEqual([
      expect.objectContaining({ securityGroups: ["sg-shared"] }),
    ]);
    expect(parseOutputs(run.outputs)).toMatchObject({
      url: "https://model.example.com:8443",
      loadBalancerSuffix: "app/shared/2",
    });
  });

  test("of its own needs no look-up of somebody else's", async () => {
    const run = await runProgram(ONE_SLOT);
    expect(run.calls.filter((token) => !token.startsWith("aws:index/"))).toEqual([]);
    expect(find(run, `${TYPE.rule}::route`).inputs).toMatchObject({
      priority: 100,
      conditions: [{ pathPattern: { values: ["/*"] } }],
    });
  });
});

describe("Test rules", () => {
  const rules = (run: ProgramRun) => ofType(run, TYPE.rule).filter(({ name }) => name !== "route");

  test("do not exist without a token", async () => {
    expect(rules(await runProgram({ ...TWO_SLOTS, service: { testCidrs: ["192.0.2.1/32"] } }))).toEqual([]);
  });

  test.each([
    ["blue", 98],
    ["green", 99],
  ] as const)("for %s stand directly before the route and lead to its test group", async (slot, priority) => {
    const run = await runProgram({
      ...TWO_SLOTS,
      testToken: TOKEN,
      service: { testCidrs: ["192.0.2.1/32"] },
    });
    const { inputs, options } = find(run, `${TYPE.rule}::${slot}-test`);
    expect(inputs).toMatchObject({
      priority,
      conditions: [
        { pathPattern: { values: ["/*"] } },
        { httpHeader: { httpHeaderName: "x-slot", values: [slot] } },
        { httpHeader: { httpHeaderName: "x-slot-token", values: [TOKEN] } },
        { sourceIp: { values: ["192.0.2.1/32"] } },
      ],
      actions: [
        { type: "forward", targetGroupArn: parseOutputs(run.outputs)?.slots[slot].testTargetGroupArn },
      ],
    });
    expect(options.protect).toBe(false);
  });

  test("keep the token secret, in every registration", async () => {
    const run = await runProgram({
      ...TWO_SLOTS,
      service: HTTPS,
      testToken: `${TOKEN},${NEW_TOKEN}`,
    });
    for (const { inputs, secretPaths } of rules(run)) {
      expect(secretPaths).toEqual([
        "conditions[2].httpHeader.values[0]",
        "conditions[2].httpHeader.values[1]",
      ]);
      expect(inputs["conditions"]).toContainEqual({
        httpHeader: { httpHeaderName: "x-slot-token", values: [TOKEN, NEW_TOKEN] },
      });
    }
    const others = run.resources.filter(({ type }) => type !== TYPE.rule);
    expect(JSON.stringify([others, run.outputs])).not.toContain(TOKEN);
  });

  test("on a shared listener are for the route's own requests only", async () => {
    const run = await runProgram({
      ...TWO_SLOTS,
      network: { ...SHARED, pathPatterns: [] },
      testToken: TOKEN,
    });
    const own = find(run, `${TYPE.rule}::route`).inputs["conditions"];
    const { inputs } = find(run, `${TYPE.rule}::green-test`);
    expect(own).toEqual([{ hostHeader: { values: SHARED.hostHeaders } }]);
    expect(inputs["conditions"]).toEqual(
      expect.arrayContaining([{ hostHeader: { values: SHARED.hostHeaders } }]),
    );
    expect(inputs["priority"]).toBe(39);
  });

  test("on a shared listener that speaks plain HTTP need addresses", async () => {
    const plain = {
      ...TWO_SLOTS,
      network: { ...SHARED, pathPatterns: [], listenerArn: PLAIN_LISTENER },
      testToken: TOKEN,
    };
    await expect(runProgram(plain)).rejects.toThrow("the token would travel over plain HTTP");
    const closed = { ...plain, service: { testCidrs: ["192.0.2.1/32"] } };
    expect(rules(await runProgram(closed)).length).toBe(2);
    // A write of the tools, a revert say, is not refused for what the listener's owner did.
    const { outputs } = await runProgram(closed);
    vi.stubEnv(BY_VERB, "1");
    expect(rules(await runProgram({ ...plain, generation: 1 }, "dev", outputs)).length).toBe(2);
  });
});

describe("Protection", () => {
  test.each([true, false])(
    "rollout.protect %s covers all that users would miss, and nothing else",
    async (protect) => {
      const run = await runProgram({
        ...TWO_SLOTS,
        rollout: { protect },
        service: HTTPS,
        testToken: TOKEN,
      });
      const guarded = run.resources
        .filter(({ options }) => options.protect)
        .map(({ type, name }) => `${type}::${name}`);
      const wanted = [
        `${TYPE.loadBalancer}::lb`,
        `${TYPE.listener}::listener`,
        `${TYPE.listener}::https`,
        `${TYPE.rule}::route`,
        ...["blue", "green"].flatMap((slot) => [
          `${TYPE.targetGroup}::${slot}-production`,
          `${TYPE.targetGroup}::${slot}-test`,
        ]),
      ];
      expect(guarded.toSorted()).toEqual(protect ? wanted.toSorted() : []);
      expect(find(run, `${TYPE.loadBalancer}::lb`).inputs["enableDeletionProtection"]).toBe(protect);
    },
  );
});

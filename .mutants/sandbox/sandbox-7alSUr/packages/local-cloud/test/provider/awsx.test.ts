import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UNKNOWN, type Properties } from "../../../pulumi-engine/values/provider.ts";
import { awsxComponents } from "../../provider/awsx.ts";
import { planSubnets } from "../../provider/awsx/subnets.ts";
import { asProperties } from "../../provider/shape.ts";
import { createTestCloud, makeNetwork, type TestCloud } from "./cloud.ts";
import { expand, type Registration } from "./components.ts";

let cloud: TestCloud;
beforeEach(() => {
  cloud = createTestCloud();
});
afterEach(() => cloud.close());

const VPC = (inputs: Properties = {}) => ({
  type: "awsx:ec2:Vpc",
  name: "network",
  inputs: {
    cidrBlock: "10.0.0.0/16",
    numberOfAvailabilityZones: 2,
    natGateways: { strategy: "None" },
    enableDnsHostnames: true,
    tags: { "deploy:stack": "local" },
    ...inputs,
  },
});
const loadBalancer = (vpcId: unknown, subnetIds: unknown, inputs: Properties = {}) => ({
  type: "awsx:lb:ApplicationLoadBalancer",
  name: "lb",
  inputs: {
    name: "models-1",
    subnetIds,
    securityGroups: ["sg-1"],
    listeners: [],
    defaultTargetGroup: { vpcId, name: "models-1-unused" },
    idleTimeout: 60,
    ...inputs,
  },
});
const TASK = (inputs: Properties = {}) => ({
  type: "awsx:ecs:FargateTaskDefinition",
  name: "blue",
  inputs: {
    family: "models-blue",
    cpu: "256",
    memory: "512",
    container: { name: "model", image: "model:1", essential: true, portMappings: [{ containerPort: 8080 }] },
    logGroup: { args: { name: "/ecs/models-blue", retentionInDays: 30 } },
    executionRole: { args: { tags: { a: "b" } } },
    taskRole: { args: { policyArns: [] } },
    skipDestroy: true,
    ...inputs,
  },
});

const named = (children: readonly Registration[]) => children.map(({ type, name }) => `${type} ${name}`);
const count = (children: readonly Registration[], type: string) =>
  children.filter((child) => child.type === type).length;
const text = (value: unknown) => JSON.stringify(value) ?? "";

describe("awsx:ec2:Vpc", () => {
  it("makes a public and a private subnet in each zone, with their routes, as awsx names them", async () => {
    const { children, outputs } = await expand(cloud, "up", VPC());
    expect(named(children)).toEqual([
      "aws:ec2/vpc:Vpc network",
      "aws:ec2/internetGateway:InternetGateway network",
      ...["1", "2"].flatMap((zone) => [
        `aws:ec2/subnet:Subnet network-public-${zone}`,
        `aws:ec2/routeTable:RouteTable network-public-${zone}`,
        `aws:ec2/routeTableAssociation:RouteTableAssociation network-public-${zone}`,
        `aws:ec2/route:Route network-public-${zone}`,
        `aws:ec2/subnet:Subnet network-private-${zone}`,
        `aws:ec2/routeTable:RouteTable network-private-${zone}`,
        `aws:ec2/routeTableAssociation:RouteTableAssociation network-private-${zone}`,
      ]),
    ]);
    expect(outputs["vpcId"]).toMatch(/^vpc-/);
    expect(outputs["publicSubnetIds"]).toHaveLength(2);
    expect(outputs["privateSubnetIds"]).toHaveLength(2);
    expect(outputs["isolatedSubnetIds"]).toEqual([]);
    const zones = children
      .map(({ inputs }) => inputs["availabilityZone"])
      .filter((zone) => zone !== undefined);
    expect(new Set(zones)).toEqual(new Set(["eu-central-1a", "eu-central-1b"]));
  });

  it.each([
    ["None", 0, 2],
    ["Single", 1, 4],
    ["OnePerAz", 2, 4],
  ])("has with the NAT strategy %s %i gateways and %i routes", async (strategy, gateways, routes) => {
    const { children, outputs } = await expand(cloud, "up", VPC({ natGateways: { strategy } }));
    expect(count(children, "aws:ec2/natGateway:NatGateway")).toBe(gateways);
    expect(count(children, "aws:ec2/eip:Eip")).toBe(gateways);
    expect(count(children, "aws:ec2/route:Route")).toBe(routes);
    expect(outputs["natGateways"]).toHaveLength(gateways);
  });

  it("says which argument it does not know", async () => {
    await expect(expand(cloud, "up", VPC({ vpcEndpointSpecs: [{}] }))).rejects.toThrow(
      "awsx:ec2:Vpc on the local cloud does not take vpcEndpointSpecs",
    );
    await expect(expand(cloud, "up", VPC({ natGateways: { strategy: "Many" } }))).rejects.toThrow("many");
  });
});

describe("the subnets of a VPC", () => {
  it("lie where a zone's mask and their own put them", () => {
    const specs = [
      { type: "Public", cidrMask: 20 },
      { type: "Private", cidrMask: 20 },
    ];
    const plan = planSubnets(
      "n",
      { cidrBlock: "10.0.0.0/16", availabilityZoneCidrMask: 19, subnetSpecs: specs },
      3,
    );
    expect(plan.map(({ cidrBlock }) => cidrBlock)).toEqual([
      "10.0.0.0/20",
      "10.0.16.0/20",
      "10.0.32.0/20",
      "10.0.48.0/20",
      "10.0.64.0/20",
      "10.0.80.0/20",
    ]);
  });

  it("never overlap and never leave the VPC, or are refused", () => {
    const spec = fc.record({
      type: fc.constantFrom("Public", "Private", "Isolated"),
      cidrMask: fc.integer({ min: 17, max: 28 }),
    });
    const zones = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(fc.array(spec, { minLength: 1, maxLength: 4 }), zones, (subnetSpecs, zoneCount) => {
        const inputs = { cidrBlock: "172.16.0.0/16", subnetSpecs };
        const plan = planOrRefusal(inputs, zoneCount);
        if (plan === "refused") return;
        const ranges = plan.map(({ cidrBlock }) => {
          const [address = "", mask = ""] = cidrBlock.split("/");
          const base = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
          const size = 2 ** (32 - Number(mask));
          expect(base % size).toBe(0);
          expect(address).toMatch(/^172\.16\./);
          return { base, end: base + size };
        });
        const ordered = ranges.sort((a, b) => a.base - b.base);
        for (const [index, { base }] of ordered.entries())
          expect(base).toBeGreaterThanOrEqual(ordered[index - 1]?.end ?? 0);
        expect(plan).toHaveLength(subnetSpecs.length * zoneCount);
      }),
    );
  });
});

/** Only because of the room that there is may a layout be refused. */
function planOrRefusal(inputs: Properties, zones: number) {
  try {
    return planSubnets("n", inputs, zones);
  } catch (error) {
    if (String(error).includes("do not fit")) return "refused";
    throw error;
  }
}

describe("awsx:lb:ApplicationLoadBalancer", () => {
  it("makes a load balancer and its default target group, and no listener when none is wanted", async () => {
    const { vpc, subnets } = await makeNetwork(cloud);
    const ids = subnets.map(({ id }) => id);
    const { children, outputs } = await expand(cloud, "up", loadBalancer(vpc.id, ids));
    expect(named(children)).toEqual([
      "aws:lb/loadBalancer:LoadBalancer lb",
      "aws:lb/targetGroup:TargetGroup lb",
    ]);
    expect(outputs["loadBalancer"]).toMatchObject({
      id: children[0]?.id,
      arn: children[0]?.id,
      arnSuffix: expect.stringMatching("^app/models-1/"),
      dnsName: expect.stringContaining("127.0.0.1:"),
    });
    expect(outputs).toMatchObject({ listeners: [], vpcId: vpc.id, defaultTargetGroup: { port: 80 } });
  });

  it("makes the listener and the security group that awsx makes by default", async () => {
    const { vpc, subnets } = await makeNetwork(cloud);
    const inputs = { listeners: undefined, securityGroups: undefined };
    const wanted = loadBalancer(
      vpc.id,
      subnets.map(({ id }) => id),
      inputs,
    );
    const { children, outputs } = await expand(cloud, "up", wanted);
    expect(named(children)).toEqual([
      "aws:ec2/securityGroup:SecurityGroup lb",
      "aws:lb/loadBalancer:LoadBalancer lb",
      "aws:lb/targetGroup:TargetGroup lb",
      "aws:lb/listener:Listener lb-0",
    ]);
    expect(outputs).toMatchObject({
      loadBalancer: { securityGroups: [children[0]?.id] },
      listeners: [{ port: 80, defaultActions: [{ type: "forward", targetGroupArn: children[2]?.id }] }],
    });
  });
});

describe("awsx:ecs:FargateTaskDefinition", () => {
  it("makes log group, roles with their policies, and the task definition that logs there", async () => {
    const { children, outputs } = await expand(cloud, "up", TASK());
    expect(named(children)).toEqual([
      "aws:cloudwatch/logGroup:LogGroup blue",
      "aws:iam/role:Role blue-task",
      "aws:iam/role:Role blue-execution",
      expect.stringMatching(
        /^aws:iam\/rolePolicyAttachment:RolePolicyAttachment blue-execution-[0-9a-f]{8}$/,
      ),
      "aws:ecs/taskDefinition:TaskDefinition blue",
    ]);
    const taskDefinition = asProperties(outputs["taskDefinition"]);
    expect(JSON.parse(String(taskDefinition["containerDefinitions"]))).toMatchObject([
      {
        name: "model",
        image: "model:1",
        portMappings: [{ containerPort: 8080, hostPort: 8080 }],
        logConfiguration: {
          logDriver: "awslogs",
          options: { "awslogs-group": "/ecs/models-blue", "awslogs-region": "eu-central-1" },
        },
      },
    ]);
    expect(taskDefinition).toMatchObject({
      arn: expect.stringMatching(/task-definition\/models-blue:1$/),
      skipDestroy: true,
      executionRoleArn: expect.stringContaining(":role/blue-execution-"),
      taskRoleArn: expect.stringContaining(":role/blue-task-"),
    });
  });

  it("uses what is given, and says where containers are behind a target group", async () => {
    const targetGroup = { arn: "arn:tg", port: 9000 };
    const roleArn = "arn:aws:iam::000000000000:role/mine";
    const { children, outputs } = await expand(
      cloud,
      "up",
      TASK({
        container: undefined,
        containers: { model: { image: "model:1", portMappings: [{ targetGroup }] } },
        logGroup: { skip: true },
        executionRole: { roleArn },
        taskRole: { skip: true },
        family: undefined,
      }),
    );
    expect(named(children)).toEqual(["aws:ecs/taskDefinition:TaskDefinition blue"]);
    expect(children[0]?.inputs["family"]).toMatch(/^blue-[0-9a-f]{8}$/);
    expect(children[0]?.inputs["executionRoleArn"]).toBe(roleArn);
    expect(outputs["loadBalancers"]).toEqual([
      { containerName: "model", containerPort: 9000, targetGroupArn: "arn:tg" },
    ]);
  });
});

const COMPONENTS = [
  { title: "the VPC", component: VPC({ natGateways: { strategy: "Single" } }), read: ["vpcId"] },
  {
    title: "the load balancer",
    component: loadBalancer(UNKNOWN, UNKNOWN),
    read: ["loadBalancer.arn", "loadBalancer.arnSuffix", "loadBalancer.dnsName", "defaultTargetGroup.arn"],
  },
  { title: "the task definition", component: TASK(), read: ["taskDefinition.arn", "taskRole.arn"] },
];

describe.each(COMPONENTS)("$title in a preview", ({ component, read }) => {
  it("has the children of the update, and outputs that say what is not known yet", async () => {
    const planned = await expand(cloud, "preview", component);
    const values = read.map((path) =>
      path.split(".").reduce<unknown>((at, key) => asProperties(at)[key], planned.outputs),
    );
    expect(values).toEqual(read.map(() => UNKNOWN));
    const again = await expand(cloud, "preview", component);
    expect(again).toEqual(planned);
    if (component.type === "awsx:lb:ApplicationLoadBalancer") return;
    const made = await expand(cloud, "up", component);
    expect(named(made.children)).toEqual(named(planned.children));
    expect(text(made)).not.toContain(UNKNOWN);
  });
});

describe("the components of the local cloud", () => {
  it("are these three, and others are refused by name", async () => {
    expect(awsxComponents.constructs("awsx:ecs:FargateService")).toBe(false);
    await expect(
      expand(cloud, "up", { type: "awsx:ecs:FargateService", name: "s", inputs: {} }),
    ).rejects.toThrow("the local cloud has no component awsx:ecs:FargateService");
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRecordStore } from "../../../local/provider/records.ts";
import { change, createTestCloud, make, makeNetwork, makeRoute, type TestCloud } from "./cloud.ts";

let cloud: TestCloud;
beforeEach(() => {
  cloud = createTestCloud();
});
afterEach(() => cloud.close());

describe("types that are recorded, not simulated", () => {
  it("are named for the status, each once, and only while there are any", async () => {
    const { vpc, subnets } = await makeNetwork(cloud);
    expect(cloud.provider.recordedTypes()).toEqual(["aws:ec2/subnet:Subnet", "aws:ec2/vpc:Vpc"]);
    for (const resource of [...subnets, vpc]) await cloud.provider.delete(resource);
    expect(cloud.provider.recordedTypes()).toEqual([]);
  });

  it.each([
    [
      "aws:ec2/vpc:Vpc",
      { cidrBlock: "10.0.0.0/16" },
      /^vpc-[0-9a-f]{17}$/,
      /:ec2:eu-central-1:0{12}:vpc\/vpc-/,
    ],
    ["aws:iam/role:Role", { name: "r" }, /^r$/, /^arn:aws:iam::0{12}:role\/r$/],
    ["aws:iam/policy:Policy", { name: "p", path: "/x/" }, /^arn:aws:iam::0{12}:policy\/x\/p$/, /\/x\/p$/],
    [
      "aws:cloudwatch/logGroup:LogGroup",
      { name: "/ecs/a" },
      /^\/ecs\/a$/,
      /:logs:eu-central-1:0{12}:log-group:\/ecs\/a$/,
    ],
    [
      "aws:sns/topic:Topic",
      { displayName: "t" },
      /^topic-[0-9a-f]{17}$/,
      /^arn:aws:sns:eu-central-1:0{12}:topic\//,
    ],
  ])("have plausible ids and ARNs: %s", async (type, inputs, id, arn) => {
    const resource = await make(cloud, type, "name", inputs);
    expect(resource.id).toMatch(id);
    expect(resource.outputs["arn"]).toMatch(arn);
    expect(resource.outputs).toMatchObject(inputs);
  });

  it("lose what the program takes away, and keep their computed outputs", async () => {
    const inputs = { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, tags: { a: "b" } };
    const vpc = await make(cloud, "aws:ec2/vpc:Vpc", "net", inputs);
    const { outputs } = await change(cloud, vpc, { cidrBlock: "10.0.0.0/16" });
    expect(Object.keys(outputs)).not.toContain("enableDnsHostnames");
    expect(outputs).toMatchObject({ arn: vpc.outputs["arn"], tagsAll: {} });
  });

  it("are there again after the cloud has been stopped and started", async () => {
    const { vpc } = await makeNetwork(cloud);
    const store = createRecordStore();
    store.restore(JSON.parse(JSON.stringify(cloud.recorded.snapshot())));
    expect(store.all()).toEqual(cloud.recorded.all());
    expect(store.get(vpc.type, vpc.id)?.outputs["cidrBlock"]).toBe("10.0.0.0/16");
    expect(() => store.restore({ format: 2, records: [] })).toThrow("format 2; this version reads 1");
  });

  it("tell the cloud of each change, so that it saves", async () => {
    let changes = 0;
    cloud.recorded.onChange(() => changes++);
    const { vpc } = await makeNetwork(cloud);
    await cloud.provider.delete(vpc);
    await cloud.provider.delete(vpc);
    expect(changes).toBe(4);
  });
});

describe("a data source", () => {
  const invoke = (token: string, args = {}) => cloud.provider.invoke({ token, args });

  it("knows region, account, partition and zones", async () => {
    expect(await invoke("aws:index/getRegion:getRegion")).toMatchObject({ region: "eu-central-1" });
    expect(await invoke("aws:index/getCallerIdentity:getCallerIdentity")).toMatchObject({
      accountId: "000000000000",
    });
    expect(await invoke("aws:index/getPartition:getPartition")).toMatchObject({ partition: "aws" });
    const { names } = await invoke("aws:index/getAvailabilityZones:getAvailabilityZones");
    expect(names).toContain("eu-central-1b");
  });

  it("finds a recorded subnet and VPC, and no other", async () => {
    const { vpc, subnets } = await makeNetwork(cloud);
    const id = subnets[1]?.id;
    expect(await invoke("aws:ec2/getSubnet:getSubnet", { id })).toMatchObject({ id, vpcId: vpc.id });
    expect(await invoke("aws:ec2/getVpc:getVpc", { id: vpc.id })).toMatchObject({ cidrBlock: "10.0.0.0/16" });
    await expect(invoke("aws:ec2/getSubnet:getSubnet", { id: "subnet-0" })).rejects.toThrow(
      "InvalidSubnetID.NotFound: The ID 'subnet-0' does not exist",
    );
  });

  it("finds a listener and its load balancer, for a stack that shares them", async () => {
    const { listener, loadBalancer } = await makeRoute(cloud);
    const byArn = await invoke("aws:lb/getListener:getListener", { arn: listener.id });
    expect(byArn).toMatchObject({ loadBalancerArn: loadBalancer.id, port: 80, protocol: "HTTP" });
    const byPort = { loadBalancerArn: loadBalancer.id, port: 80 };
    expect(await invoke("aws:lb/getListener:getListener", byPort)).toEqual(byArn);
    const found = await invoke("aws:lb/getLoadBalancer:getLoadBalancer", { arn: byArn["loadBalancerArn"] });
    expect(found).toMatchObject({
      arnSuffix: loadBalancer.outputs["arnSuffix"],
      dnsName: loadBalancer.outputs["dnsName"],
      securityGroups: ["sg-1"],
    });
    expect(await invoke("aws:lb/getLoadBalancer:getLoadBalancer", { name: "bluegreen-1" })).toEqual(found);
    await expect(invoke("aws:lb/getListener:getListener", { ...byPort, port: 81 })).rejects.toThrow(
      /^NotFound: there is no aws:lb\/listener:Listener with .*"port":81/,
    );
  });

  it("is refused by name when there is none", async () => {
    await expect(invoke("aws:ec2/getAmi:getAmi")).rejects.toThrow(
      "the local cloud has no data source aws:ec2/getAmi:getAmi",
    );
  });
});

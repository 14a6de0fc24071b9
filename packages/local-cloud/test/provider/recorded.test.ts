import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRecordStore } from "../../provider/records.ts";
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
      /^arn:aws:sns:eu-central-1:0{12}:name-0a1b2c3$/,
      /^arn:aws:sns:eu-central-1:0{12}:name-0a1b2c3$/,
    ],
  ])("have plausible ids and ARNs: %s", async (type, inputs, id, arn) => {
    const resource = await make(cloud, type, "name", inputs);
    expect(resource.id).toMatch(id);
    expect(resource.outputs["arn"]).toMatch(arn);
    expect(resource.outputs).toMatchObject(inputs);
  });

  it.each([
    [
      "aws:s3/bucket:Bucket",
      { bucket: "models" },
      {
        arn: "arn:aws:s3:::models",
        bucket: "models",
        bucketDomainName: "models.s3.amazonaws.com",
        bucketRegionalDomainName: "models.s3.eu-central-1.amazonaws.com",
        bucketRegion: "eu-central-1",
        region: "eu-central-1",
        tagsAll: {},
      },
    ],
    ["aws:s3/bucket:Bucket", {}, { bucket: "name-0a1b2c3", arn: "arn:aws:s3:::name-0a1b2c3" }],
    [
      "aws:sqs/queue:Queue",
      { name: "q" },
      {
        url: "https://sqs.eu-central-1.amazonaws.com/000000000000/q",
        arn: "arn:aws:sqs:eu-central-1:000000000000:q",
      },
    ],
    [
      "aws:ecr/repository:Repository",
      { name: "a/b" },
      { repositoryUrl: "000000000000.dkr.ecr.eu-central-1.amazonaws.com/a/b", registryId: "000000000000" },
    ],
    [
      "aws:ssm/parameter:Parameter",
      { name: "/a/b" },
      { arn: "arn:aws:ssm:eu-central-1:000000000000:parameter/a/b" },
    ],
  ])("have the outputs that programs use: %s %j", async (type, inputs, outputs) => {
    expect((await make(cloud, type, "name", inputs)).outputs).toMatchObject(outputs);
  });

  it.each([
    ["aws:s3/bucket:Bucket", "hostedZoneId"],
    ["aws:acm/certificate:Certificate", "domainValidationOptions"],
  ])(
    "say of an output that nobody here can know that it is not known, where it is used: %s",
    async (type, output) => {
      const { outputs } = await make(cloud, type, "name", { domainName: "example.com" });
      const text = `the local cloud does not know ${output} of ${type}`;
      expect(outputs[output]).toBe(`<${text}>`);
      const records = [{ zone: `to ${String(outputs[output])}` }];
      await expect(make(cloud, "aws:route53/record:Record", "r", { records })).rejects.toThrow(
        JSON.stringify([{ property: "records[0].zone", reason: text }]),
      );
    },
  );

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

  it("finds how a target group checks its tasks", async () => {
    const { groups } = await makeRoute(cloud);
    const { id: arn } = groups.blue;
    expect(await invoke("aws:lb/getTargetGroup:getTargetGroup", { arn })).toMatchObject({
      arn,
      protocolVersion: "HTTP1",
      healthCheck: { path: "/health", matcher: "200", interval: 10, timeout: 5, healthyThreshold: 2 },
    });
  });

  it("finds a rule with its tags, by its listener and priority, too", async () => {
    const { listener, rule } = await makeRoute(cloud);
    const byPriority = { listenerArn: listener.id, priority: 100 };
    const found = await invoke("aws:lb/getListenerRule:getListenerRule", byPriority);
    expect(found).toMatchObject({ arn: rule.id, tags: { "deploy:active-slot": "blue" } });
    expect(await invoke("aws:lb/getListenerRule:getListenerRule", { arn: rule.id })).toEqual(found);
    await expect(
      invoke("aws:lb/getListenerRule:getListenerRule", { ...byPriority, priority: 7 }),
    ).rejects.toThrow("NotFound");
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
    expect(await invoke("aws:lb/getLoadBalancer:getLoadBalancer", { name: "models-1" })).toEqual(found);
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

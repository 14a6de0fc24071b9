import { describe, expect, it } from "vitest";
import { parseConfig } from "../../contract/config/parse.ts";
import { rawConfig, type WrittenConfig } from "../support/written-config.ts";

const SUBNETS = {
  vpcId: "vpc-1",
  publicSubnetIds: ["subnet-1", "subnet-2"],
  taskSubnetIds: ["subnet-3", "subnet-4"],
};
const INSTANCES = { capacity: "ec2", capacityProvider: "gpus" };

const problemsOf = (values: WrittenConfig) => {
  const parsed = parseConfig(rawConfig(values));
  return parsed.ok ? [] : parsed.problems.map(({ key, fix }) => [key, fix]);
};

describe("what tasks run on is refused when it is", () => {
  it.each<readonly [string, WrittenConfig, string, string]>([
    [
      "GPUs on Fargate",
      { service: { gpus: 1 } },
      "service.gpus",
      "pulumi config set --path service.capacity ec2",
    ],
    [
      "GPUs on Fargate for one slot's model",
      { green: { overrides: { gpus: 1 } } },
      "green.overrides.gpus",
      "pulumi config set --path green.overrides.capacity ec2",
    ],
    [
      "instances without a capacity provider",
      { service: { capacity: "ec2" }, network: SUBNETS },
      "service.capacityProvider",
      "pulumi config set --path service.capacityProvider <name>",
    ],
    [
      "instances in a VPC that the stack would make itself",
      { green: { overrides: { capacity: "ec2" } }, service: { capacityProvider: "gpus" } },
      "network.vpcId",
      "pulumi config set --path network.vpcId vpc-…",
    ],
    [
      "a public IP for tasks on instances",
      { service: INSTANCES, network: { ...SUBNETS, assignPublicIp: true } },
      "network.assignPublicIp",
      "pulumi config set --path network.assignPublicIp false",
    ],
    [
      "instances on the local cloud",
      { service: { capacity: "ec2" }, localCloud: "http://127.0.0.1:4777" },
      "service.capacity",
      "pulumi config set --path service.capacity fargate",
    ],
  ])("%s", (_title, values, key, fix) => {
    expect(problemsOf(values)).toEqual([[key, fix]]);
  });

  it.each<readonly [string, WrittenConfig]>([
    ["Fargate Spot", { service: { capacity: "fargateSpot" } }],
    [
      "instances with GPUs, of a size that Fargate does not have",
      { service: { ...INSTANCES, gpus: 4, cpu: 3000, memory: 60_000 }, network: SUBNETS },
    ],
    [
      "instances for one slot's model beside Fargate for the other's",
      {
        green: { overrides: { capacity: "ec2", gpus: 1 } },
        service: { capacityProvider: "gpus" },
        network: SUBNETS,
      },
    ],
  ])("but not %s", (_title, values) => {
    expect(problemsOf(values)).toEqual([]);
  });
});

it("CPU units that Fargate does not have are said of the CPU, and not of the memory", () => {
  expect(problemsOf({ service: { cpu: 2458, memory: 2048 } })).toEqual([
    ["service.cpu", "pulumi config set --path service.cpu <CPU units>"],
  ]);
});

import { expect, it } from "vitest";
import { DIGEST, problemsOf } from "./support/raw.ts";

const SHARED = {
  vpcId: "vpc-1",
  taskSubnetIds: ["subnet-1", "subnet-2"],
  listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/x/1/2",
};

const cases: readonly { title: string; values: Record<string, unknown>; key: string; fix: string }[] = [
  {
    title: "one zone by name",
    values: { network: { zoneNames: ["us-east-1a", "us-east-1a"] } },
    key: "network.zoneNames",
    fix: "pulumi config set --path 'network.zoneNames[1]' <zone>",
  },
  {
    title: "zones by name in an existing VPC",
    values: {
      network: {
        vpcId: "vpc-1",
        publicSubnetIds: ["subnet-1", "subnet-2"],
        taskSubnetIds: ["subnet-1", "subnet-2"],
        zoneNames: ["us-east-1a", "us-east-1b"],
      },
    },
    key: "network.zoneNames",
    fix: "pulumi config rm --path network.zoneNames",
  },
  {
    title: "IPv6 in the stack's own VPC, which has none",
    values: { network: { ipAddressType: "dualstack" } },
    key: "network.ipAddressType",
    fix: "pulumi config rm --path network.ipAddressType",
  },
  {
    title: "IPv6 on an internal load balancer",
    values: {
      network: {
        vpcId: "vpc-1",
        publicSubnetIds: ["subnet-1", "subnet-2"],
        taskSubnetIds: ["subnet-1", "subnet-2"],
        internal: true,
        ipAddressType: "dualstack",
      },
    },
    key: "network.ipAddressType",
    fix: "pulumi config rm --path network.ipAddressType",
  },
  {
    title: "callers with IPv6 where the load balancer has none",
    values: { service: { allowedCidrs: ["10.0.0.0/8", "2001:db8::/32"] } },
    key: "service.allowedCidrs",
    fix: "pulumi config rm --path 'service.allowedCidrs[1]'",
  },
  {
    title: "a block that is none",
    values: { service: { allowedCidrs: ["2001:db8::/129"] } },
    key: "service.allowedCidrs",
    fix: "pulumi config set --path service.allowedCidrs <value>",
  },
  {
    title: "a scheme for a load balancer that is another's",
    values: { network: { ...SHARED, hostHeaders: ["m.example.com"], internal: true } },
    key: "network.internal",
    fix: "pulumi config rm --path network.internal",
  },
  {
    title: "slow start with an algorithm that has none",
    values: { service: { algorithm: "least_outstanding_requests", slowStartSeconds: 60 } },
    key: "service.slowStartSeconds",
    fix: "pulumi config set --path service.slowStartSeconds 0",
  },
  {
    title: "the same of one slot's model",
    values: { blue: { image: DIGEST, service: { algorithm: "weighted_random", slowStartSeconds: 60 } } },
    key: "blue.service.slowStartSeconds",
    fix: "pulumi config set --path blue.service.slowStartSeconds 0",
  },
  {
    title: "a slow start shorter than ELB has one",
    values: { service: { slowStartSeconds: 29 } },
    key: "service.slowStartSeconds",
    fix: "pulumi config set --path service.slowStartSeconds <value>",
  },
  {
    title: "an algorithm that the local cloud does not simulate",
    values: { localCloud: "http://127.0.0.1:4566", service: { algorithm: "weighted_random" } },
    key: "service.algorithm",
    fix: "pulumi config set --path service.algorithm round_robin",
  },
];

it.each(cases)("one configuration alone shows $title", ({ values, key, fix }) => {
  const problems = problemsOf(values);
  expect(problems.map((problem) => problem.key)).toEqual([key]);
  expect(problems[0]?.fix).toBe(fix);
});

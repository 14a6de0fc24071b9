import { expect, it } from "vitest";
import { parseConfig } from "../../contract/config/parse.ts";
import { EXISTING_VPC, HTTPS, IMAGE, DIGEST, SHARED, TWO_SLOTS } from "../infra/configs.ts";
import { rawConfig, type WrittenConfig } from "../support/written-config.ts";

const problemsIn = (written: WrittenConfig) => {
  const parsed = parseConfig(rawConfig({ ...TWO_SLOTS, ...written }));
  return parsed.ok ? [] : parsed.problems.map(({ key }) => key);
};
const shared = (more: object) => ({ network: { ...SHARED, hostHeaders: ["m.example.com"], ...more } });
const service = (more: object) => ({ service: more });
const metric = (more: object) => ({
  signals: [
    {
      name: "drift",
      source: {
        from: "cloudwatch",
        namespace: "Model",
        numerator: "Drift",
        denominator: "requests",
        dimensions: { Slot: "{slot}" },
        ...more,
      },
    },
  ],
});
const subnets = Array.from({ length: 17 }, (_, index) => `subnet-${index}`);
const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`d${index}`, "x"]));

/** What AWS refuses, the key that a preview names for it, and the nearest that AWS takes. */
const REFUSED: readonly (readonly [string, string, WrittenConfig, WrittenConfig])[] = [
  [
    "a host name without a dot",
    "network.hostHeaders",
    shared({ hostHeaders: ["model"] }),
    shared({ hostHeaders: ["model.lan"] }),
  ],
  [
    "a host name with a digit behind the last dot",
    "network.hostHeaders",
    shared({ hostHeaders: ["model.b1"] }),
    shared({ hostHeaders: ["b1.model"] }),
  ],
  [
    "a path with characters that no pattern has",
    "network.pathPatterns",
    shared({ pathPatterns: ["/{a}"] }),
    shared({ pathPatterns: ["/~a/*.$b"] }),
  ],
  [
    "the ARN of no listener of an application load balancer",
    "network.listenerArn",
    shared({ listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/net/a/b/c" }),
    shared({}),
  ],
  [
    "codes of a health check in falling order",
    "service.healthMatcher",
    service({ healthMatcher: "299-200" }),
    service({ healthMatcher: "200-299,404" }),
  ],
  [
    "addresses that are none",
    "service.allowedCidrs",
    service({ allowedCidrs: ["10.0.0.256/32"] }),
    service({ allowedCidrs: ["10.0.0.255/32"] }),
  ],
  [
    "more leading bits than an address has",
    "service.allowedCidrs",
    service({ allowedCidrs: ["10.0.0.0/33"] }),
    service({ allowedCidrs: ["10.0.0.0/8"] }),
  ],
  [
    "a range of a VPC that is none",
    "network.cidr",
    { network: { cidr: "10.0.0.999/16" } },
    { network: { cidr: "10.255.0.0/16" } },
  ],
  [
    "the ARN of no certificate",
    "service.certificateArn",
    service({ ...HTTPS, certificateArn: "arn:aws:sns:eu-west-1:123456789012:topic" }),
    service({ ...HTTPS, certificateArn: "arn:aws:iam::123456789012:server-certificate/model" }),
  ],
  [
    "the ARN of no policy",
    "service.taskPolicyArns",
    service({ taskPolicyArns: ["arn:aws:iam:"] }),
    service({ taskPolicyArns: ["arn:aws-cn:iam::aws:policy/service-role/Reads"] }),
  ],
  [
    "a path of roles that leaves no room",
    "iam.rolePath",
    { iam: { rolePath: `/${"p".repeat(449)}/` } },
    { iam: { rolePath: `/${"p".repeat(448)}/` } },
  ],
  [
    "a statistic that CloudWatch cannot read",
    "thresholds.slowSeconds",
    { thresholds: { slowSeconds: 1e-7 } },
    { thresholds: { slowSeconds: 0.002 } },
  ],
  [
    "an image with a name of 256 characters",
    "blue.image",
    { blue: { image: `${"i".repeat(256)}@${DIGEST}` } },
    { blue: { image: `${"i".repeat(255)}@${DIGEST}` } },
  ],
  [
    "subnets for 17 zones",
    "network.taskSubnetIds",
    { network: { ...EXISTING_VPC, taskSubnetIds: subnets } },
    { network: { ...EXISTING_VPC, taskSubnetIds: subnets.slice(1) } },
  ],
  [
    "a webhook that does not fit into a function's environment",
    "notifyUrl",
    { notifyUrl: `https://example.com/${"w".repeat(2000)}` },
    { notifyUrl: `https://example.com/${"w".repeat(1900)}` },
  ],
  [
    "an environment that does not fit into a task definition",
    "service.environment",
    service({ environment: { A: "a".repeat(60_001) } }),
    service({ environment: { A: "a".repeat(50_000) } }),
  ],
  [
    "a command that does not fit into a slot's task definition",
    "blue.service.command",
    { blue: { image: IMAGE, service: { command: ["c".repeat(60_001)] } } },
    { blue: { image: IMAGE, service: { command: ["c".repeat(50_000)] } } },
  ],
  [
    "an alarm's name with a line break",
    "rollout.alarms",
    { rollout: { alarms: ["a\nb"] } },
    { rollout: { alarms: ["ä b"] } },
  ],
  [
    "a dimension that is not ASCII",
    "signals[0].source.dimensions",
    metric({ dimensions: { Slot: "{slot}", Größe: "x" } }),
    metric({ dimensions: { Slot: "{slot}", Size: "x" } }),
  ],
  [
    "31 dimensions",
    "signals[0].source.dimensions",
    metric({ dimensions: { ...many, Slot: "{slot}" } }),
    metric({ dimensions: { ...many, d0: "{slot}" } }),
  ],
  [
    "a namespace with a line break",
    "signals[0].source.namespace",
    metric({ namespace: "a\nb" }),
    metric({ namespace: "a b" }),
  ],
];

it.each(REFUSED)(
  "a preview refuses %s, as AWS would, and not the nearest that AWS takes",
  (_what, key, wrong, right) => {
    expect(problemsIn(wrong)).toContain(key);
    expect(problemsIn(right)).not.toContain(key);
  },
);

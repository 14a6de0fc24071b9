import type { MockPlace } from "../support/pulumi-mock-calls.ts";
import type { WrittenConfig } from "../support/pulumi-mocks.ts";
import {
  EXISTING_VPC,
  HTTPS,
  IMAGE,
  NEW_TOKEN,
  ONE_SLOT,
  OTHER_IMAGE,
  SHARED,
  TOKEN,
  TWO_SLOTS,
  ZONE,
} from "./configs.ts";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:releases";
const SECRETS = {
  API_KEY: "arn:aws:secretsmanager:us-east-1:123456789012:secret:model/api-key-AbCdEf:key::",
  SALT: "arn:aws:ssm:us-east-1:123456789012:parameter/model/salt",
};
const SIGNAL = {
  name: "drift",
  source: {
    from: "cloudwatch",
    namespace: "Model",
    numerator: "Drift",
    denominator: "requests",
    dimensions: { Slot: "{slot}" },
  },
};

/** A stack of which everything is given that can be. */
const FULL: WrittenConfig = {
  blue: { image: IMAGE, modelVersion: "7", release: "v7-g1", minTasks: 2, maxTasks: 10 },
  green: { image: OTHER_IMAGE, modelVersion: "8", release: "v8-g2", rotated: "2026-11-25T10:00:00Z" },
  greenWeight: 10,
  release: {
    id: "v8-g2",
    slot: "green",
    state: "running",
    weight: 10,
    stepSince: "2026-11-25T10:00:00Z",
    deadline: "2026-11-25T11:00:00Z",
  },
  testToken: TOKEN,
  notifyUrl: "https://hooks.example.com/services/T0/B0/secret",
  service: {
    ...ZONE,
    environment: { LOG_LEVEL: "debug", EMPTY: "" },
    secrets: SECRETS,
    command: ["node", "service.js"],
    taskPolicyArns: ["arn:aws:iam::123456789012:policy/reads-models"],
    stickinessSeconds: 604_800,
    requestsPerTask: 1000,
    logDays: "365",
  },
  iam: { permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/boundary", rolePath: "/teams/ml/" },
  signals: [SIGNAL],
  rollout: {
    notifyTopicArn: TOPIC,
    alarms: ["own-{slot}"],
    atDeadline: "revert",
    watchdogReserved: true,
  },
};

/** Each slot with a model of its own, as deploys have copied them, and nothing of the template. */
const TWO_MODELS: WrittenConfig = {
  blue: {
    image: IMAGE,
    modelVersion: "7",
    service: { port: 8080, cpu: 256, memory: 512, healthPath: "/ready", algorithm: "round_robin" },
  },
  green: {
    image: "ghcr.io/example/other@sha256:".concat("c3".repeat(32)),
    modelVersion: "8",
    service: {
      port: 9090,
      cpu: 16_384,
      memory: 122_880,
      healthPath: "/v2/health/ready",
      healthMatcher: "200-299",
      architecture: "ARM64",
      algorithm: "least_outstanding_requests",
      requestTimeoutSeconds: 3600,
      drainSeconds: 3600,
      startupSeconds: 3600,
    },
  },
};

const CHINA: MockPlace = { partition: "aws-cn", region: "cn-north-1" };
const GOVCLOUD: MockPlace = { partition: "aws-us-gov", region: "us-gov-west-1" };

/** As deploys leave them: one agent in front, one that reads the model's page alone. */
const AGENTS: WrittenConfig = {
  service: HTTPS,
  testToken: TOKEN,
  blue: {
    ...Object(TWO_SLOTS["blue"]),
    release: "v7-g3",
    told: 2,
    service: {
      agent: {
        front: { streams: { firstTokenSeconds: 0.5 }, user: { cookie: "session" } },
        capture: { sample: 10, redact: ["/customer/name"] },
        shadow: { paths: ["/predict"], prediction: ["/label"] },
        secrets: { WORD: "arn:aws:secretsmanager:us-east-1:123456789012:secret:word-AbCdEf" },
      },
    },
  },
  green: {
    ...Object(TWO_SLOTS["green"]),
    release: "v8-g4",
    told: 2,
    service: { cpu: 256, memory: 512, agent: { scrape: { preset: "vllm" }, environment: { WORD: "x" } } },
  },
};

interface Written {
  readonly written: WrittenConfig;
  readonly stack?: string;
  readonly place?: MockPlace;
}

/** Configurations whose resources differ in what AWS is asked for. */
export const CONFIGURATIONS: Readonly<Record<string, Written>> = {
  "a new stack without a model": { written: {} },
  "its own listener, one model": { written: ONE_SLOT },
  "a shared listener": {
    written: {
      ...TWO_SLOTS,
      testToken: TOKEN,
      network: { ...SHARED, hostHeaders: ["*.example.com"] },
      service: { hostName: "model.example.com" },
    },
  },
  "HTTPS with a certificate, a token that is being rotated": {
    written: { ...TWO_SLOTS, service: HTTPS, testToken: `${TOKEN},${NEW_TOKEN}` },
  },
  "HTTPS with a hosted zone, and everything else that can be given": { written: FULL, stack: "prod" },
  "GPUs on instances": {
    written: {
      ...TWO_SLOTS,
      network: EXISTING_VPC,
      service: { capacity: "ec2", capacityProvider: "gpu-instances", gpus: 16, cpu: 4000, memory: 15_000 },
    },
  },
  "Fargate Spot, NAT in each zone, zones by name": {
    written: {
      ...TWO_SLOTS,
      service: { capacity: "fargateSpot" },
      network: { nat: "onePerZone", zoneNames: ["us-east-1a", "us-east-1b", "us-east-1c"] },
    },
  },
  "two models": { written: TWO_MODELS },
  "two models with their agents": { written: AGENTS },
  "an external VPC, inside it alone": {
    written: { ...TWO_SLOTS, network: { ...EXISTING_VPC, internal: true, assignPublicIp: true } },
  },
  "a dual stack": {
    written: {
      ...TWO_SLOTS,
      network: { ...EXISTING_VPC, ipAddressType: "dualstack" },
      service: { ...ZONE, allowedCidrs: ["192.0.2.0/24", "2001:db8::/32"], testCidrs: ["2001:db8::1/128"] },
      testToken: TOKEN,
    },
  },
  "slow start, one slot scaled to zero, nobody let in yet": {
    written: {
      ...TWO_SLOTS,
      green: { image: OTHER_IMAGE, modelVersion: "8", minTasks: 0 },
      service: { slowStartSeconds: 900, cpuTarget: 0, allowedCidrs: [] },
      rollout: { watchdog: false, protect: false },
      network: { nat: "single" },
    },
  },
  "weighted_random, the smallest of everything": {
    written: {
      ...TWO_SLOTS,
      service: {
        algorithm: "weighted_random",
        port: 1,
        healthIntervalSeconds: 5,
        healthTimeoutSeconds: 2,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
        startupSeconds: 0,
        requestTimeoutSeconds: 1,
        drainSeconds: 1,
        logDays: "1",
        cpuTarget: 1,
      },
      thresholds: { maxErrorRate: 0.0001, slowSeconds: 0.012_345_678_901_2, minRequestsPerMinute: 1 },
      network: { cidr: "10.0.0.0/23", priority: 3 },
    },
  },
  "the longest of everything": {
    written: {
      ...TWO_SLOTS,
      service: {
        healthPath: `/${"h".repeat(1023)}`,
        healthIntervalSeconds: 300,
        healthTimeoutSeconds: 120,
        healthyThreshold: 10,
        unhealthyThreshold: 10,
        port: 65_535,
        environment: { ["E".repeat(100)]: "e".repeat(10_000) },
      },
      thresholds: { maxErrorRate: 1, slowSeconds: 300, minRequestsPerMinute: 100_000 },
      network: { zones: 6, priority: 50_000 },
    },
    stack: `a${"-long.Stack_".repeat(8)}`,
  },
  China: { written: { ...TWO_SLOTS, blue: { image: chinese(IMAGE), modelVersion: "7" } }, place: CHINA },
  GovCloud: { written: TWO_SLOTS, place: GOVCLOUD },
};

function chinese(image: string): string {
  return image.replace("us-east-1.amazonaws.com", "cn-north-1.amazonaws.com.cn");
}

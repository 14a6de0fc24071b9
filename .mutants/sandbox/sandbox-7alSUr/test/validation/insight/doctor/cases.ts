import { perSlot } from "../../../../contract/slot.ts";
import type { StackConfig } from "../../../../contract/config/stack-config.ts";
import type { CheckName, Facts, Finding } from "../../../../validation/insight/doctor/facts.ts";
import { oneModel } from "../../support/samples.ts";
import { World } from "../../support/world.ts";

export const NOW = Date.parse("2026-11-01T00:00:00Z");
export const DAY = 86_400_000;
export const unreadable = { readable: false, why: "no network" } as const;
export const given = <T>(value: T) => ({ readable: true, value }) as const;

const world = new World(oneModel()).deployed();
export const deployed = { ...world, outputs: { ...world.outputs, loadBalancerDnsName: "127.0.0.1:1" } };
export const names = Object.values(deployed.outputs.slots.blue.running?.alarms ?? {});
export const alarm = (name: string, state = "OK", evaluationState?: string) => ({
  name,
  state,
  evaluationState,
  transitionedMs: 0,
  configuredMs: 0,
  reason: "",
});

export const CERTIFICATE = {
  names: ["model.example.com"],
  hostName: "model.example.com",
  covers: true,
  endsMs: NOW + 90 * DAY,
  distrust: undefined,
};

/** A stack on AWS on which everything is in order. */
export const GOOD: Facts = {
  cloud: "aws",
  stack: { named: true, name: "dev", words: "stack dev" },
  isThrowaway: true,
  shellNode: given("v22.18.0"),
  engine: given("pulumi v3.270.0"),
  backend: given("s3://state as ada"),
  region: given("us-east-1"),
  caller: given({ kind: "known", account: "000000000000", arn: "arn:aws:iam::000000000000:user/ada" }),
  deployed: given(deployed),
  encryption: given("awskms://alias/fraud?region=us-east-1"),
  hasTestToken: given(true),
  runner: undefined,
  config: given(deployed.config),
  hasNotifyUrl: given(true),
  quotas: given({ targetGroups: { used: 5, limit: 3000 }, rules: { used: 3, limit: 100 } }),
  alarmCalls: given(12),
  certificate: given(CERTIFICATE),
  leads: given(undefined),
  platforms: perSlot(() => given(["amd64"])),
  services: unreadable,
  alarms: given(names.map((name) => alarm(name))),
  nowMs: NOW,
};
export const withService = (service: Partial<StackConfig["service"]>): Facts["config"] =>
  given({ ...deployed.config, service: { ...deployed.config.service, ...service } });

export interface Case {
  readonly title: string;
  readonly check: CheckName;
  readonly facts: Partial<Facts>;
  readonly results: readonly Finding["result"][];
  readonly words: string;
}

export const CASES: readonly Case[] = [
  {
    title: "Node 22.17",
    check: "node",
    facts: { shellNode: given("v22.17.1") },
    results: ["broken"],
    words: "22.18 or newer",
  },
  {
    title: "Node 24.0",
    check: "node",
    facts: { shellNode: given("v24.0.0") },
    results: ["ok"],
    words: "v24.0.0",
  },
  {
    title: "no Node but the project's",
    check: "node",
    facts: { shellNode: given(undefined) },
    results: ["broken"],
    words: "no node on PATH",
  },
  {
    title: "no pulumi command",
    check: "engine",
    facts: { engine: unreadable },
    results: ["broken"],
    words: "no network",
  },
  {
    title: "expired credentials",
    check: "credentials",
    facts: { caller: given({ kind: "refused", why: "token expired" }) },
    results: ["broken"],
    words: "token expired",
  },
  {
    title: "credentials of another account",
    check: "credentials",
    facts: { caller: given({ kind: "known", account: "111111111111", arn: "a" }) },
    results: ["broken"],
    words: "stands in account 000000000000",
  },
  {
    title: "a region that is not the stack's",
    check: "region",
    facts: { region: given("eu-west-1") },
    results: ["broken"],
    words: "stands in us-east-1",
  },
  {
    title: "room for exactly the groups that it needs",
    check: "quotas",
    facts: { quotas: given({ targetGroups: { used: 95, limit: 100 }, rules: { used: 0, limit: 100 } }) },
    results: ["ok", "ok"],
    words: "95 of 100",
  },
  {
    title: "one target group too few",
    check: "quotas",
    facts: { quotas: given({ targetGroups: { used: 96, limit: 100 }, rules: { used: 0, limit: 100 } }) },
    results: ["broken", "ok"],
    words: "Target Groups per Region",
  },
  {
    title: "a full load balancer before the first deployment",
    check: "quotas",
    facts: {
      deployed: given(undefined),
      quotas: given({ targetGroups: { used: 0, limit: 100 }, rules: { used: 98, limit: 100 } }),
    },
    results: ["ok", "broken"],
    words: "Rules per Application Load Balancer",
  },
  {
    title: "a full load balancer on which the stack stands already",
    check: "quotas",
    facts: { quotas: given({ targetGroups: { used: 0, limit: 100 }, rules: { used: 100, limit: 100 } }) },
    results: ["ok", "ok"],
    words: "0 needed",
  },
  {
    title: "half of the API rate used",
    check: "api-rate",
    facts: { alarmCalls: given(270) },
    results: ["broken"],
    words: "270 DescribeAlarms calls",
  },
  {
    title: "just less of it",
    check: "api-rate",
    facts: { alarmCalls: given(269) },
    results: ["ok"],
    words: "of 540",
  },
  {
    title: "no count of calls",
    check: "api-rate",
    facts: { alarmCalls: given(undefined) },
    results: ["unknown"],
    words: "no DescribeAlarms calls yet",
  },
  {
    title: "an image of the other processor",
    check: "image",
    facts: { platforms: perSlot(() => given(["arm64"])) },
    results: ["broken"],
    words: "X86_64 is asked for",
  },
  {
    title: "an image for both",
    check: "image",
    facts: {
      config: withService({ architecture: "ARM64" }),
      platforms: perSlot(() => given(["amd64", "arm64"])),
    },
    results: ["ok"],
    words: "amd64, arm64",
  },
  {
    title: "alarms that are not there",
    check: "alarms",
    facts: { alarms: given([]) },
    results: ["broken"],
    words: "missing: blue-error-rate",
  },
  {
    title: "an alarm without data",
    check: "alarms",
    facts: {
      alarms: given(names.map((name) => alarm(name, name === "blue-cpu" ? "INSUFFICIENT_DATA" : "OK"))),
    },
    results: ["broken"],
    words: "without data: blue-cpu",
  },
  {
    title: "an alarm that is not evaluated",
    check: "alarms",
    facts: {
      alarms: given(
        names.map((name) => alarm(name, "OK", name === "blue-cpu" ? "EVALUATION_ERROR" : undefined)),
      ),
    },
    results: ["broken"],
    words: "EVALUATION_ERROR",
  },
  {
    title: "no deployment, so no alarms",
    check: "alarms",
    facts: { deployed: given(undefined) },
    results: ["notApplicable"],
    words: "before the first",
  },
  {
    title: "a configuration that the program would refuse",
    check: "stack",
    facts: { config: { readable: false, why: "service.port is 0" } },
    results: ["broken"],
    words: "service.port is 0",
  },
];

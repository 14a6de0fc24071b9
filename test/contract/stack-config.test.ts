import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONFIG_KEYS, PROJECT } from "../../contract/config.ts";
import { showProblems } from "../../contract/problem.ts";
import { lentShare, parseConfig } from "../../contract/stack-config.ts";

const DIGEST = `registry.example/digits@sha256:${"a".repeat(64)}`;
const TOKEN = "0123456789abcdef0123456789abcdef";

/** A configuration in Pulumi's own form: qualified keys, values as text, objects as JSON text. */
function raw(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key.includes(":") ? key : `${PROJECT}:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function problemsOf(values: Readonly<Record<string, unknown>>) {
  const parsed = parseConfig(raw(values));
  return parsed.ok ? [] : parsed.problems;
}

const running = { blue: { image: DIGEST }, green: { image: DIGEST } };

describe("a stack's configuration", () => {
  it("is complete when nothing is set: an empty stack with blue active", () => {
    const parsed = parseConfig({});
    expect(parsed).toMatchObject({
      ok: true,
      config: {
        activeSlot: "blue",
        split: { blue: 100, green: 0 },
        release: undefined,
        generation: 0,
        testTokens: [],
        localCloud: undefined,
        rollout: { steps: [10, 25, 50, 100] },
        slots: { blue: { image: undefined, minTasks: 1, overrides: { environment: {} } } },
      },
    });
  });

  it.each([
    {
      name: "numbers as text",
      values: { ...running, greenWeight: "25", thresholds: { maxErrorRate: "0.02" } },
    },
    { name: "numbers as JSON", values: { ...running, greenWeight: 25, thresholds: { maxErrorRate: 0.02 } } },
  ])("reads $name, as `pulumi config set` and `--path` write them", ({ values }) => {
    expect(parseConfig(raw(values))).toMatchObject({
      ok: true,
      config: { split: { blue: 75, green: 25 }, thresholds: { maxErrorRate: 0.02 } },
    });
  });

  it("lends a share to whichever slot is not active", () => {
    const parsed = parseConfig(raw({ ...running, activeSlot: "green", blueWeight: 10 }));
    expect(parsed.ok && parsed.config.split).toEqual({ blue: 10, green: 90 });
    expect(parsed.ok && lentShare(parsed.config)).toEqual({ slot: "blue", percent: 10 });
  });

  it("leaves the keys of other namespaces alone", () => {
    expect(parseConfig({ "aws:region": "eu-west-1", "aws:nonsense": "x" }).ok).toBe(true);
  });

  it("takes two test tokens while one is being rotated out", () => {
    const parsed = parseConfig(
      raw({ testToken: `${TOKEN},${TOKEN}`, service: { testCidrs: ["10.0.0.0/8"] } }),
    );
    expect(parsed.ok && parsed.config.testTokens).toEqual([TOKEN, TOKEN]);
  });

  it("reports all problems at once, each with what was got, what is allowed and the command that mends it", () => {
    const problems = problemsOf({
      activeSlot: "purple",
      greenWeight: "101",
      greenWieght: "10",
      service: { port: 0, prot: 1 },
      thresholds: "nonsense",
    });
    expect(problems.map(({ key }) => key).sort()).toEqual([
      "activeSlot",
      "greenWeight",
      "greenWieght",
      "service.port",
      "service.prot",
      "thresholds",
    ]);
    const message = showProblems(problems);
    expect(message).toContain("6 problems");
    expect(message).toContain(
      'activeSlot is "purple"; allowed: blue or green. Mend it: pulumi config set activeSlot <value>',
    );
    expect(message).toContain("pulumi config rm --path service.prot");
  });

  it("never throws, whatever it is given", () => {
    const keys = [...Object.keys(CONFIG_KEYS), "testToken", "localCloud", "unknown"];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.oneof(fc.string(), fc.json())), (values) => {
        const parsed = parseConfig(raw(values));
        return (
          parsed.ok ||
          parsed.problems.every(({ key, allowed, mend }) => key !== "" && allowed !== "" && mend !== "")
        );
      }),
    );
  });
});

describe("one configuration alone shows", () => {
  const cases: readonly { title: string; values: Record<string, unknown>; key: string; mend: string }[] = [
    {
      title: "a leftover weight of the active slot, and the one line that does both",
      values: { ...running, activeSlot: "green", greenWeight: 10 },
      key: "greenWeight",
      mend: "pulumi config set-all --plaintext activeSlot=green --plaintext greenWeight=0",
    },
    {
      title: "a share for an empty slot",
      values: { blue: running.blue, greenWeight: 10 },
      key: "greenWeight",
      mend: "pulumi config set greenWeight 0",
    },
    {
      title: "a share for a slot scaled to zero",
      values: { ...running, green: { image: DIGEST, minTasks: 0 }, greenWeight: 10 },
      key: "greenWeight",
      mend: "pulumi config set greenWeight 0",
    },
    {
      title: "an empty active slot while the other one runs",
      values: { green: running.green },
      key: "activeSlot",
      mend: "pulumi config set activeSlot green",
    },
    {
      title: "an active slot without tasks",
      values: { blue: { image: DIGEST, minTasks: 0 } },
      key: "blue.minTasks",
      mend: "pulumi config set --path blue.minTasks 1",
    },
    {
      title: "more tasks at least than at most",
      values: { ...running, green: { image: DIGEST, minTasks: 5, maxTasks: 2 } },
      key: "green.maxTasks",
      mend: "pulumi config set --path green.maxTasks 5",
    },
    {
      title: "an image by tag on the active slot",
      values: { blue: { image: "digits:2" } },
      key: "blue.image",
      mend: "pulumi config set --path blue.image <repository>@sha256:<digest>",
    },
    {
      title: "an image by tag on a slot that is lent a share",
      values: { ...running, green: { image: "digits:2" }, greenWeight: 1 },
      key: "green.image",
      mend: "pulumi config set --path green.image <repository>@sha256:<digest>",
    },
    {
      title: "a memory size that Fargate does not have with this CPU",
      values: { service: { cpu: 256, memory: 4096 } },
      key: "service.memory",
      mend: "pulumi config set --path service.memory <MiB>",
    },
    {
      title: "such a size in the overrides of one slot",
      values: { green: { overrides: { cpu: 1024 } } },
      key: "green.overrides.memory",
      mend: "pulumi config set --path green.overrides.memory <MiB>",
    },
    {
      title: "more wildcards than a listener rule takes",
      values: {
        network: {
          vpcId: "vpc-1",
          taskSubnetIds: ["subnet-1", "subnet-2"],
          listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/x/1/2",
          pathPatterns: ["/a*/b*/*", "/c*/d*/*/*"],
        },
      },
      key: "network.pathPatterns",
      mend: "pulumi config rm --path 'network.pathPatterns[0]'",
    },
    {
      title: "steps that do not rise",
      values: { rollout: { steps: [10, 10, 100] } },
      key: "rollout.steps",
      mend: "pulumi config set --path 'rollout.steps[0]' 100",
    },
    {
      title: "steps that do not end at 100",
      values: { rollout: { steps: [10, 50] } },
      key: "rollout.steps",
      mend: "pulumi config set --path 'rollout.steps[0]' 100",
    },
    {
      title: "a deadline before the end of the bake",
      values: { rollout: { bakeMinutes: 60, deadlineMinutes: 60 } },
      key: "rollout.deadlineMinutes",
      mend: "pulumi config set --path rollout.deadlineMinutes 61",
    },
    {
      title: "a test token that anyone could guess, without repeating it",
      values: { testToken: "short", service: { testCidrs: ["10.0.0.0/8"] } },
      key: "testToken",
      mend: "pulumi config set --secret testToken $(openssl rand -hex 24)",
    },
    {
      title: "a test token over plain HTTP for everyone",
      values: { testToken: TOKEN },
      key: "service.testCidrs",
      mend: "pulumi config set --path 'service.testCidrs[0]' <your address>/32",
    },
    {
      title: "more condition values than a listener rule takes",
      values: { testToken: TOKEN, service: { testCidrs: ["10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16"] } },
      key: "service.testCidrs",
      mend: "pulumi config rm --path 'service.testCidrs[0]'",
    },
    {
      title: "an existing VPC without subnets",
      values: { network: { vpcId: "vpc-1", taskSubnetIds: ["subnet-1", "subnet-2"] } },
      key: "network.publicSubnetIds",
      mend: "pulumi config set --path 'network.publicSubnetIds[0]' subnet-…",
    },
    {
      title: "a shared listener without the conditions of the route",
      values: {
        network: {
          listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/x/1/2",
          vpcId: "vpc-1",
          taskSubnetIds: ["subnet-1", "subnet-2"],
        },
      },
      key: "network.hostHeaders",
      mend: "pulumi config set --path 'network.hostHeaders[0]' model.example.com",
    },
    {
      title: "a local cloud that is not on this machine",
      values: { localCloud: "http://10.0.0.1:80" },
      key: "localCloud",
      mend: "pulumi config rm localCloud",
    },
  ];

  it.each(cases)("$title", ({ values, key, mend }) => {
    const problems = problemsOf(values);
    expect(problems.map((problem) => problem.key)).toEqual([key]);
    expect(problems[0]?.mend).toBe(mend);
    expect(showProblems(problems)).not.toContain('short"');
  });

  it.each([
    {
      title: "an image by tag on an idle slot without a share",
      values: { blue: { image: DIGEST }, green: { image: "digits:2" } },
    },
    {
      title: "an image by tag anywhere on the local cloud",
      values: { localCloud: "http://127.0.0.1:4566", blue: { image: "digits:2" } },
    },
    {
      title: "a test token over plain HTTP on the local cloud",
      values: { localCloud: "http://127.0.0.1:4566", testToken: TOKEN },
    },
    {
      title: "a test token behind HTTPS",
      values: { testToken: TOKEN, service: { certificateArn: "arn:aws:acm:eu-west-1:1:certificate/x" } },
    },
    {
      title: "everything lent, while the active slot stays of record",
      values: { ...running, greenWeight: 100 },
    },
  ])("nothing against $title", ({ values }) => {
    expect(problemsOf(values)).toEqual([]);
  });
});

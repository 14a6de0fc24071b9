import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONFIG_KEYS } from "../../contract/config/keys.ts";
import { showProblems } from "../../contract/checks/problem.ts";
import { shiftedShare } from "../../contract/config/stack-config.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import { problemsOf, raw, running, TOKEN } from "./support/raw.ts";

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

  it("shifts a share to whichever slot is not active", () => {
    const parsed = parseConfig(raw({ ...running, activeSlot: "green", blueWeight: 10 }));
    expect(parsed.ok && parsed.config.split).toEqual({ blue: 10, green: 90 });
    expect(parsed.ok && shiftedShare(parsed.config)).toEqual({ slot: "blue", percent: 10 });
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

  it("reports all problems at once, each with what was got, what is allowed and the command that fixes it", () => {
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
      'activeSlot is "purple"; allowed: blue or green. Fix it: pulumi config set activeSlot <value>',
    );
    expect(message).toContain("pulumi config rm --path service.prot");
  });

  it("does not repeat the value of a key that it does not know, nor of a secret: it may be one that was given in a wrong place", () => {
    const problems = problemsOf({
      testTokn: TOKEN,
      service: { secret: TOKEN, toString: "x", secrets: { KEY: TOKEN } },
    });
    expect(problems.map(({ key }) => key).toSorted()).toEqual([
      "service.secret",
      "service.secrets",
      "service.toString",
      "testTokn",
    ]);
    expect(showProblems(problems)).not.toContain(TOKEN);
    expect(showProblems(problems)).toContain('service.secrets is ["KEY"]; allowed: ');
  });

  it("takes no word for true that a language has for its own", () => {
    const problems = problemsOf({ service: { allowInPlace: "constructor" }, rollout: { protect: "yes" } });
    expect(problems.map(({ key }) => key)).toEqual(["service.allowInPlace", "rollout.protect"]);
  });

  it("never throws, whatever it is given", () => {
    const keys = [...Object.keys(CONFIG_KEYS), "testToken", "localCloud", "unknown"];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.oneof(fc.string(), fc.json())), (values) => {
        const parsed = parseConfig(raw(values));
        return (
          parsed.ok ||
          parsed.problems.every(({ key, allowed, fix }) => key !== "" && allowed !== "" && fix !== "")
        );
      }),
    );
  });
});

import { describe, expect, test } from "vitest";
import { readCustomGate } from "../../contract/config/custom-gate.ts";
import { showProblem } from "../../contract/checks/problem.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import { syntheticLoadField } from "../../contract/config/synthetic-load.ts";

describe("a custom gate in the configuration", () => {
  test.each([
    [
      "a command",
      { name: "shap", command: ["python", "gate.py", 3] },
      { kind: "command", argv: ["python", "gate.py", "3"] },
    ],
    ["a URL", { name: "registry", url: "https://x/y" }, { kind: "url", url: "https://x/y" }],
  ])("is %s", (_title, raw, asks) => {
    expect(readCustomGate(raw)).toEqual({ name: raw.name, timeoutSeconds: 10, asks });
    expect(readCustomGate({ ...raw, timeoutSeconds: "60" })).toMatchObject({ timeoutSeconds: 60 });
  });

  test.each([
    ["neither", { name: "a" }],
    ["both", { name: "a", command: ["x"], url: "http://x" }],
    ["a line for a shell", { name: "a", command: "python gate.py" }],
    ["an empty command", { name: "a", command: [] }],
    ["a command with something else in it", { name: "a", command: ["x", { y: 1 }] }],
    ["a file URL", { name: "a", url: "file:///etc/passwd" }],
    ["no name", { command: ["x"] }],
    ["a name with spaces", { name: "a b", command: ["x"] }],
    ["no time", { name: "a", command: ["x"], timeoutSeconds: 0 }],
    ["more time than a check has", { name: "a", command: ["x"], timeoutSeconds: 61 }],
    ["a word that is not known", { name: "a", command: ["x"], shell: true }],
    ["a text", "x"],
  ])("is not %s", (_title, raw) => {
    expect(readCustomGate(raw)).toBeUndefined();
  });
});

describe("a synthetic load in the configuration", () => {
  const read = (raw: unknown) => syntheticLoadField.read(raw)?.value;
  test("is a rate", () => {
    expect(read({ requestsPerMinute: "60" })).toEqual({ requestsPerMinute: 60 });
  });

  test.each([
    ["without a rate", {}],
    ["of no requests", { requestsPerMinute: 0 }],
    ["with a word that is not known", { requestsPerMinute: 1, rate: 2 }],
  ])("is refused %s", (_title, raw) => {
    expect(read(raw)).toBeUndefined();
  });

  test("names the one key of the golden set and of the path when they are given a second time", () => {
    const load = { requestsPerMinute: 60, goldenSet: "data/golden.jsonl", path: "/v2/infer" };
    const parsed = parseConfig({ rollout: JSON.stringify({ syntheticLoad: load }) });
    expect(parsed.ok ? [] : parsed.problems.map(showProblem)).toEqual([
      'rollout.syntheticLoad.goldenSet is "data/golden.jsonl"; allowed: nothing here, it is suite.goldenSet now. ' +
        "Fix it: pulumi config rm --path rollout.syntheticLoad.goldenSet && pulumi config set --path suite.goldenSet data/golden.jsonl",
      'rollout.syntheticLoad.path is "/v2/infer"; allowed: nothing here, it is suite.predictPath now. ' +
        "Fix it: pulumi config rm --path rollout.syntheticLoad.path && pulumi config set --path suite.predictPath /v2/infer",
    ]);
  });
});

describe("how a release is steered, in the configuration", () => {
  const problems = (rollout: object) => {
    const parsed = parseConfig({ rollout: JSON.stringify(rollout) });
    return parsed.ok ? [] : parsed.problems.map(({ key }) => key);
  };
  test("refuses an approval of a share that no step asks for: nobody would ever be asked", () => {
    expect(problems({ steps: [10, 100], approvals: [50] })).toEqual(["rollout.approvals"]);
    expect(problems({ steps: [10, 100], approvals: [10, 100] })).toEqual([]);
  });

  test("refuses two gates of one name: evidence would not say which", () => {
    const gate = { name: "a", command: ["x"] };
    expect(problems({ customGates: [gate, gate] })).toEqual(["rollout.customGates"]);
    expect(problems({ customGates: [gate, { ...gate, name: "b" }] })).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { readCustomGate } from "../../contract/custom-gate.ts";
import { parseConfig } from "../../contract/stack-config.ts";
import { syntheticLoadField } from "../../contract/synthetic-load.ts";

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
    ["more time than a look has", { name: "a", command: ["x"], timeoutSeconds: 61 }],
    ["a word that is not known", { name: "a", command: ["x"], shell: true }],
    ["a text", "x"],
  ])("is not %s", (_title, raw) => {
    expect(readCustomGate(raw)).toBeUndefined();
  });
});

describe("a synthetic load in the configuration", () => {
  const read = (raw: unknown) => syntheticLoadField.read(raw)?.value;
  test("is a rate, a file of the repository, and a path", () => {
    const given = { requestsPerMinute: "60", goldenSet: "data/golden.jsonl" };
    expect(read(given)).toEqual({ requestsPerMinute: 60, goldenSet: "data/golden.jsonl", path: "/predict" });
    expect(read({ ...given, path: "/v2/infer" })).toMatchObject({ path: "/v2/infer" });
  });

  test.each([
    ["without a rate", { goldenSet: "g" }],
    ["without a golden set", { requestsPerMinute: 1 }],
    ["of no requests", { requestsPerMinute: 0, goldenSet: "g" }],
    ["from outside the repository", { requestsPerMinute: 1, goldenSet: "../g" }],
    ["from an absolute path", { requestsPerMinute: 1, goldenSet: "/etc/passwd" }],
    ["to a whole URL", { requestsPerMinute: 1, goldenSet: "g", path: "http://elsewhere" }],
    ["with a word that is not known", { requestsPerMinute: 1, goldenSet: "g", rate: 2 }],
  ])("is refused %s", (_title, raw) => {
    expect(read(raw)).toBeUndefined();
  });
});

describe("how a release is steered, in the configuration", () => {
  const problems = (rollout: object) => {
    const parsed = parseConfig({ "ml-blue-green:rollout": JSON.stringify(rollout) });
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

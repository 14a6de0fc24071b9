import { describe, expect, test } from "vitest";
import type { Call } from "../scenario/support/gate.ts";
import { answer, call, doingOf, trail } from "./landmarks.ts";
import { differences } from "./stand.ts";
import { renderTable, summaryOf, type Cell } from "./table.ts";
import { ROWS } from "./verbs.ts";

const disk = (operation: string, path: string): Call => ({
  path: "/disk",
  operation: "",
  body: JSON.stringify({ operation, path }),
});
const aws = (operation: string): Call => ({ path: "/", operation, body: "" });
const provider = (method: string): Call => ({ path: `/provider/${method}`, operation: "", body: "{}" });

describe("a moment of a verb is known by what it asks for:", () => {
  test.each([
    ["lock", disk("link", "pulumi/locks/local.json")],
    ["unlock", disk("unlink", "pulumi/locks/local.json")],
    ["state", disk("rename", "pulumi/stacks/local.json")],
    ["history", disk("link", "pulumi/history/local/7.json")],
    ["stackFile", disk("rename", "Pulumi.local.yaml")],
    ["otherFile", disk("rename", "tmp/update-1/deployed.yaml")],
    ["providerWrite", provider("update")],
    ["providerRead", provider("diff")],
    ["DescribeRules", { path: "/", operation: "", body: "Action=DescribeRules&Version=2015-12-01" }],
    ["DescribeServices", aws("AmazonEC2ContainerServiceV20141113.DescribeServices")],
    ["other", aws("GraniteServiceVersion20100801.DescribeAlarms")],
  ] as const)("%s", (doing, made) => {
    expect(doingOf(made)).toBe(doing);
  });

  test("the last one of a trail counts, once the others have passed in their order", () => {
    const isIt = trail([call("lock"), answer("providerWrite"), call("state")]);
    expect(isIt("call", disk("rename", "pulumi/stacks/local.json"))).toBe(false);
    expect(isIt("call", disk("link", "pulumi/locks/local.json"))).toBe(false);
    expect(isIt("call", provider("update"))).toBe(false);
    expect(isIt("answer", provider("update"))).toBe(false);
    expect(isIt("call", disk("rename", "pulumi/stacks/local.json"))).toBe(true);
  });
});

describe("the matrix", () => {
  const cell = (victim: Cell["victim"], outcome: Cell["outcome"], why = ""): Cell => ({
    verb: "pause",
    phase: "before its first call",
    victim,
    outcome,
    why,
    seconds: 1,
  });
  const cells = [
    cell("process", "passed"),
    cell("engine", "skipped", "no engine process runs in this phase"),
    cell("local cloud", "failed", "a lock of process 7 stays"),
  ];

  test("has every verb that writes", () => {
    expect(
      ROWS.map(({ args }) => args(1, { root: "/", directory: "/tmp" }).slice(0, 2).join(" ").split(" --")[0]),
    ).toEqual(
      expect.arrayContaining([
        "rollout",
        "test",
        "retire",
        "deploy digits:2",
        "rotate",
        "revert",
        "step",
        "promote",
        "pause",
        "resume",
        "approve",
        "restore",
        "pulumi up",
        "sync",
      ]),
    );
  });

  test("shows each phase in a line, what is stranded with its reason, and what was left out with its", () => {
    const table = renderTable(cells, 12);
    expect(table).toMatch(/^pause {2}before its first call {2}ok {7}– {7}STRANDED$/m);
    expect(table).toContain("– no engine process runs in this phase: 1 cells");
    expect(table).toContain(
      "STRANDED pause · before its first call · local cloud: a lock of process 7 stays",
    );
    expect(table).toMatch(/1 stranded in 12 s$/);
    expect(summaryOf(cells)).toEqual({ passed: 1, failed: 1, skipped: 1 });
  });

  test("names every difference to an undisturbed run", () => {
    expect(differences({ live: { blue: 100 }, slot: "blue" }, { live: { blue: 50 }, slot: "blue" })).toEqual([
      "live.blue is 50, undisturbed it is 100",
    ]);
  });
});

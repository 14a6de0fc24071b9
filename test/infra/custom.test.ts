import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, test, vi } from "vitest";
import { parseOutputs } from "../../contract/names/outputs.ts";
import { changesBetween, find, keysOf, runProgram } from "../support/pulumi-mocks.ts";
import { TWO_SLOTS, TYPE } from "./configs.ts";

const CUSTOM = "../../infra/custom.ts";
const TOPIC = "aws:sns/topic:Topic::pages";

/** The program with this in place of custom.ts. */
const withCustom = async (custom: (parts: unknown) => unknown, config = TWO_SLOTS) => {
  vi.doMock(CUSTOM, () => ({ custom }));
  return runProgram(config);
};
const actionsOf = (run: Awaited<ReturnType<typeof runProgram>>, slot: string) =>
  find(run, `${TYPE.composite}::${slot}`).inputs["alarmActions"];

afterEach(() => {
  vi.doUnmock(CUSTOM);
});

describe("custom.ts", () => {
  test("has an alarm of each slot page its topic beside the watchdog, and an output of its own", async () => {
    const { custom } = await import("./fixtures/paging.ts");
    const run = await withCustom((parts) => custom(Object(parts)));
    const watchdog = find(run, `${TYPE.function}::watchdog`).inputs["name"];
    for (const slot of ["blue", "green"]) {
      expect(actionsOf(run, slot)).toEqual([
        expect.stringContaining(`:function:${String(watchdog)}`),
        "arn:aws:sns:us-east-1:000000000000:pages",
      ]);
    }
    expect(run.outputs).toMatchObject({ pagesTopicArn: "arn:aws:sns:us-east-1:000000000000:pages" });
    expect(parseOutputs(run.outputs)).toBeDefined();
    expect(find(run, `${TYPE.composite}::blue`).options.dependsOn).toContain(TOPIC);
  });

  test("is the example of docs/aws.md", () => {
    const root = join(import.meta.dirname, "..", "..");
    const [, shown = ""] = /```ts\n(.*?)```/s.exec(readFileSync(join(root, "docs/aws.md"), "utf8")) ?? [];
    const tested = readFileSync(join(import.meta.dirname, "fixtures/paging.ts"), "utf8");
    expect(shown).toBe(tested.replaceAll("../../../infra/", "./"));
  });

  test("that gives nothing back, as one of 0.1, changes nothing", async () => {
    const plain = await runProgram(TWO_SLOTS);
    const earlier = await withCustom(() => undefined);
    expect(changesBetween(plain, earlier)).toEqual({});
    expect(keysOf(earlier)).not.toContain(TOPIC);
    expect(earlier.outputs).toEqual(plain.outputs);
  });

  test("may wait for something", async () => {
    const run = await withCustom(() => Promise.resolve({ outputs: { mine: "1" } }));
    expect(run.outputs).toMatchObject({ mine: "1" });
  });

  test("alone is called by the alarms of a stack without a watchdog", async () => {
    const config = { ...TWO_SLOTS, rollout: { watchdog: false } };
    const actions = ["arn:aws:sns:us-east-1:000000000000:mine"];
    expect(actionsOf(await withCustom(() => ({ alarmActions: actions }), config), "blue")).toEqual(actions);
    expect(actionsOf(await withCustom(() => ({}), config), "blue")).toBeUndefined();
  });

  const refused = async (given: object) => {
    const error = await withCustom(() => given).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(pulumi.RunError);
    return error instanceof Error ? error.message : "";
  };

  test("is refused outputs that the stack has itself", async () => {
    expect(await refused({ outputs: { url: "mine", slots: {}, other: 1 } })).toContain(
      "outputs of custom is url, slots; allowed: other names than the model's own (model, names, url, region, ",
    );
  });

  test("is refused more actions than CloudWatch takes", async () => {
    const alarmActions = [1, 2, 3, 4, 5].map((n) => `arn:aws:sns:us-east-1:000000000000:t${n}`);
    expect(await refused({ alarmActions })).toContain(
      "alarmActions is 5 (0 of alarmActions, 5 of what custom gives back); allowed: at most 4, because CloudWatch takes 5 for an alarm, and one is the watchdog",
    );
  });
});

import { describe, expect, it } from "vitest";
import { readModels } from "../../support/aws-models/model.ts";
import { MODELLED } from "../../support/aws-models/operations.ts";
import { wholeText } from "../../support/aws-models/pattern.ts";
import { callsOf } from "../../support/aws-models/resources/index.ts";
import { RULES } from "../../support/aws-models/rules/index.ts";
import { findingsOf } from "../../support/aws-models/validate.ts";
import { WRONG_BY_MODEL } from "./by-model.ts";
import { WRONG_BY_RULE } from "./by-rule.ts";
import { ALARM, FUNCTION, GROUP, RULE, TASKS } from "./calls.ts";

const MODELS = readModels();

describe("The validator of calls", () => {
  it.each([...WRONG_BY_MODEL, ...WRONG_BY_RULE])(
    "finds %s",
    (_what, service, operation, right, wrong, finding) => {
      const before = findingsOf(service, operation, { ...right });
      const found = findingsOf(service, operation, { ...right, ...wrong }).filter(
        (one) => !before.includes(one),
      );
      expect(found.join("\n")).toContain(finding);
    },
  );

  it("finds nothing in calls that are right", () => {
    const right = [
      findingsOf("elasticloadbalancing", "CreateRule", RULE),
      findingsOf("elasticloadbalancing", "CreateTargetGroup", GROUP),
      findingsOf("lambda", "CreateFunction", FUNCTION),
      findingsOf("cloudwatch", "PutMetricAlarm", ALARM),
      findingsOf("ecs", "RegisterTaskDefinition", TASKS),
    ];
    expect(right.flat()).toEqual([]);
  });

  it("refuses to judge an operation that it has no model of", () => {
    expect(() => findingsOf("s3", "CopyObject", {})).toThrow("has no s3:CopyObject");
  });

  it("takes a pattern for the whole text, and throws for one that is no pattern here", () => {
    expect(wholeText("a|b").test("ab")).toBe(false);
    expect(wholeText(String.raw`\p{Print}+`).test("ä")).toBe(false);
    expect(() => wholeText(String.raw`\p{InGreek}`)).toThrow(SyntaxError);
  });
});

describe("What becomes of a resource", () => {
  it.each([
    [
      "a type that nobody has mapped",
      "aws:sqs/queue:Queue",
      {},
      "what AWS is asked for a aws:sqs/queue:Queue",
    ],
    [
      "a property that nobody has mapped",
      "aws:ecs/cluster:Cluster",
      { color: "blue" },
      "for the property color",
    ],
  ])("is not known of %s, and that is an error", (_what, type, inputs, message) => {
    expect(() => callsOf({ type, name: "one", inputs })).toThrow(message);
  });
});

describe("The models of AWS", () => {
  const shapes = Object.values(MODELS.services).flatMap((service) => Object.values(service.shapes));

  it("have patterns that JavaScript reads, each of them", () => {
    const patterns = shapes.flatMap(({ pattern }) => pattern ?? []);
    expect(patterns.length).toBeGreaterThan(50);
    for (const pattern of patterns) expect(wholeText(pattern)).toBeInstanceOf(RegExp);
  });

  it("are there for each operation that is named, and for no other", () => {
    const listed = Object.entries(MODELLED).map(([service, { operations }]) => [service, [...operations]]);
    const there = Object.entries(MODELS.services).map(([service, { operations }]) => [
      service,
      Object.keys(operations),
    ]);
    expect(there).toEqual(listed);
  });

  it("know each operation that a rule is for", () => {
    const known = Object.entries(MODELLED).flatMap(([service, { operations }]) =>
      operations.map((operation) => `${service}:${operation}`),
    );
    expect(Object.keys(RULES).filter((call) => !known.includes(call))).toEqual([]);
  });

  it("say where they are from", () => {
    expect(MODELS.source).toMatch(/^botocore \d+\.\d+\.\d+ /);
  });
});

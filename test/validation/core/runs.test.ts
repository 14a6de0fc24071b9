import { describe, expect, test } from "vitest";
import { familyOf, notRunning, runsOf, type Runs } from "../../../validation/core/runs.ts";
import { primary, read, requested, unread } from "../gates/judging.ts";

const services = (own: object) => read(new Map([["green", primary(own)]]));
const runs = (own: object) => runsOf(requested("green"), services(own));

describe("what a slot's service runs", () => {
  test.each([
    ["what was requested, once its deployment is complete", {}, { kind: "requested" }],
    ["nobody knows yet what, while ECS is at it", { rolloutState: "IN_PROGRESS" }, { kind: "starting" }],
    [
      "nothing, when ECS has given it up",
      { rolloutState: "FAILED", rolloutReason: "tasks failed to start" },
      { kind: "failed", why: "tasks failed to start" },
    ],
    [
      "what ECS went back to",
      { taskDefinitionArn: "arn:task-definition/green:6" },
      { kind: "other", taskDefinition: "green:6" },
    ],
    [
      "what ECS is going back to, whatever its deployment says",
      { taskDefinitionArn: "arn:task-definition/green:6", rolloutState: "FAILED" },
      { kind: "other", taskDefinition: "green:6" },
    ],
  ])("is %s", (_title, own, expected) => {
    expect(runs(own)).toEqual(expected);
  });

  test("is nothing on an empty slot, and not ECS's matter where something else fills it", () => {
    expect(runsOf(undefined, services({}))).toEqual({ kind: "nothing" });
    for (const key of ["serviceName", "taskDefinitionArn"] as const) {
      expect(runsOf({ ...requested("green"), [key]: undefined }, services({}))).toEqual({ kind: "external" });
    }
  });

  test("is not known when ECS cannot be asked, or knows no such service or deployment", () => {
    const missing = { kind: "unknown", why: "ECS does not know its service" };
    expect(runsOf(requested("green"), unread)).toEqual({ kind: "unknown", why: "throttled" });
    expect(runsOf(requested("blue"), services({}))).toEqual(missing);
    const without = read(new Map([["green", { ...primary(), primary: undefined }]]));
    expect(runsOf(requested("green"), without)).toEqual(missing);
  });

  test("is called as its task definition, with the revision", () => {
    expect(familyOf("arn:aws:ecs:eu-west-1:123456789012:task-definition/fraud-green:12")).toBe(
      "fraud-green:12",
    );
  });
});

describe("a model that does not run", () => {
  test.each<[Runs, string]>([
    [{ kind: "failed", why: "no image" }, "it does not run: its ECS deployment failed (no image)"],
    [
      { kind: "other", taskDefinition: "green:6" },
      "it does not run: ECS went back to green:6, or somebody changed the service",
    ],
  ])("is said to be so: %j", (one, expected) => {
    expect(notRunning(one)).toBe(expected);
  });

  test.each<Runs>([
    { kind: "nothing" },
    { kind: "external" },
    { kind: "requested" },
    { kind: "starting" },
    { kind: "unknown", why: "throttled" },
  ])("is not claimed where it may run or nobody knows: %j", (one) => {
    expect(notRunning(one)).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { strayedKeys } from "../../contract/checks/stray-keys.ts";
import { unknownKeys } from "../../contract/checks/key-problems.ts";
import { CONFIG_KEYS } from "../../contract/config/keys.ts";

const object = (value: unknown) => JSON.stringify(value);

describe("a key of the project that the program does not know", () => {
  it.each([
    ["greenWeigth", "greenWeight, or another name"],
    ["green-weight", "greenWeight, or another name"],
    ["Rollout", "rollout, or another name"],
    ["activeslot", "activeSlot, or another name"],
    ["tresholds", "thresholds, or another name"],
    ["bakeMinutes", "rollout.bakeMinutes, or another name"],
    ["allowedCidrs", "service.allowedCidrs, or another name"],
    ["service.port", "a key, or with --path a field of service"],
  ])("%s is refused, for it was most likely meant for us", (key, allowed) => {
    expect(unknownKeys({ [key]: "1" })).toMatchObject([{ key, allowed: expect.stringContaining(allowed) }]);
  });

  it.each(["dbPassword", "owner", "team", "queueUrl", "blueprint"])("%s is the user's own", (key) => {
    expect(unknownKeys({ [key]: "1" })).toEqual([]);
  });

  it("is never one of ours, nor of another namespace", () => {
    const ours = Object.fromEntries(Object.keys(CONFIG_KEYS).map((key) => [key, "1"]));
    expect(unknownKeys({ ...ours, "aws:region": "eu-west-1", "myapp:greenWeigth": "1" })).toEqual([]);
  });
});

describe("configuration under the name of another project", () => {
  const service = object({ allowedCidrs: ["10.0.0.0/8"] });

  it("is refused whole, and with one command to fix it", () => {
    const keys = {
      "churn:service": service,
      "churn:greenWeight": "10",
      "churn:green": object({ image: "a" }),
    };
    expect(strayedKeys(keys)).toMatchObject([
      { key: "churn:*", got: "configuration of another project: service, greenWeight, green" },
    ]);
  });

  it.each([
    ["beside a key that stands right", { "churn:service": service, rollout: object({ steps: [10, 100] }) }],
    ["beside a test token that stands right", { "churn:service": service, testToken: "a".repeat(32) }],
    ["when it is one key alone", { "churn:activeSlot": "green" }],
  ])("is refused, too, %s", (_, raw: Readonly<Record<string, string>>) => {
    expect(strayedKeys(raw)).toHaveLength(1);
  });

  it("is not what others call so: their own fields, texts and secrets pass", () => {
    const theirs = {
      "myapp:service": object({ port: 80, queue: "jobs" }),
      "myapp:network": "private",
      "myapp:release": "2026-11",
      "myapp:testToken": "x",
      "datadog:rollout": "{}",
      "aws:region": "eu-west-1",
    };
    expect(strayedKeys(theirs)).toEqual([]);
  });
});

import { expect, test } from "vitest";
import { parseConfig } from "../../../../contract/config/parse.ts";
import { diagnose } from "../../../../validation/insight/doctor.ts";
import type { Facts } from "../../../../validation/insight/doctor/facts.ts";
import { newStackValues } from "../../../../validation/stack/init/new-stack.ts";
import { deployed, given, GOOD, unreadable } from "./cases.ts";

const { config: plain } = deployed;
/** With everything that a production should not be without. */
const config = {
  ...plain,
  service: { ...plain.service, allowedCidrs: ["192.0.2.0/24"] },
  slots: { ...plain.slots, blue: { ...plain.slots.blue, minTasks: 2 } },
};
const PRODUCTION: Facts = { ...GOOD, isThrowaway: false, config: given(config), hasNotifyUrl: given(true) };
const about = (facts: Partial<Facts>) =>
  diagnose({ ...PRODUCTION, ...facts }).findings.filter(({ check }) => check === "protection");

/** What copying the example for a production leaves as it is. */
const COPIED: Partial<Facts> = {
  config: given({
    ...config,
    rollout: { ...config.rollout, watchdog: false, protect: false },
    slots: { ...config.slots, blue: { ...config.slots.blue, minTasks: 1 } },
    service: { ...config.service, allowedCidrs: ["0.0.0.0/0"] },
  }),
  hasNotifyUrl: given(false),
};

test("Each thing that a production is left without is to fix, with its command", () => {
  const found = about(COPIED);
  expect(found.map(({ result }) => result)).toEqual(Array.from({ length: 5 }, () => "broken"));
  for (const words of [
    "rollout.watchdog",
    "rollout.protect",
    "blue.minTasks",
    "notifyTopicArn",
    "plain HTTP",
  ])
    expect(found.map(({ saw }) => saw).join("\n")).toContain(words);
  for (const { fix } of found) expect(fix).toContain("pulumi config set");
  expect(diagnose({ ...PRODUCTION, ...COPIED }).exitCode).toBe(10);
});

test("A stack that may be thrown away is told the same, and nothing of it is to fix", () => {
  const found = about({ ...COPIED, isThrowaway: true });
  expect(found).toMatchObject([{ result: "notApplicable" }]);
  expect(found[0]?.saw).toMatch(/thrown away: rollout\.watchdog is false.*minTasks is 1.*plain HTTP/);
});

test("HTTPS, fewer callers or a listener of somebody else's is no open plain HTTP", () => {
  const open = { ...config.service, allowedCidrs: ["0.0.0.0/0"] };
  const hostName = "m.example.com";
  const hostedZoneId = "Z0123456789ABCDEFGHIJ";
  const listenerArn = "arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/a/b/c";
  const shared = { ...config.network, listenerArn };
  expect(about({ config: given({ ...config, service: open }) })).toMatchObject([{ result: "broken" }]);
  const secure = { ...config, service: { ...open, hostName, hostedZoneId } };
  expect(about({ config: given(secure) })).toMatchObject([{ result: "ok" }]);
  expect(about({ config: given({ ...config, service: open, network: shared }) })).toMatchObject([
    { result: "ok" },
  ]);
});

test("What cannot be read of the stack's secrets is not in order", () => {
  expect(about({ hasNotifyUrl: unreadable })).toMatchObject([{ result: "unknown" }]);
});

test("What init writes is protected, but for what only its maker can give", () => {
  const values = newStackValues({
    "aws:region": "us-east-1",
    "blue.image": `models/digits@sha256:${"0".repeat(64)}`,
    "service.allowedCidrs": ["192.0.2.0/24"],
    "service.testCidrs": ["192.0.2.10/32"],
    "rollout.notifyTopicArn": "arn:aws:sns:us-east-1:000000000000:releases",
  });
  const raw = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const parsed = parseConfig(Object.fromEntries(raw));
  if (!parsed.ok) throw new Error("It is not in order.");
  expect(about({ config: given(parsed.config), hasNotifyUrl: given(false) })).toMatchObject([
    { result: "ok" },
  ]);
});

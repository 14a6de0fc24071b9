import { expect, test } from "vitest";
import { PROJECT } from "../support/project.ts";
import { TOLD_TAGS, writeTelling } from "../../contract/alarms/telling.ts";
import { DEAD_CALL_MS } from "../../contract/alarms/watchdog.ts";
import { routeTags, WATCHDOG_TAG, writeMark } from "../../contract/route/route-tags.ts";
import type { Notification } from "../../contract/release/notification.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import type { Ports } from "../../watchdog/ports.ts";
import { tellUntold } from "../../watchdog/untold.ts";
import { rawConfig } from "../support/written-config.ts";
import { sharing } from "../validation/support/samples.ts";

const NOW = Date.UTC(2026, 0, 1, 12);
const CLAIMED = NOW - DEAD_CALL_MS;

/** What is told of a claim that a dead call has left, with the mark of this age, while green has half of the users. */
async function told(markMs: number): Promise<readonly Notification["kind"][]> {
  const parsed = parseConfig(rawConfig({ ...sharing(50) }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const releaseId = parsed.config.release?.id ?? "";
  const claim = { state: "claimed", by: "dead", atMs: CLAIMED, releaseId, reason: "it failed" } as const;
  const tags: Record<string, string> = {
    ...routeTags({ project: PROJECT, stack: "prod" }, parsed.config),
    [TOLD_TAGS.rolledBack]: writeTelling(claim),
    [WATCHDOG_TAG]: writeMark({ releaseId, atMs: markMs, reason: "it failed" }),
  };
  const messages: Notification["kind"][] = [];
  const never = () => Promise.reject(new Error("nobody asks for that"));
  const ports: Ports = {
    id: "alive",
    now: () => NOW,
    wait: async () => {},
    read: never,
    tags: async () => new Map([["arn:route", tags]]),
    registered: never,
    write: never,
    tag: async (key, value) => void (tags[key] = value),
    failing: never,
    compared: never,
    breachingSince: never,
    count: async () => {},
    notify: async ({ kind }) => void messages.push(kind),
    log: () => {},
  };
  await tellUntold(ports, "arn:route", tags, { blue: 50, green: 50 });
  return messages;
}

test("tells of users that a call has moved back before it died", async () => {
  expect(await told(CLAIMED)).toEqual(["watchdog"]);
});

test("does not take the mark of an earlier time for the write of a call that died before it", async () => {
  expect(await told(CLAIMED - 60_000)).toEqual([]);
});

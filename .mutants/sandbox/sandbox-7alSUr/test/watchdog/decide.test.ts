import { describe, expect, it } from "vitest";
import { PROJECT } from "../support/project.ts";
import type { Release } from "../../contract/release/release.ts";
import { routeTags, WATCHDOG_TAG, writeMark } from "../../contract/route/route-tags.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import type { Split } from "../../contract/route/split.ts";
import { decide, GRACE_MS, TELLS_LATE_MS } from "../../watchdog/decide.ts";
import {
  releaseIdOf,
  watchedShare,
  type AlarmsReading,
  type Failing,
  type Trigger,
} from "../../watchdog/watched.ts";

const DEADLINE = "2026-01-01T01:00:00.000Z";
const deadlineMs = Date.parse(DEADLINE);
const OPEN: Release = {
  id: "v3-g9",
  slot: "green",
  digest: "d",
  state: "running",
  weight: 10,
  stepSince: "",
  deadline: DEADLINE,
  liveSince: "",
  approvedSteps: [],
  retreats: [],
  fastTrack: "",
  owner: "",
  reason: "",
};

interface Given {
  readonly release?: Partial<Release>;
  readonly activeSlot?: Slot;
  readonly green?: number | undefined;
  readonly atDeadline?: "hold" | "revert";
  readonly watchdogManual?: boolean;
  readonly mark?: string;
}

function seen({ release = {}, activeSlot = "blue", atDeadline = "hold", mark, ...given }: Given) {
  const tags = routeTags(
    { project: PROJECT, stack: "prod" },
    {
      activeSlot,
      release: { ...OPEN, ...release },
      service: { stickinessSeconds: 600 },
      rollout: { atDeadline, steps: [10, 50, 100], watchdogManual: given.watchdogManual ?? false },
    },
  );
  const green = "green" in given ? given.green : 10;
  const live = green === undefined ? undefined : { blue: 100 - green, green };
  return { tags: mark === undefined ? tags : { ...tags, [WATCHDOG_TAG]: mark }, live };
}
const alarm = (slot: Slot): Trigger => ({ kind: "alarm", slot, atMs: deadlineMs, reason: `${slot} failed` });
const schedule: Trigger = { kind: "schedule" };
const DOWN: AlarmsReading = { readable: false, why: "CloudWatch is down" };
const QUIET: AlarmsReading = { readable: true, failing: [] };

/** The whole way of a check, as `guard` goes it. */
function look(
  trigger: Trigger,
  { tags, live }: { readonly tags: Readonly<Record<string, string>>; readonly live: Split | undefined },
  nowMs: number,
  alarms: AlarmsReading = trigger.kind === "alarm" ? DOWN : QUIET,
) {
  const watched = watchedShare(tags, live);
  if (typeof watched === "string") return { kind: "leave", why: watched };
  const to = otherSlot(watched.shifted);
  return { to, releaseId: releaseIdOf(watched), ...decide(trigger, watched, alarms, nowMs) };
}
const inTime = deadlineMs - 1;
const late = deadlineMs + GRACE_MS;

describe("the watchdog", () => {
  const table: readonly (readonly [string, Trigger, Given, number, object])[] = [
    ["rolls a failing candidate's users back", alarm("green"), {}, inTime, { kind: "rollBack", to: "blue" }],
    [
      "also while the release is paused",
      alarm("green"),
      { release: { state: "paused" } },
      inTime,
      { kind: "rollBack" },
    ],
    ["also when it has everyone", alarm("green"), { green: 100 }, inTime, { kind: "rollBack", to: "blue" }],
    [
      "also when its weights are no whole percents",
      alarm("green"),
      { green: undefined },
      inTime,
      { kind: "rollBack" },
    ],
    [
      "also when the candidate is blue",
      alarm("blue"),
      { activeSlot: "green", release: { slot: "blue" }, green: 90 },
      inTime,
      { kind: "rollBack", to: "green" },
    ],
    ["leaves the active slot alone", alarm("blue"), {}, inTime, { kind: "leave" }],
    ["leaves a candidate without users alone", alarm("green"), { green: 0 }, inTime, { kind: "leave" }],
    [
      "leaves a release that is over alone",
      alarm("green"),
      { release: { state: "rolledBack" }, green: 0 },
      inTime,
      { kind: "leave" },
    ],
    [
      "leaves a promoted release alone",
      alarm("green"),
      { activeSlot: "green", release: { state: "promoted" }, green: 100 },
      inTime,
      { kind: "leave" },
    ],
    [
      "leaves a share manually alone",
      alarm("green"),
      { release: { state: "rolledBack" } },
      inTime,
      { kind: "leave" },
    ],
    [
      "leaves a share manually beside a waiting candidate alone",
      alarm("green"),
      { release: { state: "deployed" } },
      inTime,
      { kind: "leave" },
    ],
    [
      "rolls a share manually back when it may",
      alarm("green"),
      { release: { state: "rolledBack" }, watchdogManual: true },
      inTime,
      { kind: "rollBack", releaseId: "manual" },
    ],
    ["waits for the deadline", schedule, { atDeadline: "revert" }, inTime, { kind: "leave" }],
    [
      "and a little longer, for whoever decides at it",
      schedule,
      { atDeadline: "revert" },
      late - 1,
      { kind: "leave" },
    ],
    [
      "moves users back past it where the policy says so",
      schedule,
      { atDeadline: "revert" },
      late,
      { kind: "rollBack", to: "blue" },
    ],
    [
      "also when the release was paused",
      schedule,
      { atDeadline: "revert", release: { state: "paused" } },
      late,
      { kind: "rollBack" },
    ],
    ["tells a person where the policy says hold", schedule, {}, late, { kind: "tell", releaseId: "v3-g9" }],
    ["but not for long", schedule, {}, late + TELLS_LATE_MS, { kind: "leave" }],
    [
      "has no business with a share manually at any deadline",
      schedule,
      { atDeadline: "revert", watchdogManual: true, release: { state: "rolledBack" } },
      late,
      { kind: "leave" },
    ],
    [
      "has none with a candidate without users either",
      schedule,
      { atDeadline: "revert", green: 0 },
      late,
      { kind: "leave" },
    ],
    [
      "rolls back again what an update under way gave the same release",
      schedule,
      { mark: writeMark({ releaseId: "v3-g9", atMs: 0, reason: "error-rate" }) },
      inTime,
      { kind: "rollBack", reason: "error-rate" },
    ],
    [
      "forgets what it did to an earlier release",
      schedule,
      { mark: writeMark({ releaseId: "v2-g3", atMs: 0, reason: "error-rate" }) },
      inTime,
      { kind: "leave" },
    ],
  ];

  it.each(table)("%s", (_title, trigger, given, nowMs, expected) => {
    expect(look(trigger, seen(given), nowMs)).toMatchObject(expected);
  });

  it("leaves rules alone that are not a route of ours", () => {
    expect(look(alarm("green"), { tags: {}, live: { blue: 50, green: 50 } }, 0)).toMatchObject({
      kind: "leave",
    });
  });

  it("says how late the step is", () => {
    const decision = look(schedule, seen({ atDeadline: "revert" }), deadlineMs + 5 * 60_000);
    expect(decision).toMatchObject({
      reason: `the step of v3-g9 is 5 minutes past its deadline of ${DEADLINE}`,
    });
  });
});

describe("an alarm at the first share of a release", () => {
  const MINUTE_MS = 60_000;
  const startMs = deadlineMs - 60 * MINUTE_MS;
  const first = seen({ release: { stepSince: new Date(startMs).toISOString(), weight: 10 } });
  const failing = (key: string, minutes: number): Failing => ({
    key,
    sinceMs: startMs + minutes * MINUTE_MS,
    reason: `${key} failed`,
  });
  const at = (minutes: number, ...alarms: readonly Failing[]) =>
    look(schedule, first, startMs + minutes * MINUTE_MS, { readable: true, failing: alarms }).kind;

  it("on its requests is about them as soon as it is newer than the share", () => {
    expect(at(3, failing("error-rate", 2.5))).toBe("rollBack");
    expect(at(3, failing("error-rate", -1))).toBe("leave");
    // At the same moment it is about them, too: ELB changes the weights at once.
    expect(at(3, failing("error-rate", 0))).toBe("rollBack");
  });

  it("on its tasks may be about their start, until there was time for three bad minutes", () => {
    expect(at(2, failing("healthy-hosts", 1))).toBe("leave");
    expect(at(4, failing("healthy-hosts", 3.5))).toBe("rollBack");
    expect(at(3, failing("healthy-hosts", 1), failing("slow-rate", 2))).toBe("rollBack");
  });

  it("that stays is believed once its whole range lies behind the share", () => {
    expect(at(10.9, failing("healthy-hosts", 1))).toBe("leave");
    expect(at(11, failing("healthy-hosts", 1))).toBe("rollBack");
    expect(at(11, failing("error-rate", -1))).toBe("rollBack");
  });

  it("is about what its minutes since the share say, whenever CloudWatch came to have them", () => {
    const of = (breachingSince: number, minutes: number) => ({
      ...failing("error-rate", minutes),
      breachingSince,
    });
    expect(at(3, of(2, -1))).toBe("rollBack");
    expect(at(8, of(1, 7))).toBe("leave");
    expect(at(11, of(1, 7))).toBe("rollBack");
  });

  it("is not doubted at a later share, and not when nothing says since when it is", () => {
    const later = seen({ release: { weight: 50 } });
    const alarms: AlarmsReading = { readable: true, failing: [failing("healthy-hosts", -100)] };
    expect(look(schedule, later, startMs, alarms).kind).toBe("rollBack");
    const unknown = { ...failing("cpu", 0), sinceMs: undefined };
    expect(look(schedule, first, startMs + 11 * MINUTE_MS, { readable: true, failing: [unknown] }).kind).toBe(
      "rollBack",
    );
  });

  it("that is over when the watchdog looks moves nobody", () => {
    expect(look(alarm("green"), first, startMs + 10 * MINUTE_MS, QUIET).kind).toBe("leave");
  });
});

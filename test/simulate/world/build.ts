import {
  BY_HAND,
  GATES_TAG,
  RETREAT_TAG,
  REVERT_TAG,
  WATCHDOG_TAG,
  writeMark,
} from "../../../contract/route/route-tags.ts";
import { perSlot } from "../../../contract/slot.ts";
import type { Timeline } from "../engine/timeline.ts";
import type { Wire } from "../engine/wire.ts";
import type { Incident } from "../engine/incidents.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { AlarmBook } from "./alarm-book.ts";
import { Backend, type RawConfig } from "./backend.ts";
import { cloudOfOne, type CloudOfOne } from "./cloud-of-one.ts";
import { Figures } from "./figures.ts";
import { configIn } from "./configs.ts";
import { declaredRoute } from "./program.ts";
import { RuleOnElb } from "./rule-on-elb.ts";
import { Tasks } from "./tasks.ts";
import { Traffic } from "./traffic.ts";

const HISTORY_MS = 40 * 60_000;

/** The former candidate of the slot had so many users for so long, and failed so many of their requests. */
const FORMER_MS = 12 * 60_000;
const FORMER_SHARES = { blue: 80, green: 20 } as const;
const FORMER_RATE = 0.5;
const OUTAGE_RATE = 0.7;

/** A mark stays on the route until the next one, whoever's users it was about (validation/rollback/rollback-mark.ts). */
function marksOf(atMs: number) {
  const mark = (releaseId: string) => writeMark({ releaseId, atMs, reason: "its former candidate failed" });
  return {
    [WATCHDOG_TAG]: mark("v1-g2"),
    [GATES_TAG]: mark("v1-g2"),
    [REVERT_TAG]: mark(BY_HAND),
    [RETREAT_TAG]: mark("v1-g2"),
  };
}

/** A stack as `deploy` has left it: the candidate runs and has nobody. */
export function buildCloud(
  scenario: Scenario,
  raw: RawConfig,
  { timeline, wire, note }: { timeline: Timeline; wire: Wire; note: (line: string) => void },
): CloudOfOne {
  const { draw, beginsMs, model, usualRate, requestsPerMinute, tasks: count, incidents, signal } = scenario;
  const config = configIn(raw);
  const declared = declaredRoute(config);
  const rule = new RuleOnElb(() => timeline.nowMs, declared.forward, declared.tags);
  const { formerUntilMs = Number.NEGATIVE_INFINITY } = scenario;
  const isFormers = (atMs: number) => atMs >= formerUntilMs - FORMER_MS && atMs < formerUntilMs;
  if (scenario.formerUntilMs !== undefined) rule.tag(marksOf(scenario.formerUntilMs));
  const during = (kind: Incident["kind"]) => {
    const windows = incidents.filter((one) => one.kind === kind);
    return (atMs: number) =>
      windows.some((one) => one.atMs <= atMs && "ms" in one && atMs < one.atMs + one.ms);
  };
  const isDown = during("outage");
  const isActiveDown = during("activeDown");
  const tasks = new Tasks(
    beginsMs - HISTORY_MS,
    perSlot(() => count),
  );
  const traffic = new Traffic({
    perMinute: requestsPerMinute,
    shareAt: (slot, atMs) => (isFormers(atMs) ? FORMER_SHARES[slot] : rule.shareAt(slot, atMs)),
    failureRateAt(slot, atMs) {
      // ELB sends requests to a group of which every target is unhealthy, and they fail there (fail open).
      if (tasks.healthy(slot, atMs) === 0) return 1;
      if (slot === "green" && isFormers(atMs)) return FORMER_RATE;
      if (isDown(atMs) || (slot === "blue" && isActiveDown(atMs))) return OUTAGE_RATE;
      const isBad = slot === "green" && atMs >= beginsMs + model.fromMs;
      return isBad ? Math.max(usualRate, model.failureRate) : usualRate;
    },
    wrongRateOf: (slot) => (slot === "green" ? signal?.candidateRate : signal?.usualRate) ?? 0,
    draw,
  });
  const isLate = during("lateMetrics");
  const isPartial = during("partialAlarms");
  const figures = new Figures({
    traffic,
    healthyAt: (slot, atMs) => tasks.healthy(slot, atMs),
    lateBy: (endMs) => (isLate(endMs) ? 180_000 : 0),
    draw,
    bornMs: beginsMs - HISTORY_MS,
  });
  const backend = new Backend(declared);
  const message = "bluegreen: 2 onto green";
  backend.add({ by: undefined, raw, config, message, succeeded: true, endedWallMs: beginsMs });
  const alarms = new AlarmBook();
  const arePartial = () => isPartial(timeline.nowMs);
  const isBack = during("wentBack");
  return cloudOfOne({
    timeline,
    wire,
    draw,
    rule,
    tasks,
    traffic,
    figures,
    alarms,
    backend,
    note,
    arePartial,
    hasGoneBack: isBack,
  });
}

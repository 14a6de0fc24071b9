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

/** A stack as `deploy` has left it: the candidate runs and has nobody. */
export function buildCloud(
  scenario: Scenario,
  raw: RawConfig,
  { timeline, wire, note }: { timeline: Timeline; wire: Wire; note: (line: string) => void },
): CloudOfOne {
  const { draw, beginsMs, model, usualRate, requestsPerMinute, tasks: count, incidents } = scenario;
  const config = configIn(raw);
  const declared = declaredRoute(config);
  const rule = new RuleOnElb(() => timeline.nowMs, declared.forward, declared.tags);
  const tasks = new Tasks(
    beginsMs - HISTORY_MS,
    perSlot(() => count),
  );
  const traffic = new Traffic({
    perMinute: requestsPerMinute,
    shareAt: (slot, atMs) => rule.shareAt(slot, atMs),
    failureRateAt(slot, atMs) {
      // ELB sends requests to a group of which every target is unhealthy, and they fail there (fail open).
      if (tasks.healthy(slot, atMs) === 0) return 1;
      const isBad = slot === "green" && atMs >= beginsMs + model.fromMs;
      return isBad ? Math.max(usualRate, model.failureRate) : usualRate;
    },
    draw,
  });
  const during = (kind: Incident["kind"]) => {
    const windows = incidents.filter((one) => one.kind === kind);
    return (atMs: number) =>
      windows.some((one) => one.atMs <= atMs && "ms" in one && atMs < one.atMs + one.ms);
  };
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
  backend.add({ raw, config, message: "bluegreen: 2 onto green", succeeded: true, endedWallMs: beginsMs });
  const alarms = new AlarmBook();
  const arePartial = () => isPartial(timeline.nowMs);
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
  });
}

import type { ReleaseEnd } from "../../../../contract/release/release.ts";
import { isFirstShare, type Retreat } from "../../../../contract/release/retreat.ts";
import { deadlineMinutesAt, type Deadlines, type Schedule } from "../../../../contract/release/schedule.ts";
import type { RolloutPolicy } from "../../../../contract/config/sections.ts";
import { percents } from "../../../../contract/config/steps.ts";
import { assess, withDryRun } from "../../../../validation/core/assessment.ts";
import {
  remembered,
  type ComparisonData,
  type EarlierReads,
  type RawCounts,
  type RawMinute,
} from "../../../../validation/core/comparison/data.ts";
import { dispersionTracker } from "../../../../validation/core/comparison/clusters/dispersion.ts";
import { judge } from "../../../../validation/core/comparison/judgement.ts";
import { chooseSchedule } from "../../../../validation/core/planning/choice.ts";
import type { Verdict } from "../../../../validation/core/verdict.ts";
import { RESUMING_GATES, SHARING_GATES } from "../../../../validation/gates/index.ts";
import type { ReplaySettings } from "../../../../validation/insight/replay/settings.ts";
import { HORIZON_MINUTES } from "../cell.ts";
import { randomOf } from "../random.ts";
import { readingsOf } from "./alarms.ts";
import { turn, type SimulatedPhase } from "./life.ts";
import { observationOf } from "./observed.ts";
import { countsOf, LATEST_MINUTES, publisher, type Published } from "./publishing.ts";
import { isSticky, type Harm, type ReleaseWorld } from "./release-world.ts";
import { trafficOf, ZONES } from "./traffic.ts";

const MINUTE_MS = 60_000;
const HISTORY_MINUTES = 1440;
/** A check comes so long after a minute's end. */
const LOOK_MS = 5_000;
/** Nothing of a minute changes any more after this many. */
const KEPT_OPEN = LATEST_MINUTES + 1;
/** No alarm looks at more minutes. */
const ALARMS_LOOK_BACK = 10;

export interface ReleaseRun {
  /** `stuck`: it waits for a person, its deadline being over or its retreats used up; or the day is over. */
  readonly end: ReleaseEnd | "stuck";
  readonly retreats: number;
  /** Minutes from the first user until that. */
  readonly minutes: number;
  /** Minutes from the fault's onset (without one: from the first user) to the check of the first retreat or rollback. */
  readonly answeredAfter: number | undefined;
  /** Requests that failed on the candidate since the onset: until its users first went back, and until the end. */
  readonly failedToRetreat: number;
  readonly failedToEnd: number;
  /** Of each retreat, and what the last check said. */
  readonly reasons: readonly string[];
}

export interface ReleaseInput {
  readonly world: ReleaseWorld;
  readonly harm: Harm | undefined;
  readonly settings: ReplaySettings;
  readonly seed: number;
  /** Tells this run's random numbers from all others'. */
  readonly path: readonly number[];
  /** From which minute on it is looked at: what was enough before is found then. */
  readonly looksFrom?: number;
  /**
   * While it has users and none of its alarms is in ALARM, only each so many minutes: the comparison answers as if it
   * had been asked in every minute.
   */
  readonly looksEvery?: number;
  readonly watchMinutes?: number;
}

/**
 * One release, minute by minute, through the product's own judge, gates and state machine: one check after each minute,
 * an update of the share takes the next minute, and giving users back takes seconds.
 */
export function simulateRelease(input: ReleaseInput): ReleaseRun {
  const { world, harm, settings, seed, path, looksFrom = 0, looksEvery = 1 } = input;
  const { watchMinutes = HORIZON_MINUTES } = input;
  const { rollout } = settings;
  const random = randomOf(seed, ...path);
  const traffic = trafficOf(world, { harm, random, fromMinute: -HISTORY_MINUTES });
  const counted = counting(world, random);
  for (let minute = -HISTORY_MINUTES; minute < 0; minute++) counted.take(traffic.next(0).zones);

  const shares = percents(rollout.steps);
  const policy = { ...rollout, schedule: counted.schedule(rollout) };
  const first = shares[0] ?? 100;
  let state: SimulatedPhase = sharing(first, 0, policy);
  let [share, splitSince, updating] = [first, 0, -1];
  const retreats: Retreat[] = [];
  const harmed = { toRetreat: 0, toEnd: 0 };
  let answeredAfter: number | undefined;
  const onset = harm?.onset ?? 0;
  const ended = (
    end: ReleaseRun["end"],
    minutes: number,
    { reasons }: Pick<Verdict, "reasons">,
  ): ReleaseRun => ({
    end,
    retreats: retreats.length,
    minutes,
    answeredAfter,
    failedToRetreat: harmed.toRetreat,
    failedToEnd: harmed.toEnd,
    reasons: [...retreats.map(({ reason }) => reason), reasons[0] ?? ""],
  });

  for (let minute = 0; minute < watchMinutes; minute++) {
    if (state.phase === "sharing" && state.liveSinceMs === minute * MINUTE_MS) share = state.share;
    const seen = traffic.next(share / 100);
    if (minute >= onset) {
      const failed = seen.candidate.failed + seen.candidate.unanswered;
      harmed.toEnd += failed;
      if (answeredAfter === undefined) harmed.toRetreat += failed;
    }
    counted.take(seen.zones);
    counted.add(minute, seen.candidate, seen.active, share > 0);
    // The command that changes the share is still at it.
    if (minute <= updating || minute < looksFrom) continue;

    const alarmed =
      share > 0 && looksEvery > 1 && isInAlarm(counted.since(splitSince, "candidate"), settings);
    if (state.phase === "sharing" && (minute + 1) % looksEvery !== 0 && !alarmed) continue;

    const nowMs = (minute + 1) * MINUTE_MS + LOOK_MS;
    const liveSinceMs = state.phase === "sharing" ? state.liveSinceMs : nowMs;
    const release = { weight: share, retreats };
    const data = counted.data(minute);
    const judged = judge({
      data,
      earlier: counted.reads(nowMs),
      nowMs,
      stepSinceMs: liveSinceMs,
      splitSinceMs: splitSince * MINUTE_MS,
      share,
      sticky: isSticky(world),
      attempt: 1,
      visits: 1 + retreats.filter(({ from }) => from === share).length,
      policy: rollout,
      schedule: policy.schedule,
    });
    const observation = observationOf(settings, {
      nowMs,
      liveSinceMs,
      firstShare: isFirstShare(shares, release),
      judged,
      share,
      candidate: share > 0 ? counted.since(splitSince, "candidate") : [],
      step: counted.since(liveSinceMs / MINUTE_MS, "candidate"),
      active: counted.ofActive(minute),
    });
    const gates = state.phase === "retreated" ? RESUMING_GATES : SHARING_GATES;
    const input = { observation, policy: rollout, thresholds: settings.thresholds, sticky: isSticky(world) };
    const assessments = withDryRun(assess(gates, input), rollout);
    const { after, action, verdict } = turn(state, assessments, policy, nowMs);
    if (verdict === undefined) throw new Error("a release that has ended is looked at no more");
    if (verdict.kind === "rollback" || verdict.kind === "retreat") {
      if (minute >= onset) answeredAfter ??= minute + 1 - onset;
    }
    switch (verdict.kind) {
      case "rollback":
        return ended("rolledBack", minute + 1, verdict);
      case "promote":
        return ended("promoted", minute + 1, verdict);
      case "retreat":
        retreats.push({ at: new Date(nowMs).toISOString(), from: share, reason: verdict.reasons[0] ?? "" });
        share = 0;
        state = after;
        break;
      case "advance":
        updating = minute + 1;
        if (state.phase === "retreated") splitSince = minute + 2;
        state = sharing(verdict.to, minute + 2, policy, retreats.length);
        break;
      default:
        if ("expired" in verdict && verdict.expired && action !== undefined)
          return ended("stuck", minute + 1, verdict);
    }
  }
  return ended("stuck", watchMinutes, { reasons: ["a day was not enough"] });
}

const isInAlarm = (minutes: readonly RawCounts[], { thresholds }: ReplaySettings) =>
  readingsOf(minutes.slice(-ALARMS_LOOK_BACK), thresholds).some(({ state }) => state === "ALARM");

/** The state that `transition` gives, once the update is through: users are split so since a minute's begin. */
const sharing = (share: number, minute: number, policy: Deadlines, retreats = 0): SimulatedPhase => ({
  phase: "sharing",
  share,
  liveSinceMs: minute * MINUTE_MS,
  deadlineMs: (minute + deadlineMinutesAt(policy, share)) * MINUTE_MS,
  retreats,
});

type Zones = ReturnType<ReturnType<typeof trafficOf>["next"]>["zones"];
type Slots = ReturnType<ReturnType<typeof trafficOf>["next"]>;

/** What CloudWatch has counted by now, and what the checks have read of it. */
function counting(world: ReleaseWorld, random: ReturnType<typeof randomOf>) {
  const sticky = isSticky(world);
  const publish = publisher(world.lateness, random);
  const zones = Array.from({ length: ZONES }, (): RawCounts[] => []);
  const trackers = new Map(
    ["failed", "slow-p90", "slow-p99"].map((name) => [
      name,
      dispersionTracker({ zones: ZONES, historyMinutes: HISTORY_MINUTES, sticky }),
    ]),
  );
  /** Of the minutes in which both share users; those that are not final are read anew at each check. */
  const minutes: RawMinute[] = [];
  const open: { readonly index: number; readonly endMinute: number; readonly of: Published }[] = [];
  const recent: { readonly endMinute: number; readonly of: Published }[] = [];
  let reads: EarlierReads = new Map();
  let hung = 0;
  const before = { minutes: 0, requests: 0, failed: 0 };

  return {
    /** The active slot by zone; the few late points among them would at most raise φ for a check. */
    take(of: Zones) {
      const counts = of.map(countsOf);
      counts.forEach((one, zone) => zones[zone]?.push(one));
      const byName = (exposure: (one: RawCounts) => number, events: (one: RawCounts) => number) =>
        counts.map((one) => ({ exposure: exposure(one), events: events(one) }));
      const failed = (one: RawCounts) => one.errors + (sticky ? 0 : one.requests - one.answered - one.errors);
      before.minutes += 1;
      for (const one of counts) {
        before.requests += one.requests;
        before.failed += failed(one);
      }
      trackers.get("failed")?.add(byName(({ requests }) => requests, failed));
      trackers.get("slow-p90")?.add(
        byName(
          ({ timed }) => timed,
          ({ slow }) => slow[0] ?? 0,
        ),
      );
      trackers.get("slow-p99")?.add(
        byName(
          ({ timed }) => timed,
          ({ slow }) => slow[1] ?? 0,
        ),
      );
    },
    /** As a rollout plans it that begins now. */
    schedule(rollout: RolloutPolicy): Schedule {
      const dispersion = trackers.get("failed")?.current();
      if (dispersion === undefined) throw new Error("the failed requests are always compared");
      const { minutes: lasted, requests, failed } = before;
      const traffic = { requestsPerMinute: requests / lasted, errorRate: failed / requests, dispersion };
      return chooseSchedule(traffic, rollout).schedule;
    },
    add(minute: number, candidate: Slots["candidate"], slot: Slots["active"], isShared: boolean) {
      const whole: RawMinute = {
        atMs: minute * MINUTE_MS,
        candidate: countsOf(candidate),
        active: countsOf(slot),
        // A request that hangs ends a minute later with the load balancer's own 504.
        balancerErrors: hung,
      };
      hung = candidate.unanswered + slot.unanswered;
      const published = publish(whole);
      recent.push({ endMinute: minute, of: published });
      if (recent.length > ALARMS_LOOK_BACK) recent.shift();
      if (isShared) {
        open.push({ index: minutes.length, endMinute: minute, of: published });
        minutes.push(whole);
      }
    },
    /** Brings what was read up to this minute's end. */
    data(minute: number): ComparisonData {
      for (const { index, endMinute, of } of open) minutes[index] = of.at(minute - endMinute);
      while (open[0] !== undefined && minute - open[0].endMinute > KEPT_OPEN) open.shift();
      return {
        minutes,
        slowThresholds: [0.9, 0.99].map((quantile) => ({ quantile, seconds: quantile, samples: 100_000 })),
        customMetrics: [],
        signals: [],
        zones,
        zonesFromMs: -HISTORY_MINUTES * MINUTE_MS,
        historyMinutes: HISTORY_MINUTES,
        dispersions: new Map([...trackers].map(([name, tracker]) => [name, tracker.current()])),
        // Nobody is refused in these worlds, and to compare nothing with nothing takes most of a check's time.
        isWithoutClasses: true,
      };
    },
    /** Only minutes that may still change are looked up: data.ts. */
    reads(nowMs: number): EarlierReads {
      reads = remembered(minutes.slice(-KEPT_OPEN - 2), nowMs, reads);
      return reads;
    },
    since: (minute: number, arm: "candidate" | "active") =>
      minutes.filter(({ atMs }) => atMs >= minute * MINUTE_MS).map((one) => one[arm]),
    ofActive: (minute: number) => recent.map(({ endMinute, of }) => of.at(minute - endMinute).active),
  };
}

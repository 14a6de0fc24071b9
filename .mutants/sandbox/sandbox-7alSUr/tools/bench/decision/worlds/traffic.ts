import { armOf, type Weather } from "../arm.ts";
import { cell } from "../cell.ts";
import type { Random } from "../random.ts";
import { poissonSampler } from "../samplers.ts";
import type { Harm, ReleaseWorld, Users } from "./release-world.ts";
import { addTo, drawnOnce, nothing, spreadOver, type SlotMinute } from "./slot-minute.ts";
import { heavyUsers, sessionUsers, stormyUsers, type StickyUsers } from "./users.ts";

/** Each slot has so many tasks, equally many in each zone. */
export const TASKS = 4;
export const ZONES = 2;
const DAY_MINUTES = 1440;

export interface TrafficMinute {
  readonly candidate: SlotMinute;
  readonly active: SlotMinute;
  /** The active slot's, by Availability Zone. */
  readonly zones: readonly SlotMinute[];
}

/** What users and slots do, minute by minute from `fromMinute` on; the release begins in minute 0. */
export interface Traffic {
  /** The next minute, with this share of the candidate: 0 to 1. */
  next(share: number): TrafficMinute;
}

export function trafficOf(
  world: ReleaseWorld,
  { harm, random, fromMinute }: { harm: Harm | undefined; random: Random; fromMinute: number },
): Traffic {
  const sticky = stickyUsersOf(world, random);
  const arms = sticky === undefined ? independentArms(world, random) : undefined;
  const [hiccupsOfActive, hiccupsOfCandidate] = [hiccups(world, random), hiccups(world, random)];
  let minute = fromMinute - 1;
  let sharedFor = 0;
  return {
    next(share) {
      minute += 1;
      sharedFor = share > 0 ? sharedFor + 1 : 0;
      const wrong = harmAt(world, harm, minute);
      const coldStart =
        world.coldStart !== undefined && sharedFor <= world.coldStart.minutes ? world.coldStart : WARM;
      const outage =
        world.outage !== undefined && minute >= world.outage.from ? world.outage.failing : undefined;
      const onCandidate = hiccupsOfCandidate(minute).reduce((sum, part) => sum + part / ZONES, 0);
      const candidateFailing = outage ?? Math.min(1, wrong.failing * coldStart.failing + onCandidate);
      const onZones = hiccupsOfActive(minute);
      if (sticky !== undefined) {
        const { candidate, active } = sticky.next(share);
        const excess = (wrong.failing - world.failing) / (1 - world.failing);
        breakMore(random, candidate, Math.max(0, excess), wrong.hanging);
        return { candidate, active, zones: spreadOver(random, active, ZONES) };
      }
      const candidate =
        share === 0 || arms === undefined
          ? nothing()
          : arms.candidate({
              requests: world.requestsPerMinute * share,
              failing: candidateFailing,
              slow: coldStart.slow,
              hanging: wrong.hanging,
            });
      const zones = onZones.map((more, zone) =>
        share === 1 || arms === undefined
          ? nothing()
          : arms.zone(zone, {
              requests: (world.requestsPerMinute * (1 - share)) / ZONES,
              failing: outage ?? Math.min(1, world.failing + more),
              slow: 1,
              hanging: 0,
            }),
      );
      const active = nothing();
      for (const zone of zones) addTo(active, zone);
      return { candidate, active, zones };
    },
  };
}

const WARM = { minutes: 0, slow: 1, failing: 1 };
/** A fault that grows does so in steps of so many minutes. */
const GROWTH_MINUTES = 10;

function harmAt({ failing }: ReleaseWorld, harm: Harm | undefined, minute: number) {
  if (harm === undefined || minute < harm.onset) return { failing, hanging: 0 };
  if (harm.overMinutes === 0) return harm;
  const grown = Math.floor((minute - harm.onset) / GROWTH_MINUTES) * GROWTH_MINUTES;
  const part = Math.min(1, grown / harm.overMinutes);
  return { failing: failing + (harm.failing - failing) * part, hanging: harm.hanging * part };
}

/** What the candidate breaks of requests that were fine. */
function breakMore(random: Random, slot: SlotMinute, failing: number, hanging: number): void {
  const fine = slot.requests - slot.failed - slot.slow90;
  const failed = failing === 0 ? 0 : drawnOnce(random, fine, failing);
  slot.failed += failed;
  if (hanging > 0) slot.unanswered += drawnOnce(random, fine - failed, hanging);
}

interface SlotWeather extends Weather {
  readonly hanging: number;
}

function independentArms({ users, failing }: ReleaseWorld, random: Random) {
  const clusters = users.kind === "independent" ? users.clusters : ({ kind: "none" } as const);
  const of = cell("independent", { clusters, failing });
  const [candidate, zones] = [armOf(of), Array.from({ length: ZONES }, () => armOf(of))];
  const draw = (arm: ReturnType<typeof armOf> | undefined, weather: SlotWeather): SlotMinute => {
    const one = nothing();
    const requests = weather.requests * (1 - weather.hanging);
    arm?.(random, { ...weather, requests }, one);
    if (weather.hanging > 0) {
      one.unanswered = poissonSampler(weather.requests * weather.hanging)(random);
      one.requests += one.unanswered;
    }
    return one;
  };
  return {
    candidate: (weather: SlotWeather) => draw(candidate, weather),
    zone: (zone: number, weather: SlotWeather) => draw(zones[zone], weather),
  };
}

/** Per zone, the part of its requests that fails because tasks of it have a bad moment: each task once a day. */
function hiccups(world: ReleaseWorld, random: Random): (minute: number) => readonly number[] {
  const none = Array.from({ length: ZONES }, () => 0);
  const { hiccups: settings } = world;
  if (settings === undefined) return () => none;
  const begins = Array.from({ length: TASKS }, () => Number.NaN);
  let day = Number.NaN;
  return (minute) => {
    const today = Math.floor(minute / DAY_MINUTES);
    if (today !== day) {
      day = today;
      for (let task = 0; task < TASKS; task++) begins[task] = (today + random()) * DAY_MINUTES;
    }
    const failing = [...none];
    begins.forEach((begin, task) => {
      const zone = task % ZONES;
      const isNow = minute >= begin && minute < begin + settings.minutes;
      if (isNow) failing[zone] = (failing[zone] ?? 0) + (settings.failing * ZONES) / TASKS;
    });
    return failing;
  };
}

function stickyUsersOf(world: ReleaseWorld, random: Random): StickyUsers | undefined {
  const users: Users = world.users;
  switch (users.kind) {
    case "independent":
      return undefined;
    case "sessions":
      return sessionUsers(world, users, random);
    case "storms":
      return stormyUsers(world, users, random);
    case "heavy":
      return heavyUsers(world, users, random);
  }
}

import { SESSION_REQUESTS } from "../cell.ts";
import type { Random } from "../random.ts";
import { poissonSampler } from "../samplers.ts";
import type { ReleaseWorld, Users } from "./release-world.ts";
import { answersOf, drawn, drawnOnce, type SlotMinute } from "./slot-minute.ts";

/** Users who stay on their slot while they are split, and are free when nobody is. */
export interface StickyUsers {
  /** The next minute of both slots; `share`: the candidate's, 0 to 1. */
  next(share: number): { readonly candidate: SlotMinute; readonly active: SlotMinute };
}

type Kind<K extends Users["kind"]> = Extract<Users, { readonly kind: K }>;

/** Whether the cookies of before count: the route has none while all traffic is on one slot. */
const isSplit = (share: number) => share > 0 && share < 1;

/** Sessions begin independently; each asks every so many minutes until it has asked all its requests. */
export function sessionUsers(
  { requestsPerMinute, failing }: ReleaseWorld,
  { minutes, fails }: Kind<"sessions">,
  random: Random,
): StickyUsers {
  const every = Math.max(1, minutes / SESSION_REQUESTS);
  const length = SESSION_REQUESTS * every;
  const ring = () => ({ sound: new Int32Array(length), broken: new Int32Array(length) });
  const slots = { candidate: ring(), active: ring() };
  const sessions = requestsPerMinute / SESSION_REQUESTS;
  const rates = { sound: sessions * (1 - failing / fails), broken: (sessions * failing) / fails };
  const kinds = ["sound", "broken"] as const;
  let [minute, before] = [0, 0];

  const begin = (share: number) => {
    const at = minute % length;
    for (const kind of kinds) {
      slots.candidate[kind][at] = share > 0 ? poissonSampler(rates[kind] * share)(random) : 0;
      slots.active[kind][at] = share < 1 ? poissonSampler(rates[kind] * (1 - share))(random) : 0;
    }
    minute += 1;
  };
  /** Without cookies the share decides for those who are there, too. */
  const divide = (share: number) => {
    for (const kind of kinds) {
      const [candidate, active] = [slots.candidate[kind], slots.active[kind]];
      for (let at = 0; at < length; at++) {
        const all = (candidate[at] ?? 0) + (active[at] ?? 0);
        candidate[at] = share <= 0 ? 0 : share >= 1 ? all : drawnOnce(random, all, share);
        active[at] = all - (candidate[at] ?? 0);
      }
    }
  };
  const asking = (started: Int32Array) => {
    let sum = 0;
    for (let ago = 0; ago < length; ago += every) sum += started[(minute - 1 - ago + length) % length] ?? 0;
    return sum;
  };
  const minuteOf = (slot: keyof typeof slots) => {
    const broken = asking(slots[slot].broken);
    const requests = broken + asking(slots[slot].sound);
    return answersOf(random, requests, drawn(random, broken, fails));
  };
  // Those who were there before the first minute.
  for (let earlier = 0; earlier < length; earlier++) begin(0);

  return {
    next(share) {
      if (share !== before && !(isSplit(share) && isSplit(before))) divide(share);
      before = share;
      begin(share);
      return { candidate: minuteOf("candidate"), active: minuteOf("active") };
    },
  };
}

const DAY_MINUTES = 1440;

/** Independent requests, and now and then one user who repeats a request that fails. */
export function stormyUsers(
  { requestsPerMinute, failing }: ReleaseWorld,
  storms: Kind<"storms">,
  random: Random,
): StickyUsers {
  let raging: { isOnCandidate: boolean; left: number }[] = [];
  let before = 0;
  const minuteOf = (isCandidate: boolean, part: number) => {
    const usual = poissonSampler(requestsPerMinute * part)(random);
    const one = answersOf(random, usual, drawn(random, usual, failing));
    for (const { isOnCandidate } of raging) {
      if (isOnCandidate !== isCandidate) continue;
      one.requests += storms.requestsPerMinute;
      one.failed += storms.requestsPerMinute;
    }
    return one;
  };
  return {
    next(share) {
      const isFree = share !== before && !(isSplit(share) && isSplit(before));
      before = share;
      if (isFree) for (const storm of raging) storm.isOnCandidate = random() < share;
      raging = raging.filter((storm) => --storm.left > 0);
      if (random() < storms.aDay / DAY_MINUTES) {
        raging.push({ isOnCandidate: random() < share, left: storms.minutes });
      }
      return { candidate: minuteOf(true, share), active: minuteOf(false, 1 - share) };
    },
  };
}

/** The same few users all the time. */
export function heavyUsers(
  { requestsPerMinute, failing }: ReleaseWorld,
  { users, broken, stickyMinutes }: Kind<"heavy">,
  random: Random,
): StickyUsers {
  const each = requestsPerMinute / users;
  const people = Array.from({ length: users }, () => ({ isOnCandidate: false, until: 0 }));
  let [minute, before] = [0, 0];
  const minuteOf = (isCandidate: boolean) => {
    let [sound, failed] = [0, 0];
    people.forEach(({ isOnCandidate }, index) => {
      if (isOnCandidate !== isCandidate) return;
      if (index < broken) failed += 1;
      else sound += 1;
    });
    const usual = poissonSampler(sound * each)(random);
    const failures = poissonSampler(failed * each)(random);
    return answersOf(random, usual + failures, failures + drawn(random, usual, failing));
  };
  return {
    next(share) {
      const isFree = share !== before && !(isSplit(share) && isSplit(before));
      before = share;
      minute += 1;
      for (const person of people) {
        if (!isFree && (!isSplit(share) || minute < person.until)) continue;
        person.isOnCandidate = random() < share;
        // Cookies of a day's users do not all end in one minute.
        person.until = minute + stickyMinutes * (isFree ? random() : 1);
      }
      return { candidate: minuteOf(true), active: minuteOf(false) };
    },
  };
}

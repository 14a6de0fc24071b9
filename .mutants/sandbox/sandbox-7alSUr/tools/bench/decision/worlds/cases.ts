import { harm, releaseWorld, type Harm, type ReleaseWorld, type Users } from "./release-world.ts";

/** What has to come out: at most (or where it says so at least) this part of the runs, or so many minutes or requests. */
export interface WorldBars {
  readonly goodRolledBack?: number;
  readonly goodRolledBackUpper95?: number;
  /** Even once. */
  readonly goodRetreated?: number;
  /** Either of them. */
  readonly goodAnswered?: number;
  readonly goodPromotedAtLeast?: number;
  readonly badPromoted?: number;
  readonly medianMinutes?: number;
  readonly medianFailedToRetreat?: number;
  readonly medianFailedToEnd?: number;
  /** A bad candidate's users are back by the third (sixth) complete minute. */
  readonly badBy3AtLeast?: number;
  readonly badBy6AtLeast?: number;
}

export interface WorldCase {
  readonly name: string;
  readonly world: ReleaseWorld;
  /** A candidate as good as the active slot, or that differs no more than is tolerated; undefined: none is tried. */
  readonly good: "same" | Harm | undefined;
  readonly bad: Harm | undefined;
  /** `day`: it keeps the first share for a day. */
  readonly watch: "release" | "day";
  readonly bars: WorldBars;
}

const both = (world: ReleaseWorld, bad: Harm, bars: WorldBars): WorldCase => ({
  name: world.name,
  world,
  good: "same",
  bad,
  watch: "release",
  bars,
});
const good = (world: ReleaseWorld, bars: WorldBars): WorldCase => ({
  ...both(world, harm(0), bars),
  bad: undefined,
});
const bad = (name: string, world: ReleaseWorld, wrong: Harm, bars: WorldBars): WorldCase => ({
  ...both(world, wrong, bars),
  name: `${world.name}: ${name}`,
  good: undefined,
});
const day = (one: WorldCase, bars: WorldBars): WorldCase => ({
  ...one,
  name: `${one.name}, 24 h at 10 %`,
  bad: undefined,
  watch: "day",
  bars,
});

const usual = releaseWorld("600 a minute");
const little = releaseWorld("100 a minute", { requestsPerMinute: 100 });
const sessions = (minutes: 20 | 60): Users => ({ kind: "sessions", minutes, fails: 0.5 });
const byThree: Users = { kind: "independent", clusters: { kind: "fixed", size: 3 } };

const STICKY_WORLDS = {
  twenty: releaseWorld("sticky, sessions of 20 minutes", { users: sessions(20) }),
  sixty: releaseWorld("sticky, sessions of 60 minutes", { users: sessions(60) }),
  // So often that with a φ of 1 a quarter of the releases and all days would be rolled back.
  storms: releaseWorld("sticky, retry storms of one user: 50 requests in 10 minutes, 60 a day", {
    users: { kind: "storms", aDay: 60, requestsPerMinute: 5, minutes: 10 },
  }),
  rareStorms: releaseWorld("sticky, rare retry storms of one user: 100 requests in 10 minutes, 12 a day", {
    users: { kind: "storms", aDay: 12, requestsPerMinute: 10, minutes: 10 },
  }),
  heavy: releaseWorld("sticky for an hour, 200 heavy users of whom 4 send what always fails", {
    failing: 0.001,
    users: { kind: "heavy", users: 200, broken: 4, stickyMinutes: 60 },
  }),
} as const;

const FIVE_TIMES = harm(0.025);
const GROSS = harm(0.2);
const HANGS = harm(0.005, { hanging: 0.25 });

const sticky = good(STICKY_WORLDS.twenty, { goodRolledBack: 0.01 });
const STICKY: readonly WorldCase[] = [
  sticky,
  good(STICKY_WORLDS.sixty, { goodRolledBack: 0.01 }),
  good(STICKY_WORLDS.storms, { goodRolledBack: 0.01 }),
  // Larger than φ, which is their mean: measured, and no promise.
  good(STICKY_WORLDS.rareStorms, {}),
  // In counts nobody can see them: the same.
  good(STICKY_WORLDS.heavy, {}),
  day(sticky, { goodRolledBack: 0.02 }),
  day(good(STICKY_WORLDS.sixty, {}), { goodRolledBack: 0.02 }),
  day(good(STICKY_WORLDS.storms, {}), { goodRolledBackUpper95: 0.045 }),
  day(good(STICKY_WORLDS.rareStorms, {}), {}),
  day(good(STICKY_WORLDS.heavy, {}), {}),
];

const hiccups = releaseWorld("each task fails 30 % for 10 minutes once a day", {
  hiccups: { failing: 0.3, minutes: 10 },
});

const HICCUPS: readonly WorldCase[] = [
  good(hiccups, { goodPromotedAtLeast: 0.95, goodRolledBack: 0.01 }),
  bad("20 % failing", hiccups, GROSS, { medianFailedToRetreat: 40, medianFailedToEnd: 85 }),
  bad("five times as often", hiccups, FIVE_TIMES, { badPromoted: 0.05 }),
];

const LATENESS = [
  { what: "one minute's answers 4 minutes late", lateness: { kind: "single" }, goodAnswered: 0 },
  {
    what: "1 in 200 datapoints 3 minutes late",
    lateness: { kind: "some", probability: 1 / 200 },
    goodAnswered: 0.01,
  },
  {
    what: "1 in 20 datapoints 3 minutes late",
    lateness: { kind: "some", probability: 1 / 20 },
    goodAnswered: 0.02,
  },
  {
    what: "every datapoint half first, revised after 3 minutes",
    lateness: { kind: "revised", probability: 1 },
    goodAnswered: 0.02,
  },
  {
    what: "1 in 20 datapoints half first, revised after 3 minutes",
    lateness: { kind: "revised", probability: 1 / 20 },
    goodAnswered: 0.02,
  },
] as const;

const LATE: readonly WorldCase[] = LATENESS.flatMap(({ what, lateness, goodAnswered }) => {
  const world = releaseWorld(what, { lateness });
  return [
    good(world, { goodAnswered }),
    bad("20 % failing", world, GROSS, { badBy3AtLeast: 0.99 }),
    bad("20 % failing, by three", { ...world, users: byThree }, GROSS, { badBy3AtLeast: 0.9 }),
    bad("25 % hanging", world, HANGS, { badBy6AtLeast: 0.99 }),
  ];
});

const COLD: readonly WorldCase[] = [
  ...[2, 5, 8].map((minutes) =>
    good(
      releaseWorld(`cold start: three times as many late answers for ${minutes} minutes`, {
        coldStart: { minutes, slow: 3, failing: 1 },
      }),
      { goodPromotedAtLeast: 0.97, goodRolledBack: 0.01 },
    ),
  ),
  good(
    releaseWorld("cold start: three times as many failures for 5 minutes", {
      coldStart: { minutes: 5, slow: 1, failing: 3 },
    }),
    {},
  ),
];

const OUTAGE = good(
  releaseWorld("both slots fail 30 % from minute 5 on", { outage: { from: 5, failing: 0.3 } }),
  {
    goodRolledBack: 0.01,
  },
);

const SCHEDULE: readonly WorldCase[] = [
  both(usual, harm(0.01), {
    goodPromotedAtLeast: 0.98,
    medianMinutes: 75,
    goodRetreated: 0.01,
    badPromoted: 0.02,
  }),
  {
    ...good({ ...usual, name: "600 a minute, 1.1 times as many failures" }, { goodPromotedAtLeast: 0.98 }),
    good: harm(0.0055),
  },
  bad("five times as often", usual, FIVE_TIMES, {}),
  both(little, harm(0.01), { medianMinutes: 150, goodRetreated: 0.01, badPromoted: 0.3 }),
  bad("three times as often", little, harm(0.015), { badPromoted: 0.01 }),
  bad("five times as often", little, FIVE_TIMES, {}),
];

export const WORLD_CASES: readonly WorldCase[] = [
  ...SCHEDULE,
  ...STICKY,
  ...HICCUPS,
  ...LATE,
  ...COLD,
  OUTAGE,
];

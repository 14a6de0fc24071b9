import { CONSOLE_VERSION, type ConsoleState } from "../../../../cli/console/state/console-state.ts";
import type { SlotStatus, StatusOutcome } from "../../../../validation/insight/status.ts";
import type { Release } from "../../../../contract/release/release.ts";
import type { Slot } from "../../../../contract/slot.ts";

const FROM = Date.parse("2026-11-30T08:00:00Z") / 1000;
const MINUTES = 240;
const each = <T>(value: (index: number) => T): T[] =>
  Array.from({ length: MINUTES }, (_, index) => value(index));

/** What a stranger would write where the page shows his words. */
export const MARKUP = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;

/** Four hours of a release, with three signals; `outside`: every string that comes from outside. */
export function cannedState(outside = "digits"): ConsoleState {
  const seconds = each((index) => FROM + index * 60);
  const columns = (share: number) => ({
    requests: each((index) => Math.round(share * (600 + 40 * Math.sin(index / 9)))),
    failed: each((index) => (index % 17 === 0 ? 3 : 0)),
    late: each((index) => index % 5),
    p95: each((index) => (index < 20 ? null : 0.1 + (index % 7) / 100)),
    healthy: each(() => 2),
  });
  const release = releaseOf(outside);
  const points = seconds.filter((_, index) => index % 3 === 0);
  const count = { events: 12, among: 6_000 };
  return {
    version: CONSOLE_VERSION,
    at: "2026-11-30T12:00:00.000Z",
    speed: 1,
    everySeconds: 10,
    target: { stack: "prod", model: outside, kind: "local", words: outside, dashboard: undefined },
    status: statusOf(outside, release),
    isUpdating: false,
    splitSince: "2026-11-30T11:30:00.000Z",
    waits: [{ kind: "bake", words: outside, until: "2026-11-30T12:05:00.000Z" }],
    nextCheck: {
      sentence: outside,
      verdict: "hold",
      why: "baking",
      reasons: [outside],
      gates: [
        { gate: "alarms", about: "candidate", answer: { kind: "pass", reason: outside, evidence: {} } },
      ],
      ownGates: [],
      would: "nothing moves; it is looked at again",
      refused: undefined,
    },
    wayBack: {
      to: "blue",
      closed: undefined,
      command: "npx bluegreen revert",
      will: `All users go to blue. ${outside}`,
    },
    buttons: (["approve", "pause", "resume", "promote", "revert"] as const).map((verb) => ({
      verb,
      about: outside,
      will: outside,
      command: `npx bluegreen ${verb}`,
      needsReason: verb === "promote",
      closed: verb === "resume" ? "nothing is paused" : undefined,
    })),
    runs: [{ id: "1", verb: "pause", lines: [outside], exitCode: 0, sentence: outside }],
    minutes: { seconds, blue: columns(0.9), green: columns(0.1), slowSeconds: 1 },
    evidence: {
      seconds: points,
      needed: 100,
      blindSpot: points.map((_, index) => 1 / (1 + index)),
      maxBlindSpot: 0.05,
      metrics: ["failed", "slow-p90", "slow-p99", outside].map((name, index) => ({
        name,
        exposure: "requests",
        needed: 100,
        logEvidence: points.map((_, at) => Math.sin(at / 10 + index)),
        candidate: count,
        active: count,
        parts: [{ name: outside, candidate: count, active: count }],
      })),
      signals: [outside, "unsure", "refused"].map((name) => ({
        name,
        exposure: "answers",
        seconds,
        candidate: each((index) => index % 4),
        active: each((index) => index % 3),
      })),
    },
    marks: [
      { seconds: FROM + 1800, kind: "step", words: outside },
      { seconds: FROM + 7200, kind: "retreat", words: outside },
    ],
    journal: [{ n: 1, at: "2026-11-30T08:30:00.000Z", kind: "look", verdict: "hold", sentence: outside }],
    tests: {
      outcome: "passed",
      checks: [{ name: "accuracy", answer: "pass", reason: outside }],
      worst: [{ id: "1", input: outside, label: outside, candidate: outside, active: outside }],
    },
    config: [{ key: outside, deployed: outside, isSecret: false, inFile: outside }],
    unreadable: [outside],
    failed: undefined,
  };
}

const releaseOf = (outside: string): Release => ({
  id: "v2-g3",
  slot: "green",
  digest: outside,
  modelVersion: outside,
  state: "running",
  weight: 10,
  stepSince: "2026-11-30T11:30:00.000Z",
  deadline: "2026-11-30T12:30:00.000Z",
  liveSince: "",
  approvedSteps: [],
  retreats: [],
  fastTrack: "",
  owner: outside,
  reason: outside,
});

function statusOf(outside: string, release: Release): StatusOutcome {
  const slot = (name: Slot, role: SlotStatus["role"], share: number): SlotStatus => ({
    slot: name,
    role,
    image: outside,
    digest: undefined,
    modelVersion: outside,
    requested: outside,
    runs: { kind: "requested" },
    configuredShare: share,
    liveShare: share,
    healthyTasks: 2,
    minTasks: 2,
    alarms: { "error-rate": outside, cpu: "OK" },
    answers: undefined,
  });
  return {
    exitCode: 0,
    sentence: `blue 90 % · green 10 %; ${outside}`,
    url: outside,
    elsewhere: outside,
    slots: { blue: slot("blue", "active", 90), green: slot("green", "candidate", 10) },
    release,
    model: undefined,
    shadow: outside,
    generation: 3,
    drift: [outside],
    warnings: [outside],
    labels: [],
    cohorts: [],
    experiment: undefined,
    rollout: undefined,
    unreadable: [],
    next: outside,
  };
}

/** What the page asks for beside the state. */
export const cannedAnswer = (path: string, outside: string): unknown =>
  ({
    "/api/logs": {
      order: ["green", "blue"],
      slots: Object.fromEntries(
        ["blue", "green"].map((slot) => [
          slot,
          {
            sentence: outside,
            tasks: [{ taskId: `${slot}1`, lines: [outside] }],
            command: undefined,
            errors: [{ signature: outside, times: 2, isNew: true, example: outside }],
          },
        ]),
      ),
    },
    "/api/history": {
      exitCode: 0,
      sentence: "1 release",
      releases: [
        {
          id: "v2-g3",
          modelVersion: outside,
          slot: "green",
          outcome: "inProgress",
          reason: outside,
          deployedAt: "2026-11-30T08:00:00Z",
          hasReport: true,
        },
      ],
    },
    "/api/look": { gates: [{ gate: outside, answer: { kind: "pass", reason: outside } }] },
  })[path];

import type { TargetCounts } from "../../../validation/core/observation.ts";

/** An image reference, pinned; `letter` tells one from another. */
export const DIGEST = (letter: string) => `repo/model@sha256:${letter.repeat(64)}`;

/** v1 on blue has everyone; green is empty. */
export const oneModel = () => ({
  activeSlot: "blue",
  blue: { image: DIGEST("a"), modelVersion: "1", minTasks: 2, maxTasks: 4 },
  // However blind a step is: these samples are for the flows, the comparison has tests of its own.
  rollout: {
    // What steps have to prove is told in schedule.test.ts; the other flows do not wait for it.
    advanceWhen: "blindSpot",
    steps: [10, 50, 100],
    bakeMinutes: 5,
    minRequests: 100,
    deadlineMinutes: 30,
    maxBlindSpots: [1],
  },
  generation: 3,
});

/** v1 on blue has everyone; v2 waits on green. */
export const candidateReady = () => ({
  ...oneModel(),
  green: { image: DIGEST("b"), modelVersion: "2", minTasks: 2, maxTasks: 4 },
  release: {
    id: "v2-g3",
    slot: "green",
    digest: DIGEST("b"),
    state: "deployed",
    stepSince: "2026-01-01T00:00:00.000Z",
    tested: {
      outcome: "passed",
      digest: `sha256:${"0".repeat(64)}`,
      at: "2026-01-01T00:00:00.000Z",
      taskDefinition: "arn:task/green:2",
    },
  },
});

/** v2 waits on green, not tested yet. */
export const untested = () => {
  const { tested: _, ...release } = candidateReady().release;
  return { ...candidateReady(), release };
};

/** v2 on green was promoted; blue is its warm standby. */
export const promoted = () => ({
  ...candidateReady(),
  activeSlot: "green",
  release: { ...candidateReady().release, state: "promoted", weight: 100 },
});

/** v2 on green has a share of a running release. */
export const sharing = (percent: number) => ({
  ...candidateReady(),
  greenWeight: percent,
  release: {
    ...candidateReady().release,
    state: "running",
    weight: percent,
    stepSince: "2026-01-01T00:00:00.000Z",
    deadline: "2026-01-01T00:30:00.000Z",
  },
});

export function counts(healthy: number, others: Partial<TargetCounts> = {}): TargetCounts {
  return { healthy, unhealthy: 0, initial: 0, draining: 0, other: 0, ...others };
}

import { describe, expect, test } from "vitest";
import { duration, showHistory, showLogs } from "../../../cli/view/history.ts";
import type { ReleaseRecord } from "../../../validation/core/releases.ts";

const DIGEST = `sha256:${"ab".repeat(32)}`;
const record: ReleaseRecord = {
  id: "v2-g3",
  slot: "green",
  image: "digits:2",
  digest: undefined,
  modelVersion: "2",
  outcome: "rolledBack",
  reason: "error-rate is 0.2, allowed is at most 0.05",
  deployedAt: "2026-01-01T10:00:00.000Z",
  promotedAt: undefined,
  endedAt: "2026-01-01T10:12:00.000Z",
  seconds: 720,
  shares: [10, 50],
};
const waiting: ReleaseRecord = {
  ...record,
  id: "v3-g9",
  image: `team/digits@${DIGEST}`,
  digest: DIGEST,
  outcome: "inProgress",
  reason: "",
  endedAt: undefined,
  seconds: undefined,
  shares: [],
};

describe("the history of releases", () => {
  test("is a table with one line for each", () => {
    const releases = [waiting, record];
    expect(showHistory({ exitCode: 0, sentence: "2 releases", releases }).split("\n")).toEqual([
      "release  slot   version  image        digest               outcome      deployed          took    shares   reason",
      "v3-g9    green  2        team/digits  sha256:abababababab  in progress  2026-01-01 10:00  -       -",
      "v2-g3    green  2        digits:2     -                    rolled back  2026-01-01 10:00  12 min  10 → 50  error-rate is 0.2, allowed is at most 0.05",
      "",
      "2 releases",
    ]);
  });

  test.each([
    [45, "45 s"],
    [720, "12 min"],
    [12_600, "3.5 h"],
    [259_200, "3.0 days"],
  ])("shows %d seconds as %s", (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });
});

describe("the log of a slot", () => {
  const base = {
    exitCode: 0,
    sentence: "0 lines of 0 tasks of green",
    slot: "green",
    requested: "green:1",
  } as const;
  test("ends with the newest line of the newest task", () => {
    const tasks = [
      { taskId: "new", lines: ["c"] },
      { taskId: "old", lines: ["a", "b"] },
    ];
    expect(showLogs({ ...base, tasks, aws: undefined })).toBe("== task old\na\nb\n== task new\nc");
    const parts = [{ taskId: "1", container: "agent", lines: ["up"] }];
    expect(showLogs({ ...base, tasks: parts, aws: undefined })).toBe("== agent in task 1\nup");
    expect(showLogs({ ...base, tasks: [], aws: undefined })).toBe(base.sentence);
  });

  test("on AWS is a place and a command", () => {
    const aws = { logGroup: "/ecs/x", command: "aws logs tail /ecs/x" };
    expect(showLogs({ ...base, tasks: [], aws })).toBe("log group /ecs/x\naws logs tail /ecs/x");
  });
});

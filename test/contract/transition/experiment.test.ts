import { describe, expect, it } from "vitest";
import { describeRefusals } from "../support/refusals.ts";
import { problemsOf, release, shifted } from "../support/steps.ts";

const experiment = { signal: "conversion", percent: 50, days: 14 };
const running = { ...release, weight: 50, experiment };
const sticky = { ...shifted(50), release: running, service: { stickinessSeconds: 604_800 } };
const off = { stickinessSeconds: 0 };

const says = [
  "service.stickinessSeconds is 0; allowed: 1 or more until the experiment on conversion has ended (npx bluegreen experiment stop): without it each request of a user may meet the other model. Fix it: pulumi config set --path service.stickinessSeconds 604800",
];

describeRefusals("users of an experiment would be drawn anew by each request", [
  {
    title: "no stickiness any more while it runs",
    before: sticky,
    after: { ...sticky, service: off },
    says,
  },
  {
    title: "no stickiness any more before its first users",
    before: { ...sticky, ...shifted(0), release: { ...running, state: "deployed", weight: 0 } },
    after: { ...sticky, ...shifted(0), release: { ...running, state: "deployed", weight: 0 }, service: off },
    says,
  },
]);

describe("no stickiness any more passes", () => {
  const ended = { at: "2026-01-02T00:00:00.000Z", outcome: "better", sentence: "green is better" };
  it.each([
    [
      "once the experiment has ended",
      { ...sticky, release: { ...running, experiment: { ...experiment, ended } } },
    ],
    ["in a release without one", { ...sticky, release }],
    ["together with the users' way back", { ...sticky, ...shifted(0) }],
  ])("%s", (_title, after) => {
    expect(problemsOf(sticky, { ...after, service: off })).toEqual([]);
  });
});

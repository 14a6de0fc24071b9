import { describe, expect, it } from "vitest";
import type { GateInput } from "../../../validation/core/assessment.ts";
import type { RawMinute } from "../../../validation/core/comparison/data.ts";
import { judge } from "../../../validation/core/comparison/judgement.ts";
import type { Observation } from "../../../validation/core/observation.ts";
import { clientErrorsGate } from "../../../validation/gates/client-errors.ts";
import { comparisonGate } from "../../../validation/gates/comparison.ts";
import { DEFAULT_SETTINGS } from "../../../validation/insight/replay/settings.ts";
import { binomial, MINUTE, raw, seeded } from "../core/comparison/support.ts";

type Rate = (minute: number) => number;

interface Seen {
  /** Answers a minute that are 4xx, of 60 on the candidate and 540 on the active slot; one number: in every minute. */
  readonly refusals: readonly [candidate: number | Rate, active: number | Rate];
  readonly minutes?: number;
  readonly share?: number;
  readonly sticky?: boolean;
  /** Requests a minute on the candidate that get no answer. */
  readonly unanswered?: number;
}

function input({
  refusals,
  minutes: length = 30,
  share = 10,
  sticky = false,
  unanswered = 0,
}: Seen): GateInput {
  const of = (rate: number | Rate, at: number) => (typeof rate === "number" ? rate : rate(at));
  const minutes = Array.from({ length }, (_, at): RawMinute => ({
    atMs: at * MINUTE,
    candidate: raw({ requests: 60 + unanswered, answered: 60, refusals: of(refusals[0], at) }),
    active: raw(share < 100 ? { requests: 540, refusals: of(refusals[1], at) } : {}),
  }));
  const { rollout, thresholds } = DEFAULT_SETTINGS;
  const nowMs = length * MINUTE;
  const value = judge({
    data: {
      minutes,
      slowThresholds: [],
      customMetrics: [],
      signals: [],
      zones: [minutes.map(({ active }) => active)],
      zonesFromMs: minutes[0]?.atMs ?? 0,
      historyMinutes: 0,
    },
    earlier: new Map(),
    nowMs,
    stepSinceMs: 0,
    splitSinceMs: 0,
    share,
    sticky,
    attempt: 1,
    visits: 1,
    policy: rollout,
  });
  // What these gates look at; the rest of an observation is none of theirs.
  const observation = {
    nowMs,
    comparison: { readable: true, value },
    candidate: { slot: "green", share },
    active: { slot: "blue", share: 100 - share },
  } as unknown as Observation;
  return { observation, policy: rollout, thresholds, sticky };
}

const look = (seen: Seen) => clientErrorsGate(input(seen))[0]?.answer;

describe("answers 4xx", () => {
  it("hold a candidate that clearly gives more of them, with both slots' numbers", () => {
    const [found] = clientErrorsGate(input({ refusals: [30, 5] }));
    expect(found).toMatchObject({
      onFail: "hold",
      answer: {
        kind: "fail",
        reason:
          "client-errors: 300 of 600 answers (50 %) on green are 4xx, 50 of 5400 answers (0.93 %) on blue, in 10 minutes; green refuses what blue takes, or is asked something else: npx bluegreen logs green",
        evidence: {
          candidateAnswers: 600,
          candidate4xx: 300,
          activeAnswers: 5400,
          active4xx: 50,
          minutes: 10,
        },
      },
    });
  });

  it("are compared like failures, with three times the active slot's rate as no harm yet", () => {
    expect(comparisonGate(input({ refusals: [30, 5] }))[0]?.answer.kind).toBe("fail");
    expect(comparisonGate(input({ refusals: [1, 5] }))[0]?.answer.kind).not.toBe("fail");
  });

  it("hold it from the first minutes on", () => {
    expect(look({ refusals: [30, 0], minutes: 2 })?.kind).toBe("fail");
  });

  it("hold nobody who gives as many as the active slot in the same minutes", () => {
    const storm: Rate = (minute) => (minute >= 25 ? 0.5 : 0.01);
    const seen = look({ refusals: [(at) => 60 * storm(at), (at) => 540 * storm(at)] });
    expect(seen).toMatchObject({ kind: "pass", reason: expect.stringContaining("on green are 4xx") });
  });

  it("hold nobody any more once they have stopped for as long as a step bakes", () => {
    expect(look({ refusals: [(at) => (at < 15 ? 30 : 0), 5] })?.kind).toBe("pass");
    expect(look({ refusals: [(at) => (at < 25 ? 30 : 0), 5] })?.kind).toBe("fail");
  });

  it("hold a candidate as good as the active slot about once in a thousand looks at most", () => {
    const random = seeded(7);
    const drawn = (requests: number) => () => binomial(random, requests, 0.05);
    const looks = Array.from({ length: 400 }, () => look({ refusals: [drawn(60), drawn(540)] })?.kind);
    expect(looks.filter((kind) => kind === "fail").length).toBeLessThanOrEqual(2);
  });

  it("are no news of requests that clients gave up", () => {
    expect(look({ refusals: [0, 0], sticky: true, unanswered: 600 })).toMatchObject({
      kind: "pass",
      evidence: { candidateAnswers: 600 },
    });
  });

  it("give no answer while they cannot be read, or nothing was answered yet", () => {
    const { observation, ...rest } = input({ refusals: [0, 0] });
    const blind = { ...observation, comparison: { readable: false, why: "throttled" } } as const;
    expect(clientErrorsGate({ ...rest, observation: blind })[0]?.answer).toMatchObject({
      kind: "noAnswer",
      cause: "unreadable",
      reason: "client-errors: the counts could not be read (throttled)",
    });
    expect(look({ refusals: [0, 0], minutes: 0 })).toMatchObject({ kind: "noAnswer", cause: "tooEarly" });
  });

  it("say nothing at 100 %, where there is nobody to compare with", () => {
    expect(look({ refusals: [30, 0], share: 100 })?.kind).toBe("notApplicable");
  });
});

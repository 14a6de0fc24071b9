import { describe, expect, it } from "vitest";
import { thresholdFields, rolloutFields } from "../../../contract/config/sections.ts";
import { rateCounts } from "../../../validation/core/cohort-seen.ts";
import type { CohortSeen } from "../../../validation/core/cohort-seen.ts";
import type { Reading } from "../../../validation/core/observation.ts";
import { cohortGate } from "../../../validation/gates/cohort.ts";
import { LIVE, MINUTE, slot } from "./judging.ts";

const defaults = (fields: Readonly<Record<string, { readonly default: unknown }>>) =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.default]));

/** What the gate says of sums by metric, as the load balancer reports them: no zeros. */
function judge(sums: Readonly<Record<string, number>>, own: Partial<CohortSeen> = {}) {
  const counted = new Map(Object.entries(sums));
  const requests = sums["requests"] ?? 0;
  return answerTo({
    readable: true,
    value: { name: "internal", isThere: true, requests, counts: rateCounts(counted), ...own },
  });
}

function answerTo(cohort: Reading<CohortSeen> | undefined) {
  const [assessment] = cohortGate({
    observation: {
      nowMs: LIVE + 60 * MINUTE,
      liveSinceMs: LIVE,
      askedMs: LIVE,
      firstShare: true,
      candidate: slot("green", { share: 0 }),
      active: slot("blue", { share: 100 }),
      comparison: undefined,
      refused: undefined,
      cohort,
    },
    // The defaults are of the fields' own types, which entries of an object do not say.
    policy: defaults(rolloutFields) as never,
    thresholds: defaults(thresholdFields) as never,
    sticky: false,
  });
  if (assessment === undefined) throw new Error("it says nothing");
  const { answer, onFail = "rollback" } = assessment;
  return { kind: answer.kind, onFail: answer.kind === "fail" ? onFail : undefined, reason: answer.reason };
}

const failing = (requests: number, errors: number) => ({
  requests,
  ok: requests - errors,
  errors,
  answers: requests,
});

describe("the gate on a cohort", () => {
  it("has no answer without a request, without counts, or when its rule leads elsewhere", () => {
    expect(judge({}).reason).toBe("no request of cohort internal on green since it goes there");
    expect(judge({}).kind).toBe("noAnswer");
    expect(answerTo({ readable: false, why: "throttled" }).kind).toBe("noAnswer");
    expect(judge(failing(100, 0), { isThere: false })).toMatchObject({ kind: "noAnswer" });
  });

  it("passes as soon as one request was answered well, and stays so at the limit", () => {
    expect(judge(failing(1, 0))).toMatchObject({
      kind: "pass",
      reason: "cohort internal: 1 request on green, within the limits of the alarms",
    });
    expect(judge(failing(1000, 50)).kind).toBe("pass");
  });

  it("rolls back what chance does not explain at the limit of 5 %: 7 of 7, 10 of 20, 72 of 720", () => {
    expect(judge(failing(7, 7))).toMatchObject({ kind: "fail", onFail: "rollback" });
    expect(judge(failing(20, 10))).toMatchObject({ kind: "fail", onFail: "rollback" });
    expect(judge(failing(720, 72))).toMatchObject({ kind: "fail", onFail: "rollback" });
    expect(judge(failing(7, 7)).reason).toContain(
      "error-rate of cohort internal is 100 % (7 of 7), allowed is at most 5 %",
    );
  });

  it("only holds above the limit while it may be chance", () => {
    expect(judge(failing(3, 3))).toMatchObject({ kind: "fail", onFail: "hold" });
    expect(judge(failing(100, 10)).reason).toContain("which may be chance");
  });

  it("counts connections that no task took, for which there is no answer", () => {
    expect(judge({ requests: 20, refused: 20 })).toMatchObject({ kind: "fail", onFail: "rollback" });
  });

  it("only holds for slow answers and requests without any: its own requests may bring that about", () => {
    expect(judge({ requests: 100, ok: 100, answers: 100, slow: 90 })).toMatchObject({ onFail: "hold" });
    expect(judge({ requests: 100, ok: 40, answers: 40 })).toMatchObject({ onFail: "hold" });
  });
});

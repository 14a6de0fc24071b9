import { describe, expect, test } from "vitest";
import {
  assess,
  fail,
  isDoubt,
  notApplicable,
  pass,
  retreats,
  rollsBack,
  tooEarly,
  unreadable,
  withDryRun,
  type Answer,
  type Assessment,
} from "../../../validation/core/assessment.ts";

const about = (who: Assessment["about"], answer: Answer, onFail?: Assessment["onFail"]): Assessment => ({
  gate: "errors",
  about: who,
  answer,
  ...(onFail && { onFail }),
});
/** What of the three it brings about. */
const brings = (one: Assessment) =>
  Object.entries({ rollback: rollsBack(one), retreat: retreats(one), hold: isDoubt(one) }).flatMap(
    ([what, does]) => (does ? [what] : []),
  );

describe("what an answer brings about", () => {
  test("a candidate that fails goes back for good, unless its gate says what else", () => {
    expect(brings(about("candidate", fail("errors")))).toEqual(["rollback"]);
    for (const onFail of ["rollback", "retreat", "hold"] as const) {
      expect(brings(about("candidate", fail("errors"), onFail))).toEqual([onFail]);
    }
  });

  test.each([undefined, "rollback", "retreat", "hold"] as const)(
    "what the active slot fails speaks of no candidate (on fail: %s)",
    (onFail) => {
      expect(brings(about("baseline", fail("errors"), onFail))).toEqual([]);
    },
  );

  const others: readonly Answer[] = [
    pass("fine"),
    notApplicable("no users"),
    unreadable("throttled"),
    tooEarly("1 minute"),
  ];
  test.each(others)("what is no fail brings about none: $reason", (answer) => {
    for (const onFail of ["rollback", "retreat", "hold"] as const) {
      expect(brings(about("candidate", answer, onFail))).toEqual([]);
    }
  });

  test("an answer has what it looked at", () => {
    const evidence = { errors: 3 };
    expect(pass("fine", evidence)).toEqual({ kind: "pass", reason: "fine", evidence });
    expect(fail("errors")).toEqual({ kind: "fail", reason: "errors", evidence: {} });
    expect(notApplicable("no users")).toEqual({ kind: "notApplicable", reason: "no users", evidence: {} });
    expect(unreadable("throttled")).toMatchObject({ kind: "noAnswer", cause: "unreadable", evidence: {} });
    expect(tooEarly("1 minute")).toMatchObject({ kind: "noAnswer", cause: "tooEarly", evidence: {} });
  });
});

describe("a policy that wants a gate only reported", () => {
  test("has what that gate says marked, and nothing else", () => {
    const [errors, load] = [
      about("candidate", fail("errors")),
      { ...about("candidate", pass("fine")), gate: "load" },
    ];
    expect(withDryRun([errors, load], { dryRun: ["errors"] })).toEqual([{ ...errors, dryRun: true }, load]);
    expect(withDryRun([errors, load], { dryRun: [] })).toEqual([errors, load]);
  });
});

test("all gates are asked the same, and all that they say counts", () => {
  const one = about("candidate", pass("fine"));
  const two = about("baseline", pass("fine"));
  // No gate here looks at what it is asked.
  const asked = {} as Parameters<typeof assess>[1];
  const seen: unknown[] = [];
  const gate = (says: readonly Assessment[]) => (input: unknown) => {
    seen.push(input);
    return says;
  };
  expect(assess([gate([one, two]), gate([]), gate([two])], asked)).toEqual([one, two, two]);
  expect(seen).toEqual([asked, asked, asked]);
});

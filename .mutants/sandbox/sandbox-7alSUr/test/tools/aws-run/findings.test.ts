import { describe, expect, it } from "vitest";
import { STEPS } from "../../../tools/aws-run/experiments.ts";
import { stateWords } from "../../../tools/aws-run/findings.ts";
import { judged, readFindings, type Findings } from "../../../tools/aws-run/results.ts";
import { AS_BELIEVED } from "./support/as-believed.ts";

const experiments = STEPS.map(({ id }) => id);
const on = (day: string) => ({ on: day, region: "us-east-1", experiments });
const { shift } = AS_BELIEVED;

describe("what runs on an account have found", () => {
  it("turns beliefs into what was seen, with the day and the numbers", () => {
    const found = judged({}, AS_BELIEVED, on("2026-12-01"));
    expect(stateWords(found["propagation"])).toBe(
      "**seen on** 2026-12-01 (us-east-1): twenty requests in a row went the new way: 4 s, believed at most 120 s",
    );
    expect(Object.values(found).map(({ state }) => state)).not.toContain("couldNotTell");
  });

  it("keeps what an earlier run saw where this one could not tell, and writes over it where it could", () => {
    const first = judged({}, AS_BELIEVED, on("2026-12-01"));
    const second = judged(first, { shift: { ...shift, cookieAtZero: "1" } }, on("2026-12-09"));
    expect(second["cookie-at-weight-0"]).toMatchObject({ state: "failed", on: "2026-12-09" });
    expect(second["rule-weight-0"]).toEqual(first["rule-weight-0"]);
  });

  it("says nothing of experiments that were left out", () => {
    const found = judged({}, {}, { ...on("2026-12-01"), experiments: ["internal"] });
    expect(Object.keys(found)).toEqual(["internal-ipv4"]);
  });

  it("says of a belief that no run has reached that it is believed", () => {
    expect(stateWords(undefined)).toBe("believed");
    const found = judged({}, {}, on("2026-12-01"));
    expect(stateWords(found["propagation"])).toBe(
      "believed; could not tell on 2026-12-01 (us-east-1): the experiment did not come to its end",
    );
  });

  it("tells nothing of whose account it was, and no answer of AWS's ends a cell of the table", () => {
    const said =
      "arn:aws:iam::123456789012:role/x of 123456789012 in subnet-0a1b2c3d4e | 10.0.0.1\nx-1.us-east-1.elb.amazonaws.com";
    const refused = { accepted: false, said };
    const found = judged({}, { route: { ...AS_BELIEVED.route, singleSticky: refused } }, on("2026-12-01"));
    expect(stateWords(found["single-group-sticky"])).toBe(
      "**failed on** 2026-12-01 (us-east-1): … of … in … \\| … …",
    );
  });

  it("are read back as they were written, and anything else is refused", () => {
    const found: Findings = judged({}, AS_BELIEVED, on("2026-12-01"));
    expect(readFindings(JSON.stringify(found))).toEqual(found);
    expect(() => readFindings(JSON.stringify({ propagation: { state: "sure" } }))).toThrow(/propagation/);
    expect(() => readFindings("[]")).toThrow(/not an object/);
  });
});

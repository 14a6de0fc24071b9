import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { StateValue } from "../../alarms/evaluate.ts";
import { alarmsOf, parseRule, ruleHolds } from "../../alarms/rule.ts";

const STATES: Readonly<Record<string, StateValue>> = {
  a: "ALARM",
  b: "OK",
  c: "INSUFFICIENT_DATA",
  "my alarm": "ALARM",
  "arn:aws:cloudwatch:us-east-1:000000000000:alarm:a": "ALARM",
};
function holds(rule: string): boolean {
  return ruleHolds(parseRule(rule), (alarm) => {
    const state = STATES[alarm];
    if (state === undefined) throw new Error(`there is no alarm ${alarm}`);
    return state;
  });
}

describe("a composite rule with a in ALARM, b OK and c without data", () => {
  it.each([
    ["ALARM(a) AND ALARM(b)", false],
    ["ALARM(a) AND NOT ALARM(b)", true],
    ["(ALARM(b) OR ALARM(a)) AND OK(b)", true],
    ['INSUFFICIENT_DATA("c")', true],
    ['ALARM("arn:aws:cloudwatch:us-east-1:000000000000:alarm:a")', true],
    ['ALARM("my alarm")', true],
    ["TRUE AND FALSE", false],
    ["NOT (ALARM(b))", true],
    ["AT_LEAST(2, ALARM, (a, b, c))", false],
    ["AT_LEAST(2, NOT OK, (a, b, c))", true],
    ["AT_LEAST(60%, NOT OK, (a, b, c))", true],
    ["AT_LEAST(67%, NOT OK, (a, b, c))", false],
  ])("%s is %s", (rule, value) => expect(holds(rule)).toBe(value));

  it.each([
    ["ALARM(", "an alarm's name or ARN"],
    ["THIS IS NOT A RULE (((", "expected ALARM, OK"],
    ["ALARM(zzz)", "there is no alarm zzz"],
    ["ALARM(a) ALARM(b)", "expected AND, OR or the end"],
  ])("%s is an error", (rule, reason) => expect(() => holds(rule)).toThrow(reason));

  it.each([
    ["AT_LEAST(4, ALARM, (a, b, c))", "from 1 to 3"],
    ["AT_LEAST(0, ALARM, (a))", "from 1 to 1"],
    ["AT_LEAST(101%, ALARM, (a))", "from 1 to 100%"],
    ["NOT", "found the end"],
    ["alarm(a)", "expected ALARM"],
    ["ALARM()", "an alarm's name"],
    ["", "found the end"],
    ["TRUE ANDFALSE", "AND, OR or the end"],
  ])("%s is refused with the reason", (rule, reason) => expect(() => parseRule(rule)).toThrow(reason));

  it("takes names and ARNs without quotes, and any white space", () => {
    expect(holds("  ALARM( arn:aws:cloudwatch:us-east-1:000000000000:alarm:a )\n  AND\tOK( b ) ")).toBe(true);
    expect(holds("NOT NOT TRUE OR FALSE")).toBe(true);
  });

  it("binds AND tighter than OR", () => {
    expect(holds("TRUE OR FALSE AND FALSE")).toBe(true);
    expect(holds("(TRUE OR FALSE) AND FALSE")).toBe(false);
  });

  it("has at most 100 alarms and 500 elements", () => {
    const names = Array.from({ length: 101 }, (_, i) => `ALARM(n${i})`);
    expect(() => parseRule(names.slice(1).join(" OR "))).not.toThrow();
    expect(() => parseRule(names.join(" OR "))).toThrow("at most 100 alarms");
    const constants = Array.from({ length: 501 }, () => "TRUE");
    expect(() => parseRule(constants.slice(1).join(" OR "))).not.toThrow();
    expect(() => parseRule(constants.join(" OR "))).toThrow("at most 500 elements");
  });
});

it("a rule written out and read again has the same alarms and the same value", () => {
  const { rule } = fc.letrec<{ rule: string; leaf: string }>((tie) => ({
    leaf: fc.oneof(
      fc.constantFrom("TRUE", "FALSE"),
      fc
        .tuple(fc.constantFrom("ALARM", "OK", "INSUFFICIENT_DATA"), fc.constantFrom("a", "b", "c"))
        .map(([s, n]) => `${s}(${n})`),
    ),
    rule: fc.oneof(
      { depthSize: "small" },
      tie("leaf"),
      tie("rule").map((inner) => `NOT (${inner})`),
      fc.tuple(tie("rule"), tie("rule")).map(([l, r]) => `(${l}) AND (${r})`),
      fc.tuple(tie("rule"), tie("rule")).map(([l, r]) => `(${l}) OR (${r})`),
    ),
  }));
  fc.assert(
    fc.property(rule, (text) => {
      const tree = parseRule(text);
      expect(alarmsOf(tree)).toEqual([...text.matchAll(/\((\w)\)/g)].map((match) => match[1]));
      // The rule's words are JavaScript's operators in another spelling.
      const script = text
        .replaceAll(/(ALARM|OK|INSUFFICIENT_DATA)\((\w)\)/g, (_, state, name) =>
          String(STATES[name] === state),
        )
        .replaceAll("NOT", "!")
        .replaceAll("AND", "&&")
        .replaceAll("OR", "||")
        .toLowerCase();
      // oxlint-disable-next-line no-eval -- an independent reading of a text that this test generated itself
      expect(ruleHolds(tree, (name) => STATES[name] ?? "OK")).toBe(eval(script));
    }),
  );
});

import type { StateValue } from "./evaluate.ts";

/**
 * The rule of a composite alarm. Grammar: CloudWatch API, PutCompositeAlarm; AT_LEAST as AWS CDK writes it. How AWS
 * binds AND and OR without parentheses is not published; here AND binds tighter.
 */
export type Rule =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "state"; readonly state: StateValue; readonly alarm: string }
  | {
      readonly kind: "atLeast";
      readonly count: number;
      readonly percent: boolean;
      readonly not: boolean;
      readonly state: StateValue;
      readonly alarms: readonly string[];
    }
  | { readonly kind: "not"; readonly of: Rule }
  | { readonly kind: "and" | "or"; readonly left: Rule; readonly right: Rule };

/** What is wrong with a rule, in words for the caller's error. */
export class RuleError extends Error {}

// SDK documentation of PutCompositeAlarm: elements are child alarms, TRUE and FALSE, and parentheses.
const MAX_CHILDREN = 100;
const MAX_ELEMENTS = 500;

const WORD = /\s*([A-Z_]+)(?![A-Za-z0-9_])/y;
const STATE = /\s*(ALARM|OK|INSUFFICIENT_DATA)(?![A-Za-z0-9_])/y;
const NUMBER = /\s*(\d+)(%?)/y;
// A name without quotes ends where the grammar goes on.
const NAME = /\s*(?:"([^"]*)"|([^\s"(),]+))/y;

/** @throws RuleError */
export function parseRule(text: string): Rule {
  let at = 0;
  let elements = 0;

  function match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return undefined;
    at = pattern.lastIndex;
    return found;
  }
  function symbol(character: string): boolean {
    const from = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
    if (text[from] !== character) return false;
    at = from + 1;
    return true;
  }
  function expect(character: string): void {
    if (!symbol(character)) throw unexpected(`"${character}"`);
  }
  function unexpected(wanted: string): RuleError {
    const found = text.slice(at).trim().slice(0, 20);
    return new RuleError(
      `expected ${wanted} at position ${at} but found ${found === "" ? "the end" : `"${found}"`}`,
    );
  }
  function element(): void {
    elements++;
    if (elements > MAX_ELEMENTS) throw new RuleError(`a rule has at most ${MAX_ELEMENTS} elements`);
  }
  function word(wanted: string): boolean {
    const before = at;
    if (match(WORD)?.[1] === wanted) return true;
    at = before;
    return false;
  }

  function either(): Rule {
    let left = both();
    while (word("OR")) left = { kind: "or", left, right: both() };
    return left;
  }
  function both(): Rule {
    let left = negation();
    while (word("AND")) left = { kind: "and", left, right: negation() };
    return left;
  }
  function negation(): Rule {
    return word("NOT") ? { kind: "not", of: negation() } : term();
  }

  function term(): Rule {
    element();
    if (symbol("(")) {
      const inner = either();
      expect(")");
      return inner;
    }
    if (word("TRUE")) return { kind: "constant", value: true };
    if (word("FALSE")) return { kind: "constant", value: false };
    if (word("AT_LEAST")) return atLeast();
    const state = stateName();
    expect("(");
    const alarm = name();
    expect(")");
    return { kind: "state", state, alarm };
  }

  function atLeast(): Rule {
    expect("(");
    const [, digits, sign] = match(NUMBER) ?? [];
    if (digits === undefined) throw unexpected("a number or a percentage");
    expect(",");
    const not = word("NOT");
    const state = stateName();
    expect(",");
    expect("(");
    const alarms: string[] = [];
    do {
      element();
      alarms.push(name());
    } while (symbol(","));
    expect(")");
    expect(")");
    const count = Number(digits);
    const percent = sign === "%";
    const most = percent ? 100 : alarms.length;
    if (count < 1 || count > most) throw new RuleError(`AT_LEAST needs a number from 1 to ${most}${sign}`);
    return { kind: "atLeast", count, percent, not, state, alarms };
  }

  function stateName(): StateValue {
    const found = match(STATE)?.[1];
    if (found === undefined)
      throw unexpected("ALARM, OK, INSUFFICIENT_DATA, AT_LEAST, TRUE, FALSE, NOT or (");
    // The pattern admits exactly the three state values.
    return found as StateValue;
  }
  function name(): string {
    const found = match(NAME);
    const alarm = found?.[1] ?? found?.[2] ?? "";
    if (alarm === "") throw unexpected("an alarm's name or ARN");
    return alarm;
  }

  const rule = either();
  if (text.slice(at).trim() !== "") throw unexpected("AND, OR or the end");
  if (new Set(alarmsOf(rule)).size > MAX_CHILDREN)
    throw new RuleError(`a rule has at most ${MAX_CHILDREN} alarms`);
  return rule;
}

/** The names and ARNs in a rule, as written. */
export function alarmsOf(rule: Rule): string[] {
  switch (rule.kind) {
    case "constant":
      return [];
    case "state":
      return [rule.alarm];
    case "atLeast":
      return [...rule.alarms];
    case "not":
      return alarmsOf(rule.of);
    case "and":
    case "or":
      return [...alarmsOf(rule.left), ...alarmsOf(rule.right)];
  }
}

/** Whether the rule holds. `stateOf` gets names and ARNs as written. */
export function ruleHolds(rule: Rule, stateOf: (alarm: string) => StateValue): boolean {
  switch (rule.kind) {
    case "constant":
      return rule.value;
    case "state":
      return stateOf(rule.alarm) === rule.state;
    case "not":
      return !ruleHolds(rule.of, stateOf);
    case "and":
      return ruleHolds(rule.left, stateOf) && ruleHolds(rule.right, stateOf);
    case "or":
      return ruleHolds(rule.left, stateOf) || ruleHolds(rule.right, stateOf);
    case "atLeast": {
      const holding = rule.alarms.filter((alarm) => (stateOf(alarm) === rule.state) !== rule.not).length;
      return rule.percent ? holding * 100 >= rule.count * rule.alarms.length : holding >= rule.count;
    }
  }
}

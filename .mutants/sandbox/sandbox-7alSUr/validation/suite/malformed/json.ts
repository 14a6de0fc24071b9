import { isRecord } from "../../../contract/config/field.ts";
import { postOf, type Good, type Malformed, type Must } from "./input.ts";
import { wrongRows } from "./rows.ts";
import { wrongTensors, wrongTurns } from "./shapes.ts";

const DEEP = 30_000;
const MANY = 10_000;

/** What is wrong in a body of JSON, made from a good one so that it fits whatever the model takes. */
export function wrongJson(good: Good, required: readonly string[]): readonly Malformed[] {
  const value: unknown = JSON.parse(good.body);
  return [
    ...wrongTexts(good),
    ...wrongRoots(good, value),
    ...(isRecord(value) ? wrongMembers(good, value, required) : []),
    ...wrongNumbers(good, value),
    ...wrongStrings(good),
    ...wrongRows(good, value),
    ...wrongTensors(good, value),
    ...wrongTurns(good, value),
  ];
}

/** What no reader of JSON takes (RFC 8259). */
function wrongTexts(good: Good): readonly Malformed[] {
  const post = postOf(good);
  const { body } = good;
  const part = (share: number) => body.slice(0, Math.max(1, Math.ceil(body.length * share)));
  const last = body.slice(-1);
  const refused: readonly (readonly [string, string])[] = [
    ["no JSON", "features=1,2,3"],
    ["XML", "<request><x>1</x></request>"],
    ["the first character of a JSON text", body.slice(0, 1)],
    ["a quarter of a JSON text", part(0.25)],
    ["half of a JSON text", part(0.5)],
    ["three quarters of a JSON text", part(0.75)],
    ["a JSON text without its last character", body.slice(0, -1)],
    ["a character after a JSON text", `${body}x`],
    ["two JSON texts", body + body],
    ["a comma before the end", `${body.slice(0, -1)},${last}`],
    ["a comment", `${body.slice(0, 1)}/* why */${body.slice(1)}`],
    ["single quotes", body.includes('"') ? body.replaceAll('"', "'") : "{'a': 1}"],
    ["a name without quotes", "{a: 1}"],
    ["lists that are nested 30,000 deep", "[".repeat(DEEP)],
    ["closed lists that are nested 30,000 deep", "[".repeat(DEEP) + "]".repeat(DEEP)],
    ["objects that are nested 10,000 deep", '{"a":'.repeat(MANY) + "1" + "}".repeat(MANY)],
  ];
  return refused.map(([what, text]) => post(what, "refuse", text));
}

/** What is of the kind that a good body is may be right. */
function wrongRoots(good: Good, value: unknown): readonly Malformed[] {
  const post = postOf(good);
  const refused: readonly (readonly [string, string])[] = [
    ["null", "null"],
    ["true", "true"],
    ["a bare number", "12"],
    ["a bare text", '"hello"'],
    ["an empty list", "[]"],
    ["a list of null", "[null]"],
    ["an object without anything", "{}"],
    ["names of JavaScript's own in place of each key", '{"__proto__":{"a":1},"constructor":null}'],
  ];
  const isOwnKind = (text: string) => !isRecord(value) && kindOf(JSON.parse(text)) === kindOf(value);
  return refused.map(([what, text]) => post(what, isOwnKind(text) ? "survive" : "refuse", text));
}

const OTHERS: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["text", "hello"],
  ["a number", 12],
  ["true", true],
  ["an object", {}],
  ["an empty list", []],
];

/** Each member is missing, of another type, or there twice; at most so many are tried. */
const MOST_MEMBERS = 4;

function wrongMembers(
  good: Good,
  value: Readonly<Record<string, unknown>>,
  required: readonly string[],
): readonly Malformed[] {
  const post = postOf(good);
  const names = Object.keys(value);
  const asks = required.filter((name) => Object.hasOwn(value, name));
  // Of several columns a model may do without one; the only member is what is asked.
  const needed = asks.length === 0 && names.length === 1 ? names : asks;
  const tried = names.toSorted((a, b) => Number(needed.includes(b)) - Number(needed.includes(a)));
  const every = (what: string, other: unknown) =>
    post(
      `${what} in place of each value`,
      "refuse",
      JSON.stringify(Object.fromEntries(names.map((name) => [name, other]))),
    );
  const inner = good.body.slice(1, -1);
  const extra = (what: string, text: string) => post(what, "survive", `{${text},${inner}}`);
  return [
    every("null", null),
    ...(names.length > 1 ? [every("an object", {})] : []),
    ...tried.slice(0, MOST_MEMBERS).flatMap((name) => wrongMember(good, value, name, needed.includes(name))),
    extra("a member that nobody asked for", '"bluegreen":1'),
    extra("a member called __proto__", '"__proto__":{"polluted":true}'),
    extra("a member with a name of 100,000 characters", `"${"a".repeat(100_000)}":1`),
    extra("10,000 members too many", Array.from({ length: MANY }, (_, at) => `"x${at}":0`).join(",")),
    post("every member twice", "survive", `{${inner},${inner}}`),
  ];
}

function wrongMember(
  good: Good,
  value: Readonly<Record<string, unknown>>,
  name: string,
  isNeeded: boolean,
): readonly Malformed[] {
  const post = postOf(good);
  const { [name]: own, ...rest } = value;
  const must = (other: unknown): Must => (isNeeded && isNeverRight(own, other) ? "refuse" : "survive");
  return [
    post(`${name} missing`, isNeeded ? "refuse" : "survive", JSON.stringify(rest)),
    post(
      `${name} in capitals`,
      isNeeded && name !== name.toUpperCase() ? "refuse" : "survive",
      JSON.stringify({ ...rest, [`${name.toUpperCase()}_`]: own }),
    ),
    ...OTHERS.filter(([, other]) => kindOf(other) !== kindOf(own) || Array.isArray(other)).map(
      ([what, other]) => post(`${what} as ${name}`, must(other), JSON.stringify({ ...value, [name]: other })),
    ),
  ];
}

/** A text may also be given as a list of texts, and a number as its text; what is made of structure is neither. */
function isNeverRight(own: unknown, other: unknown): boolean {
  if (Array.isArray(own)) return true;
  if (other === null || isRecord(other)) return true;
  return typeof own === "number" && Array.isArray(other);
}

const kindOf = (value: unknown) => (value === null ? "null" : Array.isArray(value) ? "list" : typeof value);

/** Numbers as a server's reader may find them: what no JSON has, what no double holds, and what is none. */
const NUMBERS: readonly (readonly [string, string, Must])[] = [
  ["NaN", "NaN", "refuse"],
  ["Infinity", "Infinity", "refuse"],
  ["-Infinity", "-Infinity", "refuse"],
  ["a number too large for a double", "1e999", "refuse"],
  ["a number too small for a double", "-1e999", "refuse"],
  ["a number of 5,000 digits", "9".repeat(5000), "refuse"],
  ["a number with a plus sign", "+1", "refuse"],
  ["a number with a zero before it", "01", "refuse"],
  ["a hexadecimal number", "0x10", "refuse"],
  ["a number that begins with its point", ".5", "refuse"],
  ["a number that ends with its point", "1.", "refuse"],
  ["a number with a comma", "1,5e", "refuse"],
  ["an exponent without digits", "1e", "refuse"],
  ["minus zero", "-0", "survive"],
  ["a number next to nothing", "1e-400", "survive"],
  ["the greatest double", "1.7976931348623157e308", "survive"],
  ["a whole number that no double holds", "9007199254740993", "survive"],
  ["a fraction of 5,000 digits", `0.${"3".repeat(5000)}`, "survive"],
  ["a number in quotes", '"1"', "survive"],
  ["true in place of a number", "true", "survive"],
];

function wrongNumbers(good: Good, value: unknown): readonly Malformed[] {
  const post = postOf(good);
  const { body } = good;
  const every = (text: string) =>
    isRecord(value)
      ? `{${Object.keys(value)
          .map((name) => `${JSON.stringify(name)}:${text}`)
          .join(",")}}`
      : `[${text}]`;
  return NUMBERS.map(([what, text, must]) => post(what, must, withNumber(body, text) ?? every(text)));
}

/** The body with another text in place of its last number; undefined: it has none. */
function withNumber(body: string, text: string): string | undefined {
  const last = [...body.matchAll(/(?<=[[:,])-?\d+(\.\d+)?([eE][-+]?\d+)?(?=[\],}])/g)].at(-1);
  if (last === undefined) return undefined;
  return body.slice(0, last.index) + text + body.slice(last.index + last[0].length);
}

const STRINGS: readonly (readonly [string, string, Must])[] = [
  ["a text that does not end", '"', "refuse"],
  ["an escape that JSON does not have", String.raw`"\x41"`, "refuse"],
  ["a line break in a text", '"a\nb"', "refuse"],
  ["half of a surrogate pair in a text", String.raw`"\ud800"`, "survive"],
  ["a character of zero in a text", String.raw`"\u0000"`, "survive"],
  ["a text of nothing", '""', "survive"],
  ["a text of 100,000 characters", `"${"a".repeat(100_000)}"`, "survive"],
  ["a text that a template would read", '"{{7*7}}${7*7}%s%n"', "survive"],
];

/** In place of the last text that is a value; a body without any takes no texts. */
function wrongStrings(good: Good): readonly Malformed[] {
  const post = postOf(good);
  const last = [...good.body.matchAll(/(?<=[[:,])"(?:[^"\\]|\\.)*"(?=[\],}])/g)].at(-1);
  if (last === undefined) return [];
  const before = good.body.slice(0, last.index);
  const after = good.body.slice(last.index + last[0].length);
  return STRINGS.map(([what, text, must]) => post(what, must, before + text + after));
}

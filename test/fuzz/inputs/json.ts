import { isRecord } from "../../../contract/config/field.ts";
import type { Choices } from "./random.ts";

const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  1e308,
  9_007_199_254_740_991,
  "",
  "x",
  "__proto__",
  "2026-02-30T00:00:00Z",
  "1970-01-01T00:00:00Z",
  [],
  {},
  [[]],
  [null],
  { a: 1 },
];

/** The same text with one value of it changed, taken away, doubled or renamed; what is no JSON stays. */
export function editedJson(text: string, choices: Choices): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Changed by bytes before: others of the pool are whole.
    return text;
  }
  try {
    return JSON.stringify(edited(value, choices)) ?? "null";
  } catch (error) {
    // What is nested so deeply that this very function cannot write it stays.
    if (error instanceof RangeError) return text;
    throw error;
  }
}

function edited(value: unknown, choices: Choices): unknown {
  const isInner = (Array.isArray(value) || isRecord(value)) && choices.part() < 0.85;
  if (!isInner) return other(value, choices);
  return Array.isArray(value) ? editedList(value, choices) : editedObject(value, choices);
}

function other(value: unknown, choices: Choices): unknown {
  if (choices.part() < 0.15) return nested(value, choices);
  if (typeof value === "number" && choices.part() < 0.5) return value + choices.one([1, -1, 0.5, 60_000], 1);
  if (typeof value === "string" && choices.part() < 0.5) return value.slice(0, choices.below(value.length));
  return choices.one(VALUES, null);
}

/** Inside of many lists: a reader that calls itself has a bound, or ends by an overflow of the stack. */
function nested(value: unknown, choices: Choices): unknown {
  let inner = value;
  const depth = choices.one([1, 2, 20, 4000], 1);
  for (let level = 0; level < depth; level += 1) inner = [inner];
  return inner;
}

function editedList(list: readonly unknown[], choices: Choices): unknown {
  const at = choices.below(list.length);
  const copy = [...list];
  const how = choices.below(6);
  if (how === 0) copy.splice(at, 1);
  else if (how === 1) copy.splice(at, 0, list[choices.below(list.length)]);
  else if (how === 2) copy.reverse();
  else if (list.length > 0) copy[at] = edited(list[at], choices);
  return copy;
}

function editedObject(object: unknown, choices: Choices): unknown {
  const members = isRecord(object) ? Object.entries(object) : [];
  const at = choices.below(members.length);
  const [name = "x", value] = members[at] ?? [];
  const how = choices.below(8);
  if (how === 0) members.splice(at, 1);
  else if (how === 1) members.push([choices.one(["__proto__", "constructor", "", "extra"], ""), value]);
  else if (how === 2) members[at] = [members[choices.below(members.length)]?.[0] ?? "x", value];
  else members[at] = [name, edited(value, choices)];
  return Object.fromEntries(members);
}

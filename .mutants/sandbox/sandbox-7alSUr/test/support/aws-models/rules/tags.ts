import { isRecord } from "../../../../contract/config/field.ts";
import { all, at, type InputRule } from "./read.ts";

// Not those of a service's model alone: what all of them have in common (AWS Tagging Best Practices; ECS API, Tag: "Do
// not use aws:, AWS:, or any upper or lowercase combination of such as a prefix for either keys or values").
const MOST = 50;
const LONGEST = { key: 128, value: 256 };
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Tags of a resource, however the service writes them: a list of keys and values, a map, a specification. */
export const tagRules: InputRule = (input, report) => {
  for (const member of ["Tags", "tags"]) check(at(input, member), member, report);
  for (const [index, specification] of all(input, "TagSpecifications").entries()) {
    check(at(specification, "Tags"), `TagSpecifications[${index}].Tags`, report);
  }
};

function check(given: unknown, path: string, report: Parameters<InputRule>[1]): void {
  const pairs = pairsOf(given);
  if (pairs.length > MOST) report(path, pairs.length, `at most ${MOST} tags`);
  const keys = pairs.map(([key]) => key);
  if (new Set(keys).size < keys.length) report(path, keys, "each key once");
  for (const [key, value] of pairs) {
    if (/^aws:/i.test(key) || /^aws:/i.test(value))
      report(path, [key, value], "not aws:, which is AWS's own");
    if (key.length === 0 || key.length > LONGEST.key)
      report(path, key, `a key of 1 to ${LONGEST.key} characters`);
    if (value.length > LONGEST.value) report(path, value, `a value of at most ${LONGEST.value} characters`);
    if (!ALLOWED.test(key) || !ALLOWED.test(value)) {
      report(path, [key, value], "letters, digits, spaces and _ . : / = + - @");
    }
  }
}

function pairsOf(given: unknown): readonly (readonly [string, string])[] {
  if (isRecord(given)) return Object.entries(given).map(([key, value]) => [key, String(value)]);
  if (!Array.isArray(given)) return [];
  return given.map((tag) => [
    String(at(tag, "Key") ?? at(tag, "key")),
    String(at(tag, "Value") ?? at(tag, "value") ?? ""),
  ]);
}

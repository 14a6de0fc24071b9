import { isRecord } from "../../../contract/config/field.ts";
import { readModels, type ServiceModel, type Shape } from "./model.ts";
import type { Service } from "./operations.ts";
import { wholeText } from "./pattern.ts";
import { RULES } from "./rules/index.ts";
import type { Report } from "./rules/read.ts";
import { tagRules } from "./rules/tags.ts";

const MODELS = readModels();
const patterns = new Map<string, RegExp>();

/** An input of AWS's API, by the names that the API has for its members. */
export type Input = Readonly<Record<string, unknown>>;

/**
 * What AWS would refuse of a call, by its own service model and by the rules that its documentation adds (rules/): none
 * when it is right. Each names the member, what it is, and what is allowed. Throws for an operation that
 * operations.ts does not have.
 */
export function findingsOf(service: Service, operation: string, input: Input): readonly string[] {
  const model = MODELS.services[service];
  const name = model?.operations[operation];
  if (model === undefined || name === undefined) {
    throw new Error(`test/support/aws-models/operations.ts has no ${service}:${operation}`);
  }
  const found: string[] = [];
  const call = `${service}:${operation}`;
  const report: Report = (path, got, allowed) =>
    found.push(`${call} ${path}: ${shown(got)}; allowed: ${allowed}`);
  checkValue({ model, report }, name, input, "");
  tagRules(input, report);
  for (const rule of RULES[call] ?? []) rule(input, report);
  return found;
}

interface Ground {
  readonly model: ServiceModel;
  readonly report: Report;
}

function checkValue(ground: Ground, name: string, value: unknown, path: string): void {
  const shape = ground.model.shapes[name] ?? { type: name };
  const check = CHECKS[shape.type];
  if (check === undefined) throw new Error(`the validator knows no type ${shape.type} (${name})`);
  check(ground, shape, value, path);
}

type Check = (ground: Ground, shape: Shape, value: unknown, path: string) => void;

const CHECKS: Readonly<Record<string, Check>> = {
  structure(ground, { members = {}, required = [] }, value, path) {
    if (!isRecord(value)) return ground.report(path, value, "an object");
    const given = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
    for (const [name, member] of given) {
      const type = Object.hasOwn(members, name) ? members[name] : undefined;
      if (type === undefined) {
        ground.report(within(path, name), member, `one of ${Object.keys(members).join(", ")}`);
      } else checkValue(ground, type, member, within(path, name));
    }
    const missing = required.filter((name) => !given.some(([other]) => other === name));
    for (const name of missing) ground.report(within(path, name), undefined, "a value, it is required");
  },
  list(ground, shape, value, path) {
    if (!Array.isArray(value)) return ground.report(path, value, "a list");
    checkBounds(ground, shape, value.length, path, "members");
    for (const [index, member] of value.entries()) {
      checkValue(ground, shape.member ?? "", member, `${path}[${index}]`);
    }
  },
  map(ground, shape, value, path) {
    if (!isRecord(value)) return ground.report(path, value, "a map");
    checkBounds(ground, shape, Object.keys(value).length, path, "members");
    for (const [key, member] of Object.entries(value)) {
      checkValue(ground, shape.key ?? "", key, `${path} (a key)`);
      checkValue(ground, shape.member ?? "", member, within(path, key));
    }
  },
  string(ground, shape, value, path) {
    if (typeof value !== "string") return ground.report(path, value, "a text");
    checkBounds(ground, shape, [...value].length, path, "characters");
    const { enum: words, pattern } = shape;
    if (words !== undefined && !words.includes(value)) ground.report(path, value, words.join(", "));
    if (pattern !== undefined && !compiled(pattern).test(value)) ground.report(path, value, pattern);
  },
  integer: whole(2 ** 31),
  long: whole(Number.MAX_SAFE_INTEGER),
  float: numeric,
  double: numeric,
  boolean(ground, _shape, value, path) {
    if (typeof value !== "boolean") ground.report(path, value, "true or false");
  },
  blob(ground, _shape, value, path) {
    const isBlob = typeof value === "string" || value instanceof Uint8Array;
    if (!isBlob) ground.report(path, value, "bytes");
  },
  timestamp(ground, _shape, value, path) {
    const text = value instanceof Date ? value.getTime() : value;
    const isTime = Number.isFinite(typeof text === "string" && ISO.test(text) ? Date.parse(text) : text);
    if (!isTime) ground.report(path, value, "a time");
  },
};

function whole(most: number): Check {
  return (ground, shape, value, path) => {
    if (typeof value !== "number" || !Number.isInteger(value) || Math.abs(value) > most) {
      return ground.report(path, value, "a whole number");
    }
    checkBounds(ground, shape, value, path, "");
  };
}

function numeric(ground: Ground, shape: Shape, value: unknown, path: string): void {
  if (typeof value !== "number" || !Number.isFinite(value)) return ground.report(path, value, "a number");
  checkBounds(ground, shape, value, path, "");
}

function checkBounds(
  { report }: Ground,
  { min = -Infinity, max = Infinity }: Shape,
  value: number,
  path: string,
  unit: string,
): void {
  if (value < min) report(path, value, `at least ${min} ${unit}`.trimEnd());
  if (value > max) report(path, value, `at most ${max} ${unit}`.trimEnd());
}

function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? wholeText(pattern);
  patterns.set(pattern, known);
  return known;
}

const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

const within = (path: string, name: string) => (path === "" ? name : `${path}.${name}`);

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length} characters)` : text;
}

import { isIP } from "node:net";
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError, notSimulated } from "../../aws-api/errors.ts";
import type { RuleConditionRecord } from "../model.ts";
import { refuseOthers, requireText, validationError } from "./input.ts";

/** ELB quotas: condition values and wildcards per rule. */
const MAX_VALUES = 5;
const MAX_WILDCARDS = 6;

interface ConditionField {
  /** The member of RuleCondition that configures it. */
  readonly config: keyof RuleCondition;
  /** Whether the old `Values` member does as well. */
  readonly plainValues: boolean;
  readonly maxLength: number;
  /** ELB guide, rule conditions: at most one per rule of these, any number of the others. */
  readonly single: boolean;
}

const FIELDS = {
  "path-pattern": { config: "PathPatternConfig", plainValues: true, maxLength: 128, single: true },
  "host-header": { config: "HostHeaderConfig", plainValues: true, maxLength: 128, single: true },
  "http-request-method": {
    config: "HttpRequestMethodConfig",
    plainValues: false,
    maxLength: 40,
    single: true,
  },
  "source-ip": { config: "SourceIpConfig", plainValues: false, maxLength: 43, single: true },
  "http-header": { config: "HttpHeaderConfig", plainValues: false, maxLength: 128, single: false },
  "query-string": { config: "QueryStringConfig", plainValues: false, maxLength: 128, single: false },
} as const satisfies Readonly<Record<RuleConditionRecord["field"], ConditionField>>;

/** The conditions of a rule. Throws the service's errors. */
export function conditionsFrom(conditions: readonly RuleCondition[] | undefined): RuleConditionRecord[] {
  const records = (conditions ?? []).map(conditionFrom);
  if (records.length === 0) throw validationError("A rule must have at least one condition");
  const singles = records.map(({ field }) => field).filter((field) => FIELDS[field].single);
  if (new Set(singles).size < singles.length)
    throw validationError(
      `A rule can have at most one condition of each of: ${[...new Set(singles)].join(", ")}`,
    );
  const values = records.flatMap(valuesOf);
  if (values.length > MAX_VALUES)
    throw validationError(
      `A rule can have at most '${MAX_VALUES}' condition values, this one has ${values.length}`,
    );
  const wildcards = values.join("").match(/[*?]/g)?.length ?? 0;
  if (wildcards > MAX_WILDCARDS)
    throw new AwsError(
      "ValidationError",
      `A rule can have at most '${MAX_WILDCARDS}' wildcards, this one has ${wildcards}`,
    );
  return records;
}

/** The condition as the API shows it: paths and hosts in both of its forms. */
export function describeCondition(condition: RuleConditionRecord): RuleCondition {
  const { config, plainValues } = FIELDS[condition.field];
  switch (condition.field) {
    case "http-header":
      return {
        Field: condition.field,
        HttpHeaderConfig: { HttpHeaderName: condition.name, Values: [...condition.values] },
      };
    case "query-string":
      return {
        Field: condition.field,
        QueryStringConfig: { Values: condition.values.map(({ key, value }) => ({ Key: key, Value: value })) },
      };
    default:
      return {
        Field: condition.field,
        ...(plainValues ? { Values: [...condition.values] } : {}),
        [config]: { Values: [...condition.values] },
      };
  }
}

function conditionFrom(condition: RuleCondition): RuleConditionRecord {
  const field = inferField(condition);
  const { config, plainValues, maxLength } = FIELDS[field];
  const what = `condition ${field}`;
  refuseOthers(what, condition, new Set(["Field", config, ...(plainValues ? ["Values"] : [])]));
  if (field === "query-string") {
    refuseOthers(what, condition.QueryStringConfig ?? {}, new Set(["Values"]));
    const pairs = (condition.QueryStringConfig?.Values ?? []).map(({ Key, Value }) => ({
      ...(Key === undefined ? {} : { key: checkText(what, Key, maxLength) }),
      value: checkText(what, Value, maxLength),
    }));
    return { field, values: nonEmpty(what, pairs) };
  }
  const { [config]: given } = condition;
  // Every member in FIELDS but QueryStringConfig, which is dealt with above, has a list of texts named Values.
  const structure = (given ?? {}) as { readonly Values?: readonly string[] };
  refuseOthers(what, structure, new Set(["Values", "HttpHeaderName"]));
  const plain = plainValues ? condition.Values : undefined;
  const values = nonEmpty(what, structure.Values ?? plain ?? []).map((value) =>
    checkText(what, value, maxLength),
  );
  if (field === "http-header")
    return { field, name: checkText(what, condition.HttpHeaderConfig?.HttpHeaderName, 40), values };
  if (field === "http-request-method") checkMethods(values);
  if (field === "source-ip") checkCidrs(values);
  return { field, values };
}

function inferField({ Field: field }: RuleCondition): RuleConditionRecord["field"] {
  const name = requireText("Condition field", field);
  if (isField(name)) return name;
  throw notSimulated("Elastic Load Balancing", `condition ${name}`);
}

function isField(name: string): name is RuleConditionRecord["field"] {
  return Object.hasOwn(FIELDS, name);
}

function valuesOf(condition: RuleConditionRecord): string[] {
  return condition.values.map((value) =>
    typeof value === "string" ? value : `${value.key ?? ""}${value.value}`,
  );
}

function nonEmpty<T>(what: string, values: readonly T[]): readonly T[] {
  if (values.length === 0) throw validationError(`The ${what} must have at least one value`);
  return values;
}

function checkText(what: string, value: string | undefined, maxLength: number): string {
  const text = requireText(`A value of the ${what}`, value);
  if (text.length > maxLength)
    throw validationError(`A value of the ${what} has at most ${maxLength} characters: '${text}'`);
  return text;
}

function checkMethods(methods: readonly string[]): void {
  for (const method of methods)
    if (!/^[A-Z_-]+$/.test(method))
      throw validationError(`Request method '${method}' must be upper-case letters, hyphen and underscore`);
}

function checkCidrs(cidrs: readonly string[]): void {
  for (const cidr of cidrs) {
    const [address = "", bits = ""] = cidr.split("/");
    const version = isIP(address);
    const max = version === 4 ? 32 : 128;
    if (version === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > max)
      throw validationError(`'${cidr}' is not a CIDR block, such as 10.0.0.0/8`);
  }
}

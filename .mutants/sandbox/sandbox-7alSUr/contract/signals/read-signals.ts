import { isRecord, oneOf, type Field } from "../config/field.ts";
import type { ConfigReader } from "../config/reader.ts";
import { SOURCE_FIELDS, SOURCE_NAMES, signalFields, type SourceName } from "./fields.ts";
import type { Signal, SignalKind, SignalSource } from "./signal.ts";

/** The list `signals`; what is wrong in it is reported, all of it at once, and its entry left out. */
export function readSignals(reader: ConfigReader): readonly Signal[] {
  return reader.list("signals").flatMap((raw, index): Signal[] => {
    const key = `signals[${index}]`;
    if (!isRecord(raw)) {
      reader.refuse(key, raw, "an object", `pulumi config rm --path '${key}'`);
      return [];
    }
    const { source: given, ...own } = raw;
    const values = reader.fields(key, own, signalFields);
    const name = present(reader, `${key}.name`, values.name, signalFields.name);
    const source = readSource(reader, `${key}.source`, given, values.kind);
    if (name === undefined || source === undefined) return [];
    const isOfResources = source.from === "resources";
    // They have one kind, and nobody needs to say it.
    const kind = isOfResources && raw["kind"] === undefined ? "losses" : values.kind;
    const action = values.action ?? (isOfResources ? "hold" : DEFAULT_ACTIONS[kind]);
    return [{ ...values, kind, name, source, action }];
  });
}

/** A new model may answer otherwise than the old one, and be right. */
const DEFAULT_ACTIONS = { counts: "rollback", losses: "rollback", scores: "report" } as const;

const fromField = oneOf(SOURCE_NAMES, "cloudwatch", "Where it is read.");

interface Given {
  readonly reader: ConfigReader;
  readonly key: string;
  /** Everything but `from`. */
  readonly own: Readonly<Record<string, unknown>>;
  readonly kind: SignalKind;
}

function readSource(
  reader: ConfigReader,
  key: string,
  given: unknown,
  kind: SignalKind,
): SignalSource | undefined {
  if (!isRecord(given)) {
    reader.refuse(key, given, "an object with `from`", `pulumi config set --path '${key}.from' cloudwatch`);
    return undefined;
  }
  const { from: named, ...own } = given;
  const from = fromField.read(named)?.value;
  if (from === undefined) {
    reader.refuse(`${key}.from`, named, fromField.allowed);
    return undefined;
  }
  return READERS[from]({ reader, key, own, kind });
}

const READERS: { readonly [F in SourceName]: (given: Given) => SignalSource | undefined } = {
  cloudwatch(given) {
    const fields = SOURCE_FIELDS.cloudwatch;
    const read = fieldsOf(given, fields);
    const namespace = need(given, "namespace", read.namespace, fields.namespace);
    const dimensions = need(given, "dimensions", read.dimensions, fields.dimensions);
    const pair = pairOf(given, fields, read);
    if (namespace === undefined || dimensions === undefined || pair === undefined) return undefined;
    return { from: "cloudwatch", namespace, dimensions, ...pair };
  },
  log(given) {
    const pair = pairOf(given, SOURCE_FIELDS.log, fieldsOf(given, SOURCE_FIELDS.log));
    return pair && { from: "log", ...pair };
  },
  agent(given) {
    const fields = SOURCE_FIELDS.agent;
    const count = need(given, "count", fieldsOf(given, fields).count, fields.count);
    return count && { from: "agent", count };
  },
  labels(given) {
    const fields = SOURCE_FIELDS.labels;
    const read = fieldsOf(given, fields);
    const field = fields.labelAfterMinutes;
    const labelAfterMinutes = need(given, "labelAfterMinutes", read.labelAfterMinutes, field);
    return labelAfterMinutes === undefined ? undefined : { from: "labels", labelAfterMinutes };
  },
  command(given) {
    const { command, timeoutSeconds } = fieldsOf(given, SOURCE_FIELDS.command);
    if (command.length > 0) return { from: "command", command, timeoutSeconds };
    const fix = `pulumi config set --path '${given.key}.command[0]' <program>`;
    given.reader.refuse(`${given.key}.command`, command, SOURCE_FIELDS.command.command.allowed, fix);
    return undefined;
  },
  url(given) {
    const read = fieldsOf(given, SOURCE_FIELDS.url);
    const url = need(given, "url", read.url, SOURCE_FIELDS.url.url);
    return url === undefined ? undefined : { from: "url", url, timeoutSeconds: read.timeoutSeconds };
  },
  resources(given) {
    const fields = SOURCE_FIELDS.resources;
    const of = need(given, "of", fieldsOf(given, fields).of, fields.of);
    return of && { from: "resources", of };
  },
};

const fieldsOf = <F extends (typeof SOURCE_FIELDS)[SourceName]>({ reader, key, own }: Given, fields: F) =>
  reader.fields(key, own, fields);

type NamesOfMetrics = Pick<(typeof SOURCE_FIELDS)["log"], "numerator" | "denominator">;

/** Numerator and denominator; of scores, which are numbers and no events of anything, the numerator alone. */
function pairOf(
  given: Given,
  fields: NamesOfMetrics,
  read: { readonly numerator: string | undefined; readonly denominator: string | undefined },
): { readonly numerator: string; readonly denominator: string } | undefined {
  const numerator = need(given, "numerator", read.numerator, fields.numerator);
  if (given.kind !== "scores") {
    const denominator = need(given, "denominator", read.denominator, fields.denominator);
    return numerator === undefined || denominator === undefined ? undefined : { numerator, denominator };
  }
  if (read.denominator !== undefined) {
    const key = `${given.key}.denominator`;
    const allowed = "nothing here: each value of the numerator is one score";
    given.reader.refuse(key, read.denominator, allowed, `pulumi config rm --path '${key}'`);
  }
  return numerator === undefined ? undefined : { numerator, denominator: numerator };
}

const need = <T>(given: Given, name: string, value: T | undefined, field: Field<T | undefined>) =>
  present(given.reader, `${given.key}.${name}`, value, field);

/** A value that has no default. One that was given and is not allowed is reported already, and once. */
function present<T>(
  reader: ConfigReader,
  key: string,
  value: T | undefined,
  field: Field<T | undefined>,
): T | undefined {
  if (value === undefined) reader.refuse(key, undefined, field.allowed);
  return value;
}

import type { Call } from "../../calls.ts";
import type { Properties } from "../../../../pulumi-engine/values/provider.ts";
import type { RecordShape } from "../../record-shape.ts";
import type { Change, ChangeStep } from "../../resource-type.ts";
import { asProperties, members } from "../../shape.ts";

/** ELB keeps some settings as text by key: `[{Key: "idle_timeout.timeout_seconds", Value: "60"}]`. */
function attributesOf(shape: RecordShape, value: Properties): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, field] of Object.entries(shape.fields)) {
    const given = value[name];
    if (given === undefined) continue;
    if (field.place.kind === "attribute") found[field.place.key] = String(given);
    if (field.place.kind === "inline" && isRecordShape(field.shape))
      Object.assign(found, attributesOf(field.shape, asProperties(given)));
  }
  return found;
}

/** The properties that an answer's attributes stand for. */
export function fromAttributes(shape: RecordShape, answer: Properties): Properties {
  const texts = new Map(
    members(answer["Attributes"])
      .map(asProperties)
      .map(({ Key, Value }) => [String(Key), Value]),
  );
  return read(shape, texts);
}

function read(shape: RecordShape, texts: ReadonlyMap<string, unknown>): Properties {
  const result: Properties = {};
  for (const [name, field] of Object.entries(shape.fields)) {
    if (field.place.kind === "attribute") {
      const value = texts.get(field.place.key);
      // ELB writes "not set" as an empty text.
      if (value !== undefined && value !== "") result[name] = field.shape.fromApi(value);
    }
    if (field.place.kind === "inline" && isRecordShape(field.shape)) {
      const inner = read(field.shape, texts);
      if (Object.keys(inner).length > 0) result[name] = inner;
    }
  }
  return result;
}

/**
 * The step that writes attributes: `operation` is one of the Modify…Attributes, `arnMember` the member of its
 * input that names the resource. A change that leaves the attributes alone makes no call.
 */
export function attributeStep(
  shape: RecordShape,
  call: Call,
  operation: string,
  arnMember: string,
): ChangeStep {
  return {
    properties: attributeProperties(shape),
    onCreate: true,
    async apply(change) {
      const Attributes = changedAttributes(shape, change);
      if (Attributes.length === 0) return;
      await call(operation, { [arnMember]: change.arn, Attributes });
    },
  };
}

/** The attributes to write for a change, as the Modify…Attributes operations take them. */
function changedAttributes(shape: RecordShape, { olds, news }: Change): { Key: string; Value: string }[] {
  const before = attributesOf(shape, olds);
  return Object.entries(attributesOf(shape, news))
    .filter(([key, value]) => before[key] !== value)
    .map(([Key, Value]) => ({ Key, Value }));
}

/** Names of the properties that are attributes, or blocks of attributes. */
function attributeProperties(shape: RecordShape): string[] {
  return Object.entries(shape.fields)
    .filter(
      ([, { place, shape: inner }]) =>
        place.kind === "attribute" ||
        (place.kind === "inline" && isRecordShape(inner) && attributeProperties(inner).length > 0),
    )
    .map(([name]) => name);
}

function isRecordShape(shape: object): shape is RecordShape {
  return "fields" in shape;
}

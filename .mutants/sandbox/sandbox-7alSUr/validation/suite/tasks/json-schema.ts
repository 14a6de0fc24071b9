import { Validator, type Schema } from "@cfworker/json-schema";
import { isRecord } from "../../../contract/config/field.ts";

/** Whether a document is as the schema (draft 2020-12) wants it. Of what is no schema nothing is. */
export function fitsSchema(document: unknown, schema: unknown): boolean {
  if (typeof schema === "boolean") return schema;
  if (!isRecord(schema)) return false;
  try {
    // A JSON object; what it says is the validator's to judge.
    return new Validator(schema as Schema, "2020-12").validate(document).valid;
  } catch {
    // It refers to what is not there, or has a pattern that is none: no document can fit it.
    return false;
  }
}

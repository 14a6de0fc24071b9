import { suiteFileFields } from "../validation/suite/settings.ts";
import type { Field } from "../contract/config/field.ts";

export const SUITE_SCHEMA_FILE = "docs/serving/schemas/suite.schema.json";

/** What `suite.file` names, as a JSON schema (draft 2020-12), for editors and for checks of one's own. */
export function suiteSchema(): object {
  const properties = Object.entries<Field<unknown>>(suiteFileFields).map(([name, field]) => {
    const { schema, meaning, allowed, default: fallback } = field;
    if (schema === undefined) throw new Error(`suite.${name} has no JSON schema`);
    const description = `${meaning} Allowed: ${allowed}.`;
    return [name, { ...schema, description, ...(fallback === undefined ? {} : { default: fallback }) }];
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "suite: pre-traffic tests of a candidate",
    type: "object",
    additionalProperties: false,
    properties: { $schema: { type: "string" }, ...Object.fromEntries(properties) },
  };
}

export const suiteSchemaText = () => `${JSON.stringify(suiteSchema(), undefined, 2)}\n`;

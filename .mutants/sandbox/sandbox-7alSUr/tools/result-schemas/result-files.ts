import { roomOf, verbFiles, verbOf } from "../verb-index.ts";

/** Where the schema of a result stands: in rooms, as the verbs do. */
export function schemaFile(name: string): string {
  const verb = verbFiles().find((file) => verbOf(file) === name);
  return `docs/schemas/${verb === undefined ? "any" : roomOf(verb)}/${name}.schema.json`;
}

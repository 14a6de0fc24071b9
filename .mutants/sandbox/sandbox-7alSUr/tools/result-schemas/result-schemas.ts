import { join } from "node:path";
import ts from "typescript";
import { schemaName } from "../../cli/json.ts";
import { schemaFile } from "./result-files.ts";
import { TypeSchemas, type JsonSchema } from "./type-schema.ts";

export const root = join(import.meta.dirname, "..", "..");

/** All of them, by path: JSON Schema, draft-07. No field is forbidden: new ones may come. */
export function resultSchemas(): ReadonlyMap<string, string> {
  const path = join(root, "cli", "results.ts");
  const configFile = join(root, "tsconfig.json");
  const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([path], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path);
  const results = source?.statements.find(ts.isInterfaceDeclaration);
  if (results === undefined) throw new Error(`${path} has no interface`);
  const files = checker
    .getPropertiesOfType(checker.getTypeAtLocation(results))
    .map((one) => [schemaFile(one.name), textOf(one.name, checker.getTypeOfSymbol(one), checker)] as const);
  return new Map(files);
}

function textOf(name: string, type: ts.Type, checker: ts.TypeChecker): string {
  const types = new TypeSchemas(checker);
  const result = types.of(type);
  const definitions = [...types.definitions].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const schema: JsonSchema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: schemaName(name),
    type: "object",
    properties: { schema: { const: schemaName(name) } },
    required: ["schema"],
    allOf: [result],
    ...(definitions.length === 0 ? {} : { definitions: Object.fromEntries(definitions) }),
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

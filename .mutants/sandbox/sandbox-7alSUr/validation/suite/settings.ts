import { parse } from "yaml";
import { suiteProblems } from "../../contract/checks/suite-problems.ts";
import { isRecord } from "../../contract/config/field.ts";
import { createReader } from "../../contract/config/reader.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import { suiteFields, type SuitePolicy } from "../../contract/config/suite.ts";
import { UserError } from "../errors.ts";
import { attempt } from "../reading.ts";

/** The settings of the suite: the stack's own, or those of the file that it names. Throws UserError. */
export async function settingsOf(
  readFile: (path: string) => Promise<string>,
  { suite }: Pick<StackConfig, "suite">,
): Promise<SuitePolicy> {
  const { file } = suite;
  if (file === undefined) return suite;
  // JSON is YAML, too (YAML 1.2, 1.3).
  const document = await attempt(async (): Promise<unknown> => parse(await readFile(file)));
  if (!document.readable) throw new UserError("BG189", `${file}: ${document.why}`);
  const read = suiteOf(file, document.value);
  if ("suite" in read) return read.suite;
  throw new UserError("BG189", `${file}: ${read.problems.join(". ")}.`);
}

/** What a suite's file may say: all of `suite` but that it is in a file. */
export const { file: _file, ...suiteFileFields } = suiteFields;

type Settings = { readonly suite: SuitePolicy } | { readonly problems: readonly string[] };

function suiteOf(file: string, document: unknown): Settings {
  const reader = createReader({});
  // By this an editor finds the schema.
  const { $schema: _, ...keys } = isRecord(document) ? document : {};
  const given = isRecord(document) ? keys : (document ?? {});
  const suite = { file, ...reader.fields("suite", given, suiteFileFields) };
  const problems = reader.problems.length > 0 ? reader.problems : suiteProblems({ suite });
  // The commands that fix a stack's configuration are nothing for a file.
  const words = problems.map(({ key, got, allowed }) => `${key} is ${got}; allowed: ${allowed}`);
  return words.length === 0 ? { suite } : { problems: words };
}

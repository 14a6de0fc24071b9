import { AGENT_COUNTS } from "../contract/signals/agent-counts.ts";
import { SOURCE_FIELDS, signalFields } from "../contract/signals/fields.ts";
import type { Fields } from "../contract/config/field.ts";
import { definitionFiles, listIndex } from "./definition-files.ts";

/** validation/signals/sources/all.ts: one import for each place where signals are read. */
export const sourceIndex = (
  files: readonly string[] = definitionFiles("validation/signals/sources", "defineSignalSource"),
): string => listIndex(files, "SIGNAL_SOURCES", "SignalSourceDefinition");

/** The tables in docs/signals/signals.md: the fields of a signal, of each source, and what the agent counts. */
export function signalTables(): string {
  const sources = Object.entries<Fields>(SOURCE_FIELDS).flatMap(([from, fields]) =>
    fieldRows(`source.from: ${from}`, fields),
  );
  const counts = Object.entries(AGENT_COUNTS).map(
    ([name, { numerator, denominator }]) => `| \`${name}\` | \`${numerator}\` | \`${denominator}\` |`,
  );
  return [
    HEAD,
    ...fieldRows("", signalFields),
    "",
    HEAD.replace("| field |", "| source | field |").replace("|---|", "|---|---|"),
    ...sources,
    "",
    "| `source.count` of the agent | events | of |",
    "|---|---|---|",
    ...counts,
  ].join("\n");
}

const HEAD = "| field | default | meaning |\n|---|---|---|";

function fieldRows(source: string, fields: Fields): readonly string[] {
  const first = source === "" ? "|" : `| \`${source}\` |`;
  return Object.entries(fields).map(([name, { default: fallback, allowed, meaning }]) => {
    const shown = fallback === undefined ? "none" : `\`${JSON.stringify(fallback)}\``;
    const key = source === "" ? name : `source.${name}`;
    return `${first} \`${key}\` | ${shown} | ${meaning} Allowed: ${allowed}. |`;
  });
}

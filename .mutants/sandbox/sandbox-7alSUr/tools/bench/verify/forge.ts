import type { CountsRecord } from "../../../validation/core/comparison/record.ts";
import type { EvidenceRecord } from "../../../validation/report/evidence.ts";
import { chained, linked, NO_LINES, sealOf, stateAfter } from "../../../validation/report/journal/chain.ts";
import { folded } from "../../../validation/report/journal/delta.ts";
import { canonical, sha256 } from "../../../validation/report/journal/digest.ts";
import type { JournalEntry } from "../../../validation/report/journal/entry.ts";

/**
 * The same text with every number of a line, digest and seal made anew, as somebody would who has this program and
 * wants an edit to go unseen. undefined: it is no JSON any more.
 */
export function forged(text: string): string | undefined {
  try {
    return text.startsWith("{\n") ? forgedRecord(text) : forgedJournal(text);
  } catch {
    // What cannot be read again cannot be chained again either.
    return undefined;
  }
}

function forgedRecord(text: string): string {
  // The forger knows what he has changed.
  const { chain, ...record } = JSON.parse(text) as EvidenceRecord;
  const open = { n: chain?.n, previous: chain?.previous };
  return JSON.stringify({
    ...record,
    chain: { ...open, digest: sha256(canonical({ ...record, chain: open })) },
  });
}

function forgedJournal(text: string): string {
  let state = NO_LINES;
  let counts: readonly CountsRecord[] = [];
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const { n: _n, previous: _previous, digest: _digest, ...entry } = JSON.parse(line) as JournalEntry;
      const entryAgain =
        entry.kind === "seal" ? sealOf(state, entry.at, entry.result, entry.sentence) : entry;
      if (entryAgain.kind !== "look") return add(entryAgain);
      const { kind: _kind, whole: _whole, comparison, ...record } = entryAgain;
      if (comparison !== undefined) counts = folded(counts, comparison.counts);
      const whole = chained({ ...record, comparison: comparison && { ...comparison, counts } }, state);
      return add({ ...entryAgain, whole: whole.chain?.digest ?? "" });
    });
  return `${lines.join("\n")}\n`;

  function add(entry: Parameters<typeof linked>[1]): string {
    const next = linked(state, entry);
    state = stateAfter(state, next);
    return JSON.stringify(next);
  }
}

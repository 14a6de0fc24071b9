import type { CountsRecord } from "../../core/comparison/record.ts";
import { waivedOf } from "../../suite/check.ts";
import type { JournalEntry } from "../journal/entry.ts";
import { storyLook, type ReleaseStory } from "./story.ts";

/**
 * A release as its journal has it; undefined: it has no begin. `counts`: the minutes of its looks, folded to whole ones.
 */
export function storyOfJournal(
  entries: readonly JournalEntry[],
  counts: readonly CountsRecord[],
  file: string,
): ReleaseStory | undefined {
  const begin = entries.find((entry) => entry.kind === "begin");
  if (begin === undefined) return undefined;
  const seal = entries.findLast((entry) => entry.kind === "seal");
  const tests = entries.findLast((entry) => entry.kind === "tests")?.report;
  const events = entries.filter((entry) => entry.kind === "event");
  const whole = begin.since === "deploy";
  const from = whole
    ? ""
    : ` It begins in the middle, at ${begin.at}: what another job or host saw before is not in it.`;
  const sealed =
    seal === undefined ? " It is not sealed: the release had not ended, or nobody has seen its end." : "";
  return {
    stack: begin.stack,
    release: begin.release.id,
    slot: begin.release.slot,
    model: begin.model,
    began: begin.at,
    end: seal && { result: seal.result, at: seal.at, sentence: seal.sentence },
    looks: entries.flatMap((entry) => (entry.kind === "look" ? [storyLook(entry)] : [])),
    events: events.map(({ at, sentence }) => ({ at, sentence })),
    counts,
    tests: tests && {
      outcome: tests.outcome,
      sentence: tests.sentence,
      checks: tests.checks,
      worst: tests.worst,
    },
    waived: tests === undefined ? (begin.release.tested?.waived ?? []) : waivedOf(tests.checks),
    settings: [
      ...(begin.activeModel === undefined ? [] : [["active slot's model", begin.activeModel] as const]),
      ...Object.entries(begin.settings).map(([name, value]) => [`rollout.${name}`, shown(value)] as const),
      ["written by", begin.who],
    ],
    source: { sentence: `Made from the release's journal.${from}${sealed}`, whole, file },
  };
}

const shown = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

import { basename } from "node:path";
import type { Slot } from "../../contract/slot.ts";
import { UserError } from "../../validation/errors.ts";
import { replayed, type ReplayOutcome } from "../../validation/insight/replay.ts";
import { csvRecords, pastOfEvidence, pastOfRows } from "../../validation/insight/replay/counts-file.ts";
import type { Past } from "../../validation/insight/replay/past.ts";
import { DEFAULT_SETTINGS } from "../../validation/insight/replay/settings.ts";
import { isEvidence } from "../../validation/report/read-evidence.ts";
import { parsedJson, textOf } from "./explain.ts";

/** `npx bluegreen replay --file`: needs no stack and no cloud; judged with the defaults, and with what was set. */
export async function replayFile(
  path: string,
  candidate: Slot | undefined,
  set: readonly string[],
): Promise<ReplayOutcome> {
  const past = pastFrom(path, await textOf(path), candidate);
  return replayed(past, DEFAULT_SETTINGS, set, "with the defaults");
}

function pastFrom(path: string, text: string, candidate: Slot = "green"): Past {
  const name = basename(path);
  const isJson = /^\s*[[{]/.test(text);
  if (!isJson) return pastOfRows(csvRecords(text), name, candidate);
  const parsed = parsedJson(path, text);
  if (Array.isArray(parsed)) return pastOfRows(parsed, name, candidate);
  if (!isEvidence(parsed)) throw new UserError("BG200", `${path} is neither a list of rows nor evidence.`);
  if (parsed.comparison === undefined) throw new UserError("BG202", `${path} has compared nothing.`);
  return pastOfEvidence(parsed, parsed.comparison, name);
}

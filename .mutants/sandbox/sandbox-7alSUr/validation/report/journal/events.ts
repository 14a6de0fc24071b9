import type { Release } from "../../../contract/release/release.ts";
import { iso } from "../../core/iso.ts";
import type { ProgressEvent } from "../../progress.ts";
import { backWords } from "../words.ts";
import type { JournalState } from "./chain.ts";
import type { JournalEvent, NewEntry } from "./entry.ts";

type Told = Extract<ProgressEvent, { readonly kind: "applied" | "reverted" }>;

/** What an update, or an emergency write, was to the release: told by what it changed of it. */
export function eventOf(event: Told, { release: before }: JournalState, nowMs: number): NewEntry {
  const at = iso(nowMs);
  if (event.kind === "reverted") {
    const { to, seconds } = event;
    return { kind: "event", at, event: "reverted", sentence: backWords(to, seconds), to, seconds };
  }
  const { split, message: sentence, release } = event;
  const kind = release === undefined ? "written" : changeOf(before, release);
  return { kind: "event", at, event: kind, sentence, split, release };
}

function changeOf(before: Release | undefined, now: Release): JournalEvent {
  if (now.state === "promoted" && before?.state !== "promoted") return "promoted";
  if (now.state === "rolledBack" && before?.state !== "rolledBack") return "rolledBack";
  if (now.retreats.length > (before?.retreats.length ?? 0)) return "retreat";
  if (now.state === "paused" && before?.state !== "paused") return "paused";
  if (now.approvedSteps.length > (before?.approvedSteps.length ?? 0)) return "approved";
  if (now.weight !== (before?.weight ?? 0)) return "shifted";
  return before?.state === "paused" && now.state === "running" ? "resumed" : "written";
}

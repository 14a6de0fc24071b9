import type { StatusOutcome } from "../../../validation/insight/status.ts";
import type { NextCheck } from "./next-check.ts";
import type { Wait } from "./waits.ts";
import type { SlotMinutes } from "./slot-minutes.ts";
import type { EvidenceOverTime } from "./evidence-over-time.ts";
import type { ButtonState, VerbRun, WayBack } from "../steer/buttons.ts";
import type { ConfigRow } from "./config-rows.ts";
import type { ToldEntry } from "./journal.ts";
import type { ToldTests } from "./told-tests.ts";
import type { ChartMark } from "./marks.ts";

/** What the page shows, all of it read by one process for all pages. Raised with each change that breaks a reader. */
export const CONSOLE_VERSION = 1;

export interface ConsoleState {
  readonly version: typeof CONSOLE_VERSION;
  /** When it was read: ISO 8601, the cloud's clock; undefined: nothing could be read yet. */
  readonly at: string | undefined;
  /** The cloud's seconds in a second of the machine. */
  readonly speed: number;
  /** Seconds of the machine between two reads. */
  readonly everySeconds: number;
  readonly target: TargetWords | undefined;
  /** Exactly what `status --json` prints; undefined: it could not be read, see `failed`. */
  readonly status: StatusOutcome | undefined;
  /** Whether an update holds the stack: what is deployed and what the route has differ meanwhile. */
  readonly isUpdating: boolean;
  /** Since when users are split as they are: ISO 8601, the cloud's clock; undefined: not known. */
  readonly splitSince: string | undefined;
  readonly waits: readonly Wait[];
  readonly nextCheck: NextCheck | undefined;
  readonly wayBack: WayBack | undefined;
  readonly buttons: readonly ButtonState[];
  readonly runs: readonly VerbRun[];
  readonly minutes: SlotMinutes | undefined;
  readonly evidence: EvidenceOverTime | undefined;
  /** What happened to the release, for the charts. */
  readonly marks: readonly ChartMark[];
  /** Of the stack's last release; empty: it has none here. */
  readonly journal: readonly ToldEntry[];
  readonly tests: ToldTests | undefined;
  readonly config: readonly ConfigRow[];
  /** What could not be read for the page alone, in sentences. */
  readonly unreadable: readonly string[];
  /** Why there is no status. */
  readonly failed: ReadFailure | undefined;
}

export interface TargetWords {
  readonly stack: string;
  readonly model: string;
  readonly kind: "local" | "aws";
  /** As the first line of every verb has it. */
  readonly words: string;
  /** Where the CloudWatch dashboard is drawn on this machine; undefined: on AWS. */
  readonly dashboard: string | undefined;
}

export interface ReadFailure {
  readonly code: string | undefined;
  readonly message: string;
  readonly fix: string | undefined;
}

import type { Properties } from "../values/provider.ts";

/** Pulumi's names of what can happen to a resource (automation/stack.d.ts OpType). */
export type Operation =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "refresh";

export type Severity = "info" | "info#err" | "warning" | "error";

export interface PropertyChange {
  diffKind: "add" | "delete" | "update" | "add-replace" | "delete-replace" | "update-replace";
  inputDiff: boolean;
}

export interface StepState {
  type: string;
  urn: string;
  custom: boolean;
  id: string;
  parent: string;
  protect: boolean;
  provider: string;
  /** Secrets are hidden. */
  inputs: Properties;
  outputs: Properties;
}

export interface StepMetadata {
  op: Operation;
  urn: string;
  type: string;
  provider: string;
  old?: StepState;
  new?: StepState;
  keys?: string[];
  diffs?: string[];
  detailedDiff?: Record<string, PropertyChange>;
  logical?: boolean;
}

export interface Diagnostic {
  urn?: string;
  message: string;
  severity: Severity;
}

export type EventBody =
  | { preludeEvent: { config: Record<string, string> } }
  | { resourcePreEvent: { metadata: StepMetadata; planning: boolean } }
  | { resOutputsEvent: { metadata: StepMetadata; planning: boolean } }
  | { resOpFailedEvent: { metadata: StepMetadata; status: number; steps: number } }
  | { diagnosticEvent: Diagnostic & { color: "never" } }
  | {
      summaryEvent: {
        maybeCorrupt: boolean;
        durationSeconds: number;
        resourceChanges: Record<string, number>;
        policyPacks: Record<string, string>;
      };
    }
  | { cancelEvent: Record<string, never> };

/** One event of an update, in the form of Pulumi's own engine (automation/events.d.ts). */
export type EngineEvent = { sequence: number; timestamp: number } & EventBody;

export type Listener = (event: EngineEvent) => void;
export type Emit = (body: EventBody) => void;

/** Numbers and dates what is emitted and hands it to every listener. */
export function emitter(listeners: Listener[]): Emit {
  let sequence = 0;
  return (body) => {
    const event: EngineEvent = { sequence, timestamp: Math.floor(Date.now() / 1000), ...body };
    sequence += 1;
    for (const listener of listeners) listener(event);
  };
}

export function emitDiagnostic(emit: Emit, diagnostic: Diagnostic): void {
  emit({ diagnosticEvent: { ...diagnostic, color: "never" } });
}

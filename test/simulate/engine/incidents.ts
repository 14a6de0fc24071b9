/**
 * `beside`: not at its time, but in the middle of the first update after it: a second of many minutes otherwise.
 * What goes wrong, and what people do, in one simulated release: a list that is drawn before anything happens, so that
 * one entry can be left out and everything else stays (shrink.ts).
 */
export type Incident = { readonly atMs: number } & IncidentKind;

/** Whose calls: a service of AWS as its callers know it, the stack's backend, or the machine's disk. */
export type Reach =
  | "evidence"
  | "memo"
  | "route"
  | "tags"
  | "health"
  | "services"
  | "alarms"
  | "metrics"
  | "store"
  | "engine";

export type CallFault =
  /** Refused for so long that the SDK and our backoff give up (validation/adapters/backoff.ts), or answered at last. */
  | "throttled"
  | "throttledForLong"
  /** The connection ends before the request is there, or after it was carried out. */
  | "lostBefore"
  | "lostAfter"
  /** Carried out at once, answered late. */
  | "late"
  /** Carried out twice: the SDK asks again when the first answer was lost. */
  | "twice"
  /** Answered with what was there a moment ago: reads after writes are eventually consistent. */
  | "stale"
  /** The process dies there, after so many more of them. */
  | "killed";

export type OperatorAct =
  | "revert"
  | "revertToCandidate"
  | "pause"
  | "resume"
  | "approve"
  | "promote"
  | "promoteWithoutEvidence"
  | "restore"
  | "step"
  | "editBakes"
  | "setShare"
  | "setShareZero"
  /** `pulumi up` in a checkout that is as old as the deploy. */
  | "staleUp"
  /** No tasks on the candidate, or on the active slot. */
  | "scaleToZero"
  | "scaleActiveToZero"
  | "secondRollout"
  | "secondRolloutByForce";

export type IncidentKind =
  | { readonly kind: "call"; readonly reach: Reach; readonly fault: CallFault; readonly ms: number }
  | { readonly kind: "network"; readonly host: string; readonly ms: number }
  | { readonly kind: "clock"; readonly host: string; readonly ms: number }
  | { readonly kind: "fullDisk"; readonly host: string; readonly ms: number }
  /** `reborn`: where the rollout is started again after so long; `engine`: whether Pulumi's own process lives on. */
  | {
      readonly kind: "kill";
      readonly reborn: string;
      readonly afterMs: number;
      readonly force: boolean;
      readonly engine: boolean;
      readonly beside: boolean;
    }
  | { readonly kind: "lateMetrics"; readonly ms: number }
  /** Alarms that CloudWatch calls no verdict (EvaluationState PARTIAL_DATA). */
  | { readonly kind: "partialAlarms"; readonly ms: number }
  | {
      readonly kind: "act";
      readonly act: OperatorAct;
      readonly host: string;
      readonly percent: number;
      readonly beside: boolean;
    }
  /** The candidate's tasks fail their health checks for so long, or all but one of them do. */
  | { readonly kind: "sickTasks"; readonly ms: number }
  | { readonly kind: "fewTasks"; readonly ms: number }
  /** The tasks of both slots fail them: a zone, a network, a service on which both models depend. */
  | { readonly kind: "allSick"; readonly ms: number }
  /** Both slots fail most of their requests, or the one does that the candidate is compared with. */
  | { readonly kind: "outage"; readonly ms: number }
  | { readonly kind: "activeDown"; readonly ms: number }
  /** The candidate's service runs another task definition than the one that was deployed. */
  | { readonly kind: "wentBack"; readonly ms: number };

export function showIncident(incident: Incident, beganMs: number): string {
  const { atMs, kind, ...rest } = incident;
  const details = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
  return `+${((atMs - beganMs) / 60_000).toFixed(1)} min ${kind}: ${details.join(", ")}`;
}

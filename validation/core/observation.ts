import type { AlarmKey } from "../../contract/alarms/alarm-catalog.ts";
import type { AlarmPoint } from "../../contract/alarms/hits-both.ts";
import type { RunningSlot } from "../../contract/names/outputs.ts";
import type { Slot } from "../../contract/slot.ts";
import type { Judgement } from "./comparison/judgement.ts";
import type { CohortSeen } from "./cohort-seen.ts";
import type { LiveShadow } from "./signals/live-shadow.ts";

/** What was asked for, or why it could not be read. Failing to read is an observation, never an exception. */
export type Reading<T> =
  | { readonly readable: true; readonly value: T }
  | { readonly readable: false; readonly why: string };

/** One CloudWatch alarm, as it was read. Times are epoch milliseconds of the cloud's clock. */
export interface AlarmReading {
  readonly name: string;
  /** OK, ALARM, INSUFFICIENT_DATA; unknown words pass through and count as no answer. */
  readonly state: string;
  /** Set when the state is not a verdict: PARTIAL_DATA, EVALUATION_ERROR, IN_WARM_UP… */
  readonly evaluationState: string | undefined;
  /** When the state last changed. */
  readonly transitionedMs: number | undefined;
  /** When the alarm was last edited; an edit leaves the state as it was. */
  readonly configuredMs: number | undefined;
  /**
   * How long it takes until it could fire: M periods, and the one that is running; of a composite that of its slowest
   * child. undefined: not said.
   */
  readonly firesAfterMs?: number | undefined;
  /** Why the OK of a composite is none: what one of its children is. undefined: nothing speaks against it. */
  readonly doubt?: string | undefined;
  readonly reason: string;
}

/** Targets of one target group by state. */
export interface TargetCounts {
  readonly healthy: number;
  readonly unhealthy: number;
  /** Registered and not yet judged. */
  readonly initial: number;
  /** On their way out. */
  readonly draining: number;
  /** Anything else: unused, unavailable. */
  readonly other: number;
}

export interface ServiceReading {
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  /** The deployment that ECS calls PRIMARY: what the service runs, or is becoming. */
  readonly primary:
    | {
        readonly taskDefinitionArn: string;
        readonly rolloutState: string;
        readonly rolloutReason: string;
        readonly failedTasks: number;
      }
    | undefined;
  /** What ECS said last, newest first. */
  readonly events: readonly ServiceEvent[];
}

export interface ServiceEvent {
  /** Epoch milliseconds of the cloud's clock. */
  readonly atMs: number;
  readonly message: string;
}

/** Each alarm's own measure in the complete periods since the share is live, oldest first. */
export type AlarmValues = Readonly<Partial<Record<AlarmKey, readonly number[]>>>;

export interface SlotObservation {
  readonly slot: Slot;
  /** Percent of users on it, as the route has it. */
  readonly share: number;
  /** What the stack's outputs say runs there; undefined: nothing. */
  readonly requested: RunningSlot | undefined;
  readonly alarms: Reading<readonly AlarmReading[]>;
  readonly targets: Reading<TargetCounts>;
  /** undefined: ECS does not know the service. */
  readonly service: Reading<ServiceReading | undefined>;
  /** Requests in each complete minute since the share is live; minutes without any may be left out. */
  readonly requests: Reading<readonly number[]>;
  readonly values: AlarmValues;
  /** Of each alarm that counts no requests, its minutes so far back as it looks; what is not there is not known. */
  readonly recent?: Readonly<Partial<Record<AlarmKey, readonly AlarmPoint[]>>>;
}

/** Everything that the gates look at. */
export interface Observation {
  readonly nowMs: number;
  /** Since when users have been split as they are now. */
  readonly liveSinceMs: number;
  /** When the update that split them so was asked for: nobody came by it before. Until `liveSinceMs` some may have. */
  readonly askedMs: number;
  /** Whether the candidate had no users in this release before the present share. */
  readonly firstShare: boolean;
  readonly candidate: SlotObservation;
  readonly active: SlotObservation;
  /** The pair of models compared; undefined: they have not shared users yet. */
  readonly comparison: Reading<Judgement> | undefined;
  /** What the shadow of a candidate has shown that has no users yet; undefined: the policy asks for none, or it has had users. */
  readonly shadow?: Reading<LiveShadow> | undefined;
  /** What the cohort has met that the candidate has before any user; undefined: it has none, or users. */
  readonly cohort?: Reading<CohortSeen> | undefined;
  /** Why the gates rolled this candidate back before; undefined: they did not. */
  readonly refused: string | undefined;
}

import type { Metrics } from "./measures.ts";
import type { CustomGate } from "../contract/config/custom-gate.ts";
import type { Identity } from "../contract/names/names.ts";
import type { StackOutputs } from "../contract/names/outputs.ts";
import type { Forward } from "../contract/route/route.ts";
import type { VerdictName } from "../contract/release/release-metrics.ts";
import type { CommandSource, UrlSource } from "../contract/signals/signal.ts";
import type { Slot } from "../contract/slot.ts";
import type { LiveRoute } from "../contract/route/live-route.ts";
import type { Split } from "../contract/route/split.ts";
import type { StackConfig } from "../contract/config/stack-config.ts";
import type { KeyChange, ReleaseKey } from "./core/changes/changes.ts";
import type { UpdateRecord } from "./core/releases.ts";
import type { AlarmReading, Reading, ServiceReading, TargetCounts } from "./core/observation.ts";
import type { ProgressEvent } from "./progress.ts";
import type { SignalQuestion } from "./signals/question.ts";
import type { TaskLog } from "./deploy/task-log.ts";
import type { LabelStore, PredictionLog } from "./signals/label-ports.ts";

export type { FoundPrediction, LabelStore, LoggedPrediction, PredictionLog } from "./signals/label-ports.ts";

/**
 * What the flows need from outside, in their words. Every method may throw when the other side cannot be
 * reached; `observe` turns that into "unreadable".
 */

/** The cloud's time: on AWS the machine's own, on the local cloud its virtual one. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Waits this long by the cloud's time, and at least 200 ms by the machine's. */
  sleep(ms: number): Promise<void>;
  /** The machine's own time, epoch milliseconds. */
  wall(): number;
  /** The cloud's time at a moment of the machine's clock. */
  fromWall(wallMs: number): number;
}

/** The stack as the last succeeded update left it. */
export interface Deployed {
  readonly config: StackConfig;
  /** Values as text, as Pulumi keeps them; the model's own keys are bare (contract/config/own-keys.ts). */
  readonly raw: Readonly<Record<string, string>>;
  /** Keys of `raw` with a secret in them; absent: none. Their values are nobody's to read in a message. */
  readonly secretKeys?: readonly string[];
  readonly outputs: StackOutputs;
  /** The other models of the stack; absent: there are none. */
  readonly others?: readonly string[];
  /** Epoch milliseconds of the machine's clock. */
  readonly endedWallMs: number;
}

export interface LockHolder {
  /** User, host, process, and since when. */
  readonly who: string;
  /** Its process has provably ended. */
  readonly dead: boolean;
  /** It provably runs, on this machine; of one that is neither, nobody can tell from here. */
  readonly runs?: boolean | undefined;
  /** Epoch milliseconds of that machine's clock, when it was taken. */
  readonly sinceMs?: number | undefined;
}

export type Applied =
  | { readonly kind: "applied"; readonly deployed: Deployed; readonly changedResources: number }
  /** `others`: models of the same stack, whose verbs may hold it; absent: there are none. */
  | {
      readonly kind: "locked";
      readonly holders: readonly LockHolder[];
      readonly others?: readonly string[];
    }
  /** Another update ended after the change was made up from what was deployed before it; nothing was done. */
  | { readonly kind: "stale" }
  /** It was carried out, and before it could be read back another update followed. `by`: what the history says of that. */
  | { readonly kind: "overtaken"; readonly by: string }
  /** Its lock was taken away while it ran, so another update may have run beside it. */
  | { readonly kind: "cancelled" }
  | UpdateFailed;

export interface UpdateFailed {
  readonly kind: "failed";
  readonly message: string;
  /** URNs of what an earlier update was creating when it was cut off: Pulumi cannot know whether they exist. */
  readonly unknown: readonly string[];
}

export interface Update {
  readonly change: KeyChange;
  /** `route`: the update can touch nothing but the route, whatever else the checkout would change. */
  readonly scope: "route" | "everything";
  /** Reads the resources back first, where the cloud may differ from Pulumi's state. */
  readonly refresh: boolean;
  /** One line for the update history, which is the audit log. */
  readonly message: string;
  /**
   * The split that it was decided on: where another update has moved users since, this one is stale. undefined: it
   * holds whoever has users when it begins.
   */
  readonly from?: Split | undefined;
}

/** How the checkout's stack file stands to what is deployed. */
export interface Checkout {
  /** Release keys whose value in the file is not the deployed one. */
  readonly outOfStep: readonly ReleaseKey[];
  /** Its values as text, by key as in `raw`; secrets are left out. undefined: there is no file. */
  readonly values?: Readonly<Record<string, string>> | undefined;
  /** Where something is encrypted in it: `service.environment.API_KEY`, or a whole key. */
  readonly secretPaths?: readonly string[];
}

/** Pulumi's side of the stack: its configuration is the state, its update history the audit log. */
export interface StackStore {
  /** The models that the stack exports, sorted; `[]`: none. Throws UserError where there is no such stack. */
  models(): Promise<readonly string[]>;
  /** undefined: no update has succeeded yet. */
  deployed(): Promise<Deployed | undefined>;
  /** One update with the deployed configuration and `change`; never with the person's own edits. */
  apply(update: Update): Promise<Applied>;
  /** Cancels the update that holds the lock, whoever that is by then: see `alone`. */
  breakLock(): Promise<void>;
  /**
   * Runs `use` while no other process of this machine does so for this stack; undefined when that cannot be promised.
   * Of two that find the same dead holder, the second one's `breakLock` would end the living update of the first.
   */
  alone<T>(use: () => Promise<T>): Promise<T | undefined>;
  /** Who holds the lock; undefined: nobody, or this engine tells only who asks for an update. */
  lockHolder(): Promise<LockHolder | undefined>;
  checkout(deployed: Pick<Deployed, "raw"> & Partial<Pick<Deployed, "outputs">>): Promise<Checkout>;
  /** The newest updates, at most so many, newest first: the audit log. */
  updates(limit: number): Promise<readonly UpdateRecord[]>;
  /**
   * Brings a stack file in line that is only behind: a process that was killed, or another one at work, has left it
   * so. One with edits of a person stays; so does the absent one. Answers with the keys that were changed.
   */
  follow(): Promise<readonly ReleaseKey[]>;
  /** Brings the release keys of the checkout's stack file in line; answers with those that were changed. */
  sync(deployed: Deployed): Promise<readonly ReleaseKey[]>;
}

export interface Route {
  read(routeArn: string): Promise<LiveRoute>;
  /** Tags of a rule and of target groups, by ARN. */
  tags(arns: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>;
  write(routeArn: string, forward: Forward): Promise<void>;
  /** Writes one tag of the rule, past Pulumi. */
  tag(routeArn: string, key: string, value: string): Promise<void>;
  /** Takes one away that was written past Pulumi. */
  untag(routeArn: string, key: string): Promise<void>;
  /** ARNs of the rules that are tagged as this model's route; slow, for when nothing else is known. */
  find(stack: Identity): Promise<readonly string[]>;
  /** Models of the stack by the tags of their routes, sorted; as slow. */
  models(stack: Identity): Promise<readonly string[]>;
}

export interface Health {
  targets(targetGroupArn: string): Promise<TargetCounts>;
  /** Names of the Availability Zones of its targets, each once; empty: the load balancer names none. */
  zones(targetGroupArn: string): Promise<readonly string[]>;
  /** What the newest health checks of unhealthy targets found, each once. */
  failedChecks(targetGroupArn: string): Promise<readonly string[]>;
}

export interface Alarms {
  /** Metric and composite alarms with these names; names that do not exist are absent from the answer. */
  read(names: readonly string[]): Promise<readonly AlarmReading[]>;
}

export interface Services {
  /** By name; services that ECS does not know are absent. */
  read(clusterName: string, serviceNames: readonly string[]): Promise<ReadonlyMap<string, ServiceReading>>;
}

/** The user's own gates. */
export interface CustomGates {
  /**
   * Asks one gate and gives back what it printed or answered, as parsed JSON. Ends within the gate's own timeout;
   * everything that is not an answer is unreadable: a timeout, a refused connection, text that is not JSON.
   */
  ask(gate: CustomGate, question: unknown): Promise<Reading<unknown>>;
}

/** Rows of signals, as a program or an address of the user's gives them. */
export interface SignalRows {
  /** The text as it was said; ends within the source's own timeout, and what is not said whole is unreadable. */
  read(source: CommandSource | UrlSource, question: SignalQuestion): Promise<Reading<string>>;
}

/** Where the route was last seen, on this machine. Helps `revert` when Pulumi is out of reach. */
export interface RouteMemo {
  read(): Promise<string | undefined>;
  write(routeArn: string): Promise<void>;
}

/** What a step saw and decided. */
export interface ReleaseFacts {
  /** Whole: `fraud-model/prod`. */
  readonly stack: string;
  /** Epoch milliseconds of the cloud's clock. */
  readonly atMs: number;
  /** undefined: not known. */
  readonly split: Split | undefined;
  /** See RELEASE_METRICS. */
  readonly step: number;
  /** undefined: there was nothing to decide. */
  readonly verdict: VerdictName | undefined;
}

/** What is known by now of the predictions of a slot in one minute. */
export interface LabelCount {
  readonly slot: Slot;
  /** Begin of the minute, epoch ms. */
  readonly atMs: number;
  readonly labels: number;
  /** Sum of how wrong the answers were: 1 for a wrong one, or its loss. */
  readonly wrong: number;
}

/** Where people watch a release: the dashboard. */
export interface Publisher {
  publish(facts: ReleaseFacts): Promise<void>;
  /** `stack` is named whole: `fraud-model/prod`. Told again it changes nothing. */
  publishLabels(stack: string, counts: readonly LabelCount[]): Promise<void>;
}

export interface Reporter {
  report(event: ProgressEvent): void;
}

/** Everything that a flow works with. */
export interface Context {
  /** Name of the Pulumi project, and of the stack in it: as the tags of the route have them. */
  readonly project: string;
  readonly stack: string;
  /** Which of the stack's models; absent: the one that is called as the project. */
  readonly model?: string | undefined;
  /** Who is doing this, for `release.owner` and the audit log: see core/owner.ts. */
  readonly owner: string;
  /** Whether a person lets this process break one lock of which nobody can tell whether its holder lives; true once. */
  readonly takeForce: () => boolean;
  /** Where the output of a slot's tasks is kept, for a person to read. */
  readonly logsOf: (slot: Slot) => Promise<string>;
  /** The last lines of each of the slot's tasks, the newest first; none where they are not within reach. */
  readonly lastLines: (slot: Slot) => Promise<readonly TaskLog[]>;
  readonly clock: Clock;
  readonly store: StackStore;
  readonly route: Route;
  readonly health: Health;
  readonly alarms: Alarms;
  readonly metrics: Metrics;
  readonly services: Services;
  readonly customGates: CustomGates;
  readonly signalRows: SignalRows;
  readonly memo: RouteMemo;
  readonly publisher: Publisher;
  readonly predictions: PredictionLog;
  /** Where labels are kept: in this bucket, on the local cloud in files. Throws UserError where there is no such place. */
  readonly labels: (bucket: string | undefined) => LabelStore;
  readonly reporter: Reporter;
}

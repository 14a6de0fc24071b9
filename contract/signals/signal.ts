/**
 * A signal: events of a slot and their own exposure, minute by minute, compared between the slots like failures are.
 * Requests that fail, answer late or are refused are built in; a stack names its own under `signals`.
 */

/**
 * `counts`: events among their exposure. `losses`: a sum of losses in [0, 1] over their number, 0 being perfect.
 * `scores`: which tenth of the active slot's answers an answer lies in, compared tenth by tenth.
 */
export const SIGNAL_KINDS = ["counts", "losses", "scores"] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];

/** What enough evidence does: ends the release, gives the users back, keeps the release from going on, or nothing but say so. */
export const SIGNAL_ACTIONS = ["rollback", "retreat", "hold", "report"] as const;
export type SignalAction = (typeof SIGNAL_ACTIONS)[number];

/** Where embedded-metric lines of the model's container and of the agent are counted: dimensions Stack and Slot. */
export const SIGNAL_NAMESPACE = "MlBlueGreen/Signals";
export const SIGNAL_DIMENSIONS = { stack: "Stack", slot: "Slot" } as const;

/** Denominator that is no metric of its own: the load balancer's RequestCount of the slot. */
export const REQUESTS = "requests";

/** Two metrics of CloudWatch by their names; in values of dimensions `{slot}`, `{stack}`, `{targetGroup}` and `{loadBalancer}` stand for the slot's own. */
export interface CloudWatchSource {
  readonly from: "cloudwatch";
  readonly namespace: string;
  /** Of `scores`: the metric of the scores themselves, each published as a value of its own. */
  readonly numerator: string;
  /** REQUESTS, or a metric's name. Of `scores` it is the numerator's number of values, and not given. */
  readonly denominator: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Two names of metrics in the embedded-metric lines that the model's container writes to its log, in SIGNAL_NAMESPACE. */
export interface LogSource {
  readonly from: "log";
  readonly numerator: string;
  readonly denominator: string;
}

/** What the agent counts (agent-counts.ts). */
export interface AgentSource {
  readonly from: "agent";
  readonly count: string;
}

/** Labels that come after the answers, by `feedback`: of the minute of the prediction, so long after it ended. */
export interface LabelSource {
  readonly from: "labels";
  readonly labelAfterMinutes: number;
}

/** A command of the user's that prints rows `{slot, minute, numerator, denominator, segment?}` as lines of JSON. */
export interface CommandSource {
  readonly from: "command";
  readonly command: readonly string[];
  readonly timeoutSeconds: number;
}

export const RESOURCES = ["cpu", "memory", "gpu"] as const;
export type Resource = (typeof RESOURCES)[number];

/** What the agent's lines have of GPUs, in percent: ECS publishes nothing of them. */
export const GPU_METRIC = "GpuUtilization";

/** What a slot's tasks use, of what they may; ECS publishes it, of GPUs the agent. A loss: 0 is nothing, 1 is all. */
export interface ResourceSource {
  readonly from: "resources";
  readonly of: Resource;
}

/** An address that answers GET with the same rows. */
export interface UrlSource {
  readonly from: "url";
  readonly url: string;
  readonly timeoutSeconds: number;
}

export type SignalSource =
  | CloudWatchSource
  | LogSource
  | AgentSource
  | LabelSource
  | CommandSource
  | UrlSource
  | ResourceSource;

/** Which way is good: failures should be fewer, purchases more. */
export const BETTER = ["lower", "higher"] as const;
export type Better = (typeof BETTER)[number];

export interface Signal {
  readonly name: string;
  readonly kind: SignalKind;
  /** Where `higher`, the comparison counts what the events are missing from their exposure. */
  readonly better: Better;
  readonly source: SignalSource;
  /** Ratio of the slots' rates that is no harm yet; undefined: `rollout.tolerance`. */
  readonly tolerance: number | undefined;
  /** Its part of the error probability that all signals of the stack share, in proportion to the others'. */
  readonly budget: number;
  readonly action: SignalAction;
  /** Values by dimension, like `{country: [DE, FR]}`: each is compared by itself, too. All values together at most 20. */
  readonly segments: Readonly<Record<string, readonly string[]>>;
}

import type { PairWorld } from "./pair-world.ts";

/** A Canary, as far as it is used. */
export interface FlaggerAnalysis {
  readonly interval: string;
  readonly threshold: number;
  readonly maxWeight: number;
  readonly stepWeight: number;
  readonly webhooks: readonly FlaggerWebhook[];
}

export interface FlaggerWebhook {
  readonly name: string;
  readonly type: string;
  readonly url: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Status of the answer to a POST. */
export type FlaggerPost = (url: string, payload: unknown) => Promise<number>;

export interface FlaggerEnd {
  readonly end: "promoted" | "rolledBack" | "paused";
  readonly minutes: number;
  readonly share: number;
}

/**
 * A canary with progressive traffic by pkg/controller/scheduler.go of Flagger (advanceCanary): each interval its rollback
 * hooks first, then at weight 0 the pre-rollout hooks, else the rollout hooks and metrics (there are none), then
 * confirm-traffic-increase, then the next weight; at maxWeight confirm-promotion. A hook says yes with a status of at most
 * 202 (callWebhook). A failed pre-rollout or rollout hook counts as a failed check, and `threshold` of them roll back.
 */
export async function flaggerCanary(
  world: PairWorld,
  analysis: FlaggerAnalysis,
  post: FlaggerPost,
  minutes: number,
): Promise<FlaggerEnd> {
  let weight = 0;
  let failedChecks = 0;
  const ended = (end: FlaggerEnd["end"]): FlaggerEnd => ({ end, minutes: world.minute(), share: weight });
  const hooks = (type: string) => analysis.webhooks.filter((one) => one.type === type);
  const payload = ({ metadata }: FlaggerWebhook, phase: string) => ({
    name: "fraud",
    namespace: "shop",
    phase,
    checksum: "5fd5c9f9d7",
    ...(metadata === undefined ? {} : { metadata }),
  });
  const says = async (hook: FlaggerWebhook) => (await post(hook.url, payload(hook, "Progressing"))) <= 202;
  const all = async (type: string) => {
    for (const hook of hooks(type)) if (!(await says(hook))) return false;
    return true;
  };
  const step = async (): Promise<FlaggerEnd | undefined> => {
    for (const hook of hooks("rollback")) if (await says(hook)) return ended("rolledBack");
    if (failedChecks >= analysis.threshold) return ended("rolledBack");
    if (!(await all(weight === 0 ? "pre-rollout" : "rollout"))) {
      failedChecks += 1;
      return undefined;
    }
    if (!(await all("confirm-traffic-increase"))) return undefined;
    if (weight < analysis.maxWeight) weight += analysis.stepWeight;
    else if (await all("confirm-promotion")) return ended("promoted");
    return undefined;
  };
  const everyMinutes = Number(/^(\d+)m$/.exec(analysis.interval)?.[1]);
  while (world.minute() < minutes) {
    const end = await step();
    if (end !== undefined) return end;
    for (let waited = 0; waited < everyMinutes; waited++) world.pass(weight);
  }
  return ended("paused");
}

import type { Slot } from "../slot.ts";

/** What a word in braces stands for in the value of a dimension, as one slot has it. */
export interface SignalPlace {
  /** `blue` or `green`. */
  readonly slot: Slot;
  /** As the container's environment has it: `STACK`. */
  readonly stack: string;
  /** `targetgroup/name/id`, CloudWatch's dimension TargetGroup. */
  readonly targetGroup: string;
  /** `app/name/id`, CloudWatch's dimension LoadBalancer; the same for both slots. */
  readonly loadBalancer: string;
  /** Values of the dimensions ClusterName and ServiceName; no word in braces stands for them. */
  readonly clusterName: string;
  /** undefined: the slot is empty. */
  readonly serviceName: string | undefined;
}

export const PLACEHOLDERS = [
  "slot",
  "stack",
  "targetGroup",
  "loadBalancer",
] as const satisfies readonly Exclude<keyof SignalPlace, "clusterName" | "serviceName">[];

/** The dimensions of one slot's metric: each word in braces replaced. */
export const dimensionsAt = (
  dimensions: Readonly<Record<string, string>>,
  place: Pick<SignalPlace, (typeof PLACEHOLDERS)[number]>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(dimensions).map(([key, value]) => [
      key,
      PLACEHOLDERS.reduce((text, word) => text.replaceAll(`{${word}}`, place[word]), value),
    ]),
  );

/** Whether such dimensions tell the slots apart, and name no place that there is not. */
export function tellsSlots(dimensions: Readonly<Record<string, string>>): boolean {
  const words = Object.values(dimensions).flatMap((value) =>
    [...value.matchAll(/\{([^{}]*)\}/g)].map(([, word]) => word),
  );
  return (
    words.every((word) => PLACEHOLDERS.some((known) => known === word)) &&
    words.some((word) => word === "slot" || word === "targetGroup")
  );
}

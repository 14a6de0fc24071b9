import { decimal, flag, isRecord, list, orAuto } from "./field.ts";

/** Sizes of the batches under which the slots are timed, where the protocol batches. */
export const BATCH_SIZES = [1, 4, 16] as const;

/** Checks of how a model behaves under load, when its input changes, and while it streams. */
export const BEHAVIOUR_CHECKS = [
  "failures-under-load",
  "latency-batch-1-vs-active",
  "latency-batch-4-vs-active",
  "latency-batch-16-vs-active",
  "latency-payload-vs-active",
  "latency-burst-vs-active",
  "answers-under-load-vs-active",
  "latency-tail-vs-active",
  "repeatability",
  "feature-sensitivity",
  "perturbation",
  "relations",
  "streams-whole",
  "first-token-vs-active",
  "token-gap-vs-active",
  "stream-answers-vs-active",
  "large-body",
] as const;

/** What must stay true of a model's answers when its input changes in a known way. */
export type Relation =
  /** The answers of a batch are those of its inputs alone, in their order. */
  | { readonly kind: "batch-order" }
  /** The answer does not change with this feature. */
  | { readonly kind: "irrelevant"; readonly feature: string }
  /** The answer, a number, never goes the other way when this feature rises. */
  | { readonly kind: "monotone"; readonly feature: string; readonly direction: "up" | "down" }
  /** The answer does not change when this feature, or without one every number, is multiplied. */
  | { readonly kind: "scaling"; readonly feature?: string; readonly factor: number };

function readRelation(raw: unknown): Relation | undefined {
  if (!isRecord(raw)) return undefined;
  const { kind, feature, direction = "up" } = raw;
  const factor = Number(raw["factor"] ?? 2);
  const isNamed = typeof feature === "string" && feature !== "";
  if (kind === "batch-order") return { kind };
  if (kind === "irrelevant" && isNamed) return { kind, feature };
  if (kind === "monotone" && isNamed && (direction === "up" || direction === "down")) {
    return { kind, feature, direction };
  }
  if (kind !== "scaling" || !(factor > 0) || !Number.isFinite(factor)) return undefined;
  return { kind, factor, ...(isNamed ? { feature } : {}) };
}

export const behaviourFields = {
  loadSeconds: decimal(
    { above: 0, max: 3600, unit: "seconds" },
    30,
    "After this time no further request of the load is sent.",
  ),
  deterministic: flag(
    false,
    "Whether the model answers the same request the same each time; if not, that is said and stops nobody.",
  ),
  relations: list(
    readRelation,
    '`[{"kind": "batch-order"}, {"kind": "irrelevant", "feature": "x"}, {"kind": "monotone", "feature": "x", "direction": "up"}, {"kind": "scaling", "factor": 2}]`; a feature is a column\'s name, or the place in a row: `features[3]`',
    [],
    "What must stay true of the candidate's answers when the input changes.",
  ),
  stream: orAuto(
    flag(
      true,
      "Whether answers are also asked for as a stream; `auto`: where the protocol has one and either slot streams.",
    ),
  ),
  streamSeconds: decimal(
    { above: 0, max: 3600, unit: "seconds" },
    30,
    "After this time no further stream is begun.",
  ),
  stallSeconds: decimal(
    { above: 0, max: 300, unit: "seconds" },
    10,
    "A stream of which nothing comes for so long has stalled.",
  ),
  maxCutRate: decimal(
    { above: 0, max: 1 },
    0.002,
    "Greatest share of streams that a candidate may leave cut, stalled or empty.",
  ),
} as const;

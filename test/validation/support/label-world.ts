import type { Context, FoundPrediction, LabelStore, LoggedPrediction } from "../../../validation/ports.ts";

/** What tasks have written of predictions, and the labels that are kept, by the names of their objects. */
export class LabelWorld {
  predictions: readonly LoggedPrediction[] = [];
  /** Ids that somebody has sent several times, and that were answered differently. */
  several: readonly string[] = [];
  /** From when to when each look into the logs went, epoch ms. */
  readonly looks: { readonly fromMs: number; readonly toMs: number }[] = [];
  readonly kept = new Map<string, string>();

  ports(): Pick<Context, "predictions" | "labels"> {
    const store = memoryLabels(this.kept);
    return {
      labels: () => store,
      predictions: {
        find: async (_services, ids, fromMs, toMs) => {
          this.looks.push({ fromMs, toMs });
          const found = this.predictions.filter(
            ({ requestId, atMs }) => ids.has(requestId) && atMs >= fromMs && atMs <= toMs,
          );
          return new Map<string, FoundPrediction>([
            ...found.map((one) => [one.requestId, one] as const),
            ...this.several.filter((id) => ids.has(id)).map((id) => [id, "several"] as const),
          ]);
        },
      },
    };
  }
}

/** Objects in memory; each is written once. */
export const memoryLabels = (kept: Map<string, string>): LabelStore => ({
  list: async (prefix) => [...kept.keys()].filter((name) => name.startsWith(prefix)),
  read: async (names) => names.map((name) => kept.get(name) ?? ""),
  create: async (name, text) => {
    if (kept.has(name)) return false;
    kept.set(name, text);
    return true;
  },
});

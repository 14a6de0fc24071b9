import type { MeasuredPoint, MeasureRequest, Metrics } from "../../measures.ts";

/** Measures that are wanted from a moment on, epoch ms. Ids differ over all parts of a read. */
export interface Part {
  readonly requests: readonly MeasureRequest[];
  readonly fromMs: number;
}

interface Kept {
  /** What is kept is whole from here until there, epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly points: readonly MeasuredPoint[];
}

/** What a process has read of each measure; begins empty. */
export type KeptPoints = Map<string, Kept>;

/**
 * So far back a minute is read again: CloudWatch may have it five minutes late and in parts, and the comparison counts
 * no minute for good before it is five minutes old.
 */
const REVISED_MS = 10 * 60_000;

/**
 * Reads points until `toMs`, of each measure only what is not kept or may have changed, in one call for all that begin
 * at the same moment. What fails keeps nothing.
 */
export async function readKept(
  metrics: Metrics,
  kept: KeptPoints,
  parts: readonly Part[],
  toMs: number,
): Promise<ReadonlyMap<string, readonly MeasuredPoint[]>> {
  const wanted = parts.flatMap(({ requests, fromMs }) =>
    requests.map((request) => {
      const key = JSON.stringify(request);
      const known = kept.get(key);
      const isKept = known !== undefined && known.fromMs <= fromMs;
      const readMs = isKept ? Math.max(fromMs, Math.min(known.toMs, toMs) - REVISED_MS) : fromMs;
      return { request, key, fromMs, readMs, before: isKept ? known.points : [] };
    }),
  );
  const calls = [...Map.groupBy(wanted, ({ readMs }) => readMs)].filter(([readMs]) => readMs < toMs);
  const answers = await Promise.all(
    calls.map(([readMs, some]) =>
      metrics.read(
        some.map(({ request }) => request),
        readMs,
        toMs,
      ),
    ),
  );
  const fresh = new Map(answers.flatMap((answer) => [...answer]));
  return new Map(
    wanted.map(({ request, key, fromMs, readMs, before }) => {
      const old = before.filter(({ atMs }) => atMs >= fromMs && atMs < readMs);
      const points = [...old, ...(fresh.get(request.id) ?? [])];
      kept.set(key, { fromMs, toMs, points });
      return [request.id, points];
    }),
  );
}

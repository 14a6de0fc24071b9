import { readsLabels } from "../../../contract/signals/label-metrics.ts";
import { fullName } from "../../../contract/names/names.ts";
import type { Context, Deployed, LabelCount } from "../../ports.ts";
import { attempt } from "../../reading.ts";
import { openLedger } from "../ledger/ledger.ts";
import { labelMinutes } from "../ledger/label-minutes.ts";
import type { Labelled } from "./row.ts";

const MINUTE_MS = 60_000;
/** CloudWatch API, PutMetricData: "no more than two weeks before the current date". An hour less: the call takes time. */
const OLDEST_MS = (14 * 24 - 1) * 60 * MINUTE_MS;

/**
 * Tells the dashboard what is known by now of the minutes that these labels are of: all of it and not what is new, since
 * CloudWatch would add a repeated datapoint up. Nothing decides by it. Answers why it could not be told; undefined: it
 * was, or nobody looks for it.
 */
export async function tellDashboard(
  context: Context,
  { config }: Deployed,
  rows: readonly Labelled[],
): Promise<string | undefined> {
  const oldestMs = context.clock.now() - OLDEST_MS;
  const minutes = new Set(rows.map(({ atMs }) => Math.floor(atMs / MINUTE_MS) * MINUTE_MS));
  const told = [...minutes].filter((minuteMs) => minuteMs >= oldestMs).toSorted((a, b) => a - b);
  const [first, last] = [told[0], told.at(-1)];
  if (!readsLabels(config) || first === undefined || last === undefined) return undefined;
  const tried = await attempt(async () => {
    const ledger = openLedger(context, context.labels(config.labels.bucket));
    const entries = await ledger.read(first, last + MINUTE_MS);
    const slots = [...new Set(rows.map(({ slot }) => slot))];
    const counts = slots.flatMap((slot) =>
      labelMinutes(entries, slot, new Map(), EVERY)
        .filter(({ atMs }) => minutes.has(atMs))
        .map(({ atMs, labelled, wrong }): LabelCount => ({ slot, atMs, labels: labelled, wrong })),
    );
    await context.publisher.publishLabels(fullName(context), counts);
  });
  return tried.readable ? undefined : tried.why;
}

/** All labels, whenever they came; a wrong one is a loss of 1. */
const EVERY = { kind: "losses", labelAfterMinutes: Number.POSITIVE_INFINITY } as const;

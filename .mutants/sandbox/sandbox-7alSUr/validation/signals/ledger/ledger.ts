import { fullName, type Identity } from "../../../contract/names/names.ts";
import type { LabelStore } from "../../ports.ts";
import type { Labelled } from "../feedback/row.ts";
import { batchOf, readBatch, type LabelBatch, type LabelGroup } from "./batch.ts";

/**
 * What is known of predictions, by the minute in which they were made. A call of `feedback` is one object for each day of
 * predictions, named after its rows and written once, so that rows that come twice, or from two writers at once, count
 * once; what objects share is told apart when they are read. CloudWatch would add them up.
 */
export interface Ledger {
  /** How many of the days' objects were new. */
  add(rows: readonly Labelled[], nowMs: number): Promise<{ readonly days: number; readonly added: number }>;
  /** Labels of predictions of these minutes, each once: as it came first. */
  read(fromMs: number, toMs: number): Promise<readonly LabelEntry[]>;
}

/** Rows of a group that count, and when they came. */
export interface LabelEntry extends Omit<LabelGroup, "ids" | "losses"> {
  readonly arrivedMs: number;
  readonly count: number;
  /** Sum over all of them; undefined: only right or wrong is known. */
  readonly lossSum: number | undefined;
}

const DAY_MS = 24 * 3_600_000;
const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);

export function openLedger(stack: Identity, store: LabelStore): Ledger {
  const folder = (day: string) => `labels/${fullName(stack)}/${day}/`;
  return {
    async add(rows, nowMs) {
      const byDay = Map.groupBy(rows, ({ atMs }) => dayOf(atMs));
      let added = 0;
      for (const [day, own] of byDay) {
        const { name, text } = batchOf(own, nowMs);
        if (await store.create(`${folder(day)}${name}.json`, text)) added += 1;
      }
      return { days: byDay.size, added };
    },
    async read(fromMs, toMs) {
      const batches: LabelBatch[] = [];
      for (let dayMs = Math.floor(fromMs / DAY_MS) * DAY_MS; dayMs < toMs; dayMs += DAY_MS) {
        const names = await store.list(folder(dayOf(dayMs)));
        batches.push(...(await batchesIn(store, names)));
      }
      return entriesOf(batches).filter(({ minuteMs }) => minuteMs >= fromMs && minuteMs < toMs);
    },
  };
}

/** Batches that were read, of the stores of this process: none of them ever changes. */
const known = new WeakMap<LabelStore, Map<string, LabelBatch>>();

async function batchesIn(store: LabelStore, names: readonly string[]): Promise<readonly LabelBatch[]> {
  const read = known.get(store) ?? new Map<string, LabelBatch>();
  known.set(store, read);
  const fresh = names.filter((name) => !read.has(name));
  const texts = await store.read(fresh);
  for (const [index, name] of fresh.entries()) read.set(name, readBatch(name, texts[index] ?? ""));
  return names.flatMap((name) => read.get(name) ?? []);
}

/** Each row once. Of two batches that share rows the earlier one has them, whatever the order in which they are read. */
export function entriesOf(batches: readonly LabelBatch[]): readonly LabelEntry[] {
  const seen = new Set<string>();
  return batches
    .toSorted((a, b) => a.arrivedMs - b.arrivedMs)
    .flatMap(({ arrivedMs, groups }) =>
      groups.flatMap(({ ids, losses, ...group }) => {
        let count = 0;
        let lossSum = 0;
        for (const [index, id] of ids.entries()) {
          if (seen.has(id)) continue;
          seen.add(id);
          count += 1;
          lossSum += losses?.[index] ?? 0;
        }
        if (count === 0) return [];
        return [{ ...group, arrivedMs, count, lossSum: losses === undefined ? undefined : lossSum }];
      }),
    );
}

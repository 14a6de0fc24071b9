import type { CountGroup } from "./groups.ts";

/** Amounts by metric. */
export type Amounts = Readonly<Record<string, number>>;

/** What one line says: the metrics of a period, of all paths together (`path` undefined) or of one. */
export interface CountedPeriod {
  readonly startMs: number;
  readonly path: string | undefined;
  readonly metrics: Amounts;
  /** Worth reading, and no metrics. */
  readonly notes: Amounts;
}

interface Tally {
  readonly startMs: number;
  readonly path: string | undefined;
  readonly groups: Set<CountGroup>;
  readonly amounts: Map<string, number>;
}

/** Counts by period (a minute) and path, until they are taken. */
export class Counts {
  private readonly periodMs: number;
  private readonly tallies = new Map<string, Tally>();

  constructor(periodMs: number) {
    this.periodMs = periodMs;
  }

  /** Adds to the period in which `atMs` lies; `group` says which of the amounts are metrics. */
  add(atMs: number, group: CountGroup | undefined, amounts: Amounts, path?: string): void {
    const startMs = Math.floor(atMs / this.periodMs) * this.periodMs;
    const key = `${startMs} ${path ?? ""}`;
    const tally = this.tallies.get(key) ?? { startMs, path, groups: new Set(), amounts: new Map() };
    this.tallies.set(key, tally);
    if (group !== undefined) tally.groups.add(group);
    for (const [name, amount] of Object.entries(amounts)) {
      tally.amounts.set(name, (tally.amounts.get(name) ?? 0) + amount);
    }
  }

  /** What was counted in periods that began before `untilMs`; it is counted no more. */
  take(untilMs: number): readonly CountedPeriod[] {
    const taken: CountedPeriod[] = [];
    for (const [key, tally] of this.tallies) {
      if (tally.startMs >= untilMs) continue;
      this.tallies.delete(key);
      taken.push(counted(tally));
    }
    return taken;
  }
}

/** A denominator of nothing is no datum: its numerators are no zeros either. */
function counted({ startMs, path, groups, amounts }: Tally): CountedPeriod {
  const metrics: Record<string, number> = {};
  const notes: Record<string, number> = Object.fromEntries(amounts);
  for (const { denominator, numerators } of groups) {
    const all = amounts.get(denominator) ?? 0;
    for (const name of [denominator, ...numerators]) {
      if (all > 0) metrics[name] = amounts.get(name) ?? 0;
      delete notes[name];
    }
  }
  return { startMs, path, metrics, notes };
}

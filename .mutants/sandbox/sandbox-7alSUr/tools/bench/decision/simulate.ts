import { HORIZON_MINUTES, type Cell } from "./cell.ts";
import { ourVerdict, type OurVerdict } from "./ours.ts";
import { kayentaJudge } from "./peers/kayenta.ts";
import { judgeOf, type ThresholdRule } from "./peers/rule.ts";
import { randomOf } from "./random.ts";
import { worldOf, type WorldMinute } from "./world.ts";

/** Who is asked in a run. */
export interface Asked {
  /** Our comparison alone, too, and with this φ instead of an estimate. */
  readonly knownPhi?: number | undefined;
  readonly comparison?: boolean | undefined;
  readonly rules: Readonly<Record<string, ThresholdRule>>;
  /** Kayenta's judge, by the minutes that it looks back. */
  readonly kayenta: readonly number[];
}

/** When one of them rolled the candidate back, and what its users had to bear until then. */
export interface Rollback {
  /** Minute of the release, from 0; undefined: it never did. */
  readonly minute: number | undefined;
  /** Requests of users that failed on the candidate since the fault began. */
  readonly harmed: number;
}

export type RunResult = Readonly<Record<string, Rollback>>;

/** A fault that begins late is watched for so long. */
const WATCHED_AFTER_ONSET = 240;

interface Judge {
  readonly name: string;
  readonly see: (at: WorldMinute) => boolean;
}

/** One run of a cell: the same traffic for everybody. */
export function simulate(cell: Cell, asked: Asked, seed: number, run: number): RunResult {
  const world = worldOf(cell, randomOf(seed, hashOf(cell.name), run), asked.kayenta.length > 0);
  const ours = ourVerdict(cell);
  const known = asked.knownPhi === undefined ? undefined : ourVerdict(cell, { knownPhi: asked.knownPhi });
  for (let minute = -cell.historyMinutes; minute < 0; minute++) {
    world.next();
    ours.learn(world.at);
    known?.learn(world.at);
  }
  const onset = cell.fault?.onset ?? 0;
  const end = Math.max(HORIZON_MINUTES, onset + WATCHED_AFTER_ONSET);
  const waiting = judgesOf(asked, ours, known);
  const results: Record<string, Rollback> = {};
  let harmed = 0;
  for (let minute = 0; minute < end && waiting.length > 0; minute++) {
    world.next();
    if (minute >= onset) harmed += world.at.candidate.failed;
    for (let index = waiting.length - 1; index >= 0; index--) {
      const judge = waiting[index];
      if (judge === undefined || !judge.see(world.at)) continue;
      results[judge.name] = { minute, harmed };
      waiting.splice(index, 1);
    }
  }
  for (const { name } of waiting) results[name] = { minute: undefined, harmed };
  return results;
}

function judgesOf(asked: Asked, ours: OurVerdict, known: OurVerdict | undefined): Judge[] {
  // Both of ours look at the same evidence, which takes in each minute once.
  let seen = { minute: Number.NaN, comparison: false, alarms: false };
  const seeOurs = (at: WorldMinute) => {
    if (seen.minute !== at.minute) seen = { minute: at.minute, ...ours.see(at) };
    return seen;
  };
  const rules = Object.entries(asked.rules).map(([name, rule]): Judge => {
    const judge = judgeOf(rule);
    return { name, see: ({ candidate }) => judge(candidate) };
  });
  const kayenta = asked.kayenta.map((windowMinutes): Judge => {
    const judge = kayentaJudge({ windowMinutes });
    return { name: kayentaName(windowMinutes), see: ({ candidate, baseline }) => judge(candidate, baseline) };
  });
  return [
    {
      name: OURS,
      see(at) {
        const { comparison, alarms } = seeOurs(at);
        return comparison || alarms;
      },
    },
    ...(asked.comparison === true
      ? [{ name: COMPARISON, see: (at: WorldMinute) => seeOurs(at).comparison }]
      : []),
    ...(known === undefined ? [] : [{ name: KNOWN_PHI, see: (at: WorldMinute) => known.see(at).comparison }]),
    ...rules,
    ...kayenta,
  ];
}

export const OURS = "ours";
export const COMPARISON = "comparison";
export const KNOWN_PHI = "comparison, φ known";
export const kayentaName = (windowMinutes: number) => `Kayenta, ${windowMinutes} min`;

/** FNV-1a: a cell keeps its random numbers when others are added. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}

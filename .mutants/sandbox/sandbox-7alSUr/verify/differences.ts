/** Something that is told and is not so. */
export interface Difference {
  /** Line of the journal, from 1; 0: of a file that has no lines. */
  readonly look: number;
  readonly field: string;
  readonly told: string;
  readonly recomputed: string;
}

/** Numbers are the same when they differ by no more than this part: two programs add in different orders. */
const TOLERANCE = 1e-6;
/** Evidence beyond this is told from none that is greater: see docs/decision.md. */
const OVERWHELMING = 1e280;

/** What is compared, and what of it differs. */
export interface Checks {
  number(field: string, told: unknown, recomputed: number | undefined): void;
  /** A logarithm of evidence: its difference is the evidence's relative one. */
  log(field: string, told: unknown, recomputed: number): void;
  same(field: string, told: unknown, recomputed: unknown): void;
  /** From here on numbers may differ by this part more. */
  allow(more: number): void;
  /** How many values were compared. */
  count(): number;
  readonly differences: readonly Difference[];
}

export function checksOf(look: () => number): Checks {
  const differences: Difference[] = [];
  let compared = 0;
  let tolerance = TOLERANCE;
  const note = (isSame: boolean, field: string, told: unknown, recomputed: unknown) => {
    compared += 1;
    if (!isSame) differences.push({ look: look(), field, told: shown(told), recomputed: shown(recomputed) });
  };
  return {
    number: (field, told, recomputed) => note(isClose(told, recomputed, tolerance), field, told, recomputed),
    log: (field, told, recomputed) => note(isCloseLog(told, recomputed, tolerance), field, told, recomputed),
    same: (field, told, recomputed) =>
      note(JSON.stringify(told) === JSON.stringify(recomputed), field, told, recomputed),
    allow(more) {
      tolerance = TOLERANCE + more;
    },
    count: () => compared,
    differences,
  };
}

const shown = (value: unknown) =>
  value === undefined ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);

function isClose(told: unknown, recomputed: number | undefined, tolerance: number): boolean {
  if (told === undefined || recomputed === undefined) return told === recomputed;
  if (typeof told !== "number") return false;
  if (told >= OVERWHELMING && recomputed >= OVERWHELMING) return true;
  return Math.abs(told - recomputed) <= tolerance * Math.max(Math.abs(recomputed), 1e-12);
}

function isCloseLog(told: unknown, recomputed: number, tolerance: number): boolean {
  if (typeof told !== "number") return false;
  const most = Math.log(OVERWHELMING);
  return (told >= most && recomputed >= most) || Math.abs(told - recomputed) <= tolerance;
}

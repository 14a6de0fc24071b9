import { KINDS, type Kind, type Shelves, type Thing } from "./things.ts";

export interface RunClock {
  now(): number;
  /** Ends early, without an error, when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Left {
  readonly things: readonly Thing[];
  /** Kinds that could not be listed, or things that would not go, with AWS's words. */
  readonly troubles: readonly string[];
}

export const nothingLeft = ({ things, troubles }: Left): boolean =>
  things.length === 0 && troubles.length === 0;

const BETWEEN_MS = 10_000;

/** What runs have left, of one run or of all. */
export async function leftOvers(shelves: Shelves, run: string | undefined): Promise<Left> {
  const listed = await Promise.all(
    KINDS.map(async (kind) => {
      try {
        const things = await shelves[kind].list();
        return { things: things.filter((thing) => run === undefined || thing.run === run), troubles: [] };
      } catch (error) {
        return { things: [], troubles: [`${kind}: cannot be listed: ${wordsOf(error)}`] };
      }
    }),
  );
  return {
    things: listed.flatMap(({ things }) => things),
    troubles: listed.flatMap(({ troubles }) => troubles),
  };
}

/**
 * Removes everything that has the tag or the name of a run, or of any, and looks again until nothing is listed any more
 * in two checks in a row. What one thing still uses goes in a later pass. Needs nothing that the run remembers. Answers with what is left at
 * `untilMs`.
 */
export async function teardown(
  shelves: Shelves,
  options: {
    readonly run: string | undefined;
    readonly clock: RunClock;
    readonly untilMs: number;
    readonly tell: (line: string) => void;
  },
): Promise<Left> {
  const { run, clock, untilMs, tell } = options;
  const told = new Set<string>();
  let isSure = false;
  for (;;) {
    const left = await leftOvers(shelves, run);
    if (nothingLeft(left)) {
      if (isSure) return left;
      // What was being made when the run was killed may be listed only now.
      isSure = true;
    } else isSure = false;
    const troubles = await removeAll(shelves, left.things, (thing) => {
      if (told.has(thing.id)) return;
      told.add(thing.id);
      tell(`removed: ${thing.kind} ${thing.id}`);
    });
    const waiting = troubles.join("; ");
    if (waiting !== "" && !told.has(waiting)) tell(`waits: ${waiting}`);
    told.add(waiting);
    if (clock.now() + BETWEEN_MS > untilMs) {
      const last = await leftOvers(shelves, run);
      return {
        things: last.things,
        troubles: [...last.troubles, ...(last.things.length === 0 ? [] : troubles)],
      };
    }
    await clock.sleep(BETWEEN_MS);
  }
}

/** One pass, kind after kind. */
async function removeAll(
  shelves: Shelves,
  things: readonly Thing[],
  gone: (thing: Thing) => void,
): Promise<readonly string[]> {
  const troubles: string[] = [];
  const of = (kind: Kind) => things.filter((thing) => thing.kind === kind);
  for (const kind of KINDS) {
    for (const thing of of(kind)) {
      try {
        await shelves[kind].remove(thing);
        gone(thing);
      } catch (error) {
        troubles.push(`${kind} ${thing.id}: ${wordsOf(error)}`);
      }
    }
  }
  return troubles;
}

export const wordsOf = (error: unknown): string =>
  error instanceof Error
    ? `${error.name === "Error" ? "" : `${error.name}: `}${error.message}`
    : String(error);

export const leftWords = ({ things, troubles }: Left): string =>
  [...things.map(({ kind, id, run }) => `${kind} ${id} (run ${run})`), ...troubles].join("; ");

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { Fate } from "../../core/owner.ts";
import type { Work } from "../../core/work.ts";

const look = v.object({ at: v.string(), sentence: v.string(), nextAt: v.optional(v.string()) });
const work = v.object({ run: v.string(), owner: v.string(), on: v.string(), look: v.optional(look) });

/**
 * What is being released by processes of this machine, a file each beside the records of their runs. It proves nothing:
 * whether such a process lives is told by its record alone.
 */
export interface WorkNotes {
  /** Writes down what this process does on the stack `on`. */
  tell(on: string, own: Work): void;
  forget(run: string): void;
  on(stack: string): readonly Work[];
}

/** `fateOfRun`: a note of a process that has ended is taken away by whoever tells of its own. */
export function openWorkNotes(state: string, fateOfRun: (run: string) => Fate): WorkNotes {
  const directory = join(state, "work");
  const pathOf = (run: string) => join(directory, `${run}.json`);
  return {
    tell(on, own) {
      try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        for (const { run } of readAll(directory)) if (fateOfRun(run) === "ended") rmSync(pathOf(run));
        const temporary = `${pathOf(own.run)}.tmp`;
        writeFileSync(temporary, JSON.stringify({ ...own, on }), { mode: 0o600 });
        renameSync(temporary, pathOf(own.run));
      } catch {
        // `status` then knows no more than the release itself says, and the release goes on.
      }
    },
    forget: (run) => rmSync(pathOf(run), { force: true }),
    on: (stack) => readAll(directory).filter(({ on }) => on === stack),
  };
}

function readAll(directory: string): readonly (Work & { readonly on: string })[] {
  return namesIn(directory).flatMap((name) => {
    try {
      const read = v.safeParse(work, JSON.parse(readFileSync(join(directory, name), "utf8")));
      return read.success ? [read.output] : [];
    } catch {
      // Gone meanwhile, or half of it: nobody is told to be at work by it.
      return [];
    }
  });
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(".json"));
  } catch {
    // Nothing was ever released from here.
    return [];
  }
}

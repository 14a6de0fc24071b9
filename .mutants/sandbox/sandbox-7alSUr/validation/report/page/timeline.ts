import type { StoryLook } from "./story.ts";

/** Looks one after the other that said the same. */
export interface LookStretch {
  readonly first: StoryLook;
  readonly last: StoryLook;
  readonly looks: number;
}

/** More of them, with their evidence, make a file that is not opened from a chat any more. */
const MOST_STRETCHES = 80;

/** What was said when, each time that it changed; the oldest are left out where there are too many. */
export function timelineOf(looks: readonly StoryLook[]): {
  readonly stretches: readonly LookStretch[];
  readonly left: number;
} {
  const all: LookStretch[] = [];
  for (const look of looks) {
    const before = all.at(-1);
    if (before !== undefined && isSame(before.last, look))
      all[all.length - 1] = { ...before, last: look, looks: before.looks + 1 };
    else all.push({ first: look, last: look, looks: 1 });
  }
  const stretches = all.slice(-MOST_STRETCHES);
  return { stretches, left: all.length - stretches.length };
}

const isSame = (a: StoryLook, b: StoryLook) =>
  a.verdict === b.verdict && a.why === b.why && a.comparison?.share === b.comparison?.share;

import { showSplit } from "../../contract/route/split.ts";
import { attempt } from "../reading.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Deployed } from "../ports.ts";
import { releaseWords } from "./release-words.ts";

/** A stack that an engine, or the checkout, knows of. */
export interface KnownStack {
  readonly stack: string;
  readonly where: "local" | "aws";
  /** undefined: no update has succeeded yet. Throws where it cannot be read. */
  readonly deployed: () => Promise<Deployed | undefined>;
}

/** A stack, which is one model, in a line; read from what its last update left. */
export interface StackLine {
  readonly stack: string;
  readonly where: KnownStack["where"];
  /** The active slot's; null: unknown, or nothing is deployed. */
  readonly modelVersion: string | null;
  readonly url: string | null;
  /** Where users are and how its release stands, or why it cannot be read. */
  readonly sentence: string;
  readonly readable: boolean;
}

export interface AllStacksOutcome extends Outcome {
  readonly stacks: readonly StackLine[];
}

/**
 * One line for each stack, read all at once; one that cannot be read hides no other, and is no success. `unlisted`: why
 * there may be more stacks than these.
 */
export async function allStacks(known: readonly KnownStack[], unlisted?: string): Promise<AllStacksOutcome> {
  const stacks = await Promise.all(known.map(lineOf));
  const unread = stacks.filter(({ readable }) => !readable).length;
  const some = unread === 0 ? "" : `, ${unread} could not be read`;
  const others = unlisted === undefined ? "" : `; there may be others: ${unlisted}`;
  return {
    exitCode: unread === 0 && unlisted === undefined ? EXIT.done : EXIT.failure,
    sentence: `${stacks.length} ${stacks.length === 1 ? "stack" : "stacks"}${some}${others}`,
    stacks,
  };
}

async function lineOf({ stack, where, deployed }: KnownStack): Promise<StackLine> {
  const read = await attempt(deployed);
  const nothing = { stack, where, modelVersion: null, url: null };
  if (!read.readable) {
    const [why] = read.why.split("\n");
    return { ...nothing, sentence: `cannot be read: ${why}`, readable: false };
  }
  if (read.value === undefined) return { ...nothing, sentence: "nothing is deployed", readable: true };
  const { config, outputs } = read.value;
  const { activeSlot, split, release } = config;
  // Whether its process still runs is for `status` of that stack to find out.
  const rollout =
    release?.state === "running" && release.owner !== ""
      ? { owner: release.owner, standing: "nobody" as const, look: undefined }
      : undefined;
  return {
    stack,
    where,
    modelVersion: config.slots[activeSlot].modelVersion ?? null,
    url: outputs.url,
    sentence: `${showSplit(split)}; active slot ${activeSlot}; ${releaseWords(config, rollout)}`,
    readable: true,
  };
}

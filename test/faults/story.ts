import type { FaultWorld } from "./world.ts";

/** Something that breaks on the real parts, and what must be so all the same. */
export interface Story {
  readonly name: string;
  /** Why it cannot run on this machine; undefined: it can. */
  readonly skipped: string | undefined;
  /** Answers with what is wrong; nothing: the promises hold. */
  readonly run: (world: FaultWorld) => Promise<readonly string[]>;
}

import type { EditKind } from "./inputs/mutate.ts";

/** What became of an input. What is neither, a parser throws. */
export type Taken = "accepted" | "refused";

/** One reader of text from outside, and what must hold whatever it is given. */
export interface FuzzedParser {
  readonly name: string;
  /** Inputs that it takes: mutated, they are near-valid. */
  readonly seeds: readonly string[];
  readonly edits: EditKind;
  /** Parts of its language, put in and exchanged. */
  readonly words: readonly string[];
  /**
   * Gives the input to the product's own function. Throws `WrongAcceptance` when something was taken that is none, and
   * anything else when the product threw what is no refusal of its own.
   */
  readonly take: (input: Buffer) => Taken | Promise<Taken>;
}

/** The parser took what it should have refused, or read it as something else. */
export class WrongAcceptance extends Error {
  override readonly name = "WrongAcceptance";
}

/** Throws WrongAcceptance unless it holds. */
export function demand(holds: boolean, why: string): void {
  if (!holds) throw new WrongAcceptance(why);
}

/** `refused` when `read` throws what the product refuses with; all else that it throws goes on. */
export async function unlessRefused(
  isRefusal: (error: unknown) => boolean,
  read: () => void | Promise<void>,
): Promise<Taken> {
  try {
    await read();
    return "accepted";
  } catch (error) {
    if (isRefusal(error)) return "refused";
    throw error;
  }
}

import type { Slot } from "../../../contract/slot.ts";
import { check, type Check } from "../check.ts";
import { spread, valuesFor, type Known, type Laboratory } from "./asking.ts";
import { differs } from "./differs.ts";

const EXAMPLES = 5;
const REPEATS = 4;

export interface Repeated {
  readonly asked: number;
  /** Answers that were other than the first to the same request. */
  readonly other: number;
}

/** The same requests, several times each and one by one. */
export async function repeated(
  laboratory: Laboratory,
  slot: Slot,
  side: "candidate" | "active",
  known: readonly Known[],
): Promise<Repeated> {
  let [asked, other] = [0, 0];
  for (const one of spread(known, EXAMPLES)) {
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      const [value] = await valuesFor(laboratory, slot, [one.input]);
      if (value === undefined) continue;
      asked += 1;
      if (differs(one[side], value)) other += 1;
    }
  }
  return { asked, other };
}

/** A model that was declared to be deterministic has to be; of any other it is good to know. */
export function repeatability({ asked, other }: Repeated, isDeclared: boolean): Check {
  const numbers = { n: asked, other };
  if (asked === 0)
    return check("repeatability", isDeclared ? "insufficient" : "warn", "nothing was answered", numbers);
  if (other === 0)
    return check("repeatability", "pass", `${asked} repeated requests were answered the same`, numbers);
  const words = `${other} of ${asked} repeated requests were answered differently`;
  return isDeclared
    ? check("repeatability", "fail", `${words}, and suite.deterministic says that none is`, numbers)
    : check("repeatability", "warn", words, numbers);
}

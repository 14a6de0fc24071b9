import { checkComparison } from "./comparison.ts";
import { checkModel } from "./constant.ts";
import type { Checks } from "./differences.ts";
import { checkComparisonGate, gatesOf } from "./gates.ts";
import { optionalObject, type JsonObject } from "./read/json.ts";
import { checkVerdict } from "./verdict.ts";
import type { Courses } from "./weigh.ts";

/** Everything in the record of one check that follows from its counts and from its gates' answers. */
export function checkRecord(record: JsonObject, checks: Checks, known: Courses): void {
  const comparison = optionalObject(record, "comparison");
  // A record of an earlier version does not say what doubt looked at: its counts alone prove too little.
  if (comparison !== undefined && comparison["splitSince"] !== undefined) {
    const said = checkComparison(comparison, checks, known);
    checkComparisonGate(record, said, checks);
    const signals = gatesOf(record).find(({ gate }) => gate === "signals");
    if (signals !== undefined)
      checks.same("gates.signals fails", signals.kind === "fail", said.isHeldBySignal);
  }
  checkModel(record, checks);
  checkVerdict(record, checks);
}

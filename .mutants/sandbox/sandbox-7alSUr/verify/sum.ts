import type { Checks } from "./differences.ts";
import { optionalObject, type JsonObject } from "./read/json.ts";
import type { SumOfEvidence } from "./weigh.ts";

/** A sum of evidence as it is told, and when it was first enough; `time`: how that moment is written. */
export function checkSum(
  field: string,
  told: JsonObject,
  { evidence, crossing }: SumOfEvidence,
  checks: Checks,
  time: "at" | "atMs",
): void {
  checks.number(`${field}evidence`, told["evidence"], evidence);
  const toldCrossing = optionalObject(told, "crossing");
  const at = crossing && (time === "at" ? new Date(crossing.atMs).toISOString() : crossing.atMs);
  checks.same(`${field}crossing.${time}`, toldCrossing?.[time], at);
  checks.number(`${field}crossing.evidence`, toldCrossing?.["evidence"], crossing?.evidence);
  checks.same(`${field}crossing.name`, toldCrossing?.["name"], crossing?.name);
}

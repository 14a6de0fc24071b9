import type { Recomputed } from "./comparison.ts";
import type { Checks } from "./differences.ts";
import { numberAt, objectAt, objectsAt, optionalObject, textAt, type JsonObject } from "./read/json.ts";

/** One gate's answer, as far as verdicts go by it. */
export interface GateAnswer {
  readonly gate: string;
  readonly about: string;
  readonly kind: string;
  readonly cause: unknown;
  readonly onFail: string;
  readonly reason: string;
  readonly isAbsolute: boolean;
  readonly isDryRun: boolean;
}

export const gatesOf = (record: JsonObject): readonly GateAnswer[] =>
  objectsAt(record, "gates").map((gate) => {
    const answer = objectAt(gate, "answer");
    return {
      gate: textAt(gate, "gate"),
      about: textAt(gate, "about"),
      kind: textAt(answer, "kind"),
      cause: answer["cause"],
      onFail: typeof gate["onFail"] === "string" ? gate["onFail"] : "rollback",
      reason: textAt(answer, "reason"),
      isAbsolute: gate["absolute"] === true,
      isDryRun: gate["dryRun"] === true,
    };
  });

/** The gate `comparison` answers by what the counts say and nothing else. */
export function checkComparisonGate(record: JsonObject, said: Recomputed, checks: Checks): void {
  const gate = gatesOf(record).find((one) => one.gate === "comparison");
  if (gate === undefined) return;
  // A digest that gates have refused before stays refused: that is told by the release, not by the counts.
  if (gate.reason.startsWith("the gates rolled this digest back before")) return;
  const comparison = objectAt(record, "comparison");
  const { kind, cause = "", onFail = "" } = expected(numberAt(comparison, "share"), said);
  checks.same("gates.comparison.answer", gate.kind, kind);
  checks.same("gates.comparison.cause", gate.cause ?? "", cause);
  if (kind === "fail") checks.same("gates.comparison.onFail", gate.onFail, onFail);
  checkNumbers(record, comparison, checks);
}

interface Expected {
  readonly kind: string;
  readonly cause?: string;
  readonly onFail?: string;
}

function expected(share: number, said: Recomputed): Expected {
  const onFail = said.hasCrossed ? "rollback" : "retreat";
  if (said.hasCrossed) return { kind: "fail", onFail };
  if (share === 0 || share >= 100) return { kind: "notApplicable" };
  if (said.contradictions >= 3) return { kind: "fail", onFail };
  if (said.contradictions > 0) return { kind: "noAnswer", cause: "unreadable" };
  if (said.isInDoubt) return { kind: "fail", onFail };
  if (said.isBlind || said.isUnproven) return { kind: "noAnswer", cause: "tooEarly" };
  return { kind: "pass" };
}

/** What the gate shows, in three digits, is what the comparison says. */
function checkNumbers(record: JsonObject, comparison: JsonObject, checks: Checks): void {
  const gate = objectsAt(record, "gates").find((one) => one["gate"] === "comparison");
  const shown = gate && objectAt(objectAt(gate, "answer"), "evidence");
  if (shown === undefined || Object.keys(shown).length === 0) return;
  const three = (value: number) => Number(value.toPrecision(3));
  const proof = optionalObject(comparison, "proof");
  const doubt = objectAt(comparison, "doubt");
  const numbers: (readonly [string, number])[] = [
    ["evidence", numberAt(comparison, "evidence")],
    ["needed", numberAt(comparison, "needed")],
    ["doubt", numberAt(doubt, "evidence")],
    ["blindSpot", numberAt(comparison, "blindSpot")],
    ...(proof === undefined
      ? []
      : ([
          ["proof", numberAt(proof, "evidence")],
          ["proofNeeded", numberAt(proof, "needed")],
        ] as const)),
    ...objectsAt(comparison, "metrics").map(
      (metric) => [`${textAt(metric, "name")} contribution`, numberAt(metric, "contribution")] as const,
    ),
  ];
  for (const [name, value] of numbers) checks.same(`gates.comparison.${name}`, shown[name], three(value));
  for (const metric of objectsAt(comparison, "metrics")) {
    const { phi, assumed } = objectAt(metric, "dispersion");
    const name = `${textAt(metric, "name")} φ`;
    const words = `${three(Number(phi))}${assumed === true ? " (assumed)" : ""}`;
    checks.same(`gates.comparison.${name}`, shown[name], words);
  }
}

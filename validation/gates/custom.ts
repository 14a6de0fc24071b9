import type { CustomGate } from "../../contract/config/custom-gate.ts";
import { isRecord } from "../../contract/config/field.ts";
import { fail, pass, tooEarly, unreadable, type Answer, type Assessment } from "../core/assessment.ts";
import type { Evidence } from "../core/assessment.ts";
import type { Reading } from "../core/observation.ts";

const ANSWERS: Readonly<Record<string, (reason: string, evidence: Evidence) => Answer>> = {
  pass,
  fail,
  // The gate was heard and has not seen enough: that is missing evidence, not a broken gate.
  noAnswer: tooEarly,
};

// What a gate says ends up in sentences, summaries and the audit log.
const LONGEST_REASON = 500;

/**
 * What a gate of the user's own said: `{"answer": "pass" | "fail" | "noAnswer", "reason": "…", "evidence": {…}}`,
 * the evidence if there is any. Fail-closed: everything else is no answer.
 */
export function customAssessment({ name }: CustomGate, said: Reading<unknown>): Assessment {
  return { gate: name, about: "candidate", answer: judge(name, said) };
}

function judge(name: string, said: Reading<unknown>): Answer {
  if (!said.readable) return unreadable(`${name}: no answer (${said.why})`);
  const { value } = said;
  if (!isRecord(value)) return unreadable(`${name}: no answer (it said no JSON object)`);
  const { answer, reason, evidence } = value;
  const make = typeof answer === "string" && Object.hasOwn(ANSWERS, answer) ? ANSWERS[answer] : undefined;
  if (make === undefined) {
    const got = JSON.stringify(answer) ?? "nothing";
    return unreadable(`${name}: no answer ("answer" is ${got.slice(0, 60)}; allowed: pass, fail, noAnswer)`);
  }
  if (typeof reason !== "string" || reason.trim() === "") {
    return unreadable(`${name}: no answer (it gave no reason)`);
  }
  return make(`${name}: ${reason.trim().slice(0, LONGEST_REASON)}`, evidenceOf(evidence));
}

function evidenceOf(raw: unknown): Evidence {
  const entries = Object.entries(isRecord(raw) ? raw : {});
  const shown = entries.flatMap(([key, value]) =>
    typeof value === "number" || typeof value === "string" ? [[key, value] as const] : [],
  );
  return Object.fromEntries(shown);
}

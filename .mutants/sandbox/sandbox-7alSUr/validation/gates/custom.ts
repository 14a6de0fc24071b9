import * as v from "valibot";
import type { CustomGate } from "../../contract/config/custom-gate.ts";
import { isRecord } from "../../contract/config/field.ts";
import { fail, pass, tooEarly, unreadable, type Answer, type Assessment } from "../core/assessment.ts";
import type { Evidence } from "../core/assessment.ts";
import type { Reading } from "../core/observation.ts";

const ANSWERS = {
  pass,
  fail,
  // The gate was heard and has not seen enough: that is missing evidence, not a broken gate.
  noAnswer: tooEarly,
} as const satisfies Partial<Record<Answer["kind"], unknown>>;
// Object.keys is typed as string[]; the table is constant, so its keys are exactly these.
const WORDS = Object.keys(ANSWERS) as (keyof typeof ANSWERS)[];

// What a gate says ends up in sentences, summaries and the audit log.
const LONGEST_REASON = 500;
const NO_REASON = "it gave no reason";

/**
 * What a gate of the user's own said: `{"answer": "pass" | "fail" | "noAnswer", "reason": "…", "evidence": {…}}`,
 * the evidence if there is any. Fail-closed: everything else is no answer.
 */
export function customAssessment({ name }: CustomGate, reading: Reading<unknown>): Assessment {
  return { gate: name, about: "candidate", answer: judge(name, reading) };
}

const said = v.pipe(
  v.custom<Readonly<Record<string, unknown>>>(isRecord, "it said no JSON object"),
  v.transform(({ answer, reason, evidence }) => ({ answer, reason, evidence })),
  v.object({
    answer: v.picklist(
      WORDS,
      ({ input }) =>
        `"answer" is ${(JSON.stringify(input) ?? "nothing").slice(0, 60)}; allowed: ${WORDS.join(", ")}`,
    ),
    reason: v.pipe(v.string(NO_REASON), v.trim(), v.nonEmpty(NO_REASON)),
    evidence: v.unknown(),
  }),
);

function judge(name: string, reading: Reading<unknown>): Answer {
  if (!reading.readable) return unreadable(`${name}: no answer (${reading.why})`);
  const read = v.safeParse(said, reading.value, { abortEarly: true });
  if (!read.success) return unreadable(`${name}: no answer (${read.issues[0].message})`);
  const { answer, reason, evidence } = read.output;
  return ANSWERS[answer](`${name}: ${reason.slice(0, LONGEST_REASON)}`, evidenceOf(evidence));
}

function evidenceOf(raw: unknown): Evidence {
  const entries = Object.entries(isRecord(raw) ? raw : {});
  const shown = entries.flatMap(([key, value]) =>
    typeof value === "number" || typeof value === "string" ? [[key, value] as const] : [],
  );
  return Object.fromEntries(shown);
}

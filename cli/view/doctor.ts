import type { DoctorOutcome } from "../../validation/insight/doctor.ts";
import type { Finding } from "../../validation/insight/doctor/facts.ts";

const MARKS: Readonly<Record<Finding["result"], string>> = {
  ok: "✓",
  broken: "✗",
  unknown: "?",
  notApplicable: "·",
};

/** `npx bluegreen doctor` as a list, each thing to mend with how. */
export function showDoctor({ sentence, findings }: DoctorOutcome): string {
  const lines = findings.flatMap(({ check, result, saw, mend }) => [
    `${MARKS[result]} ${check.padEnd(12)} ${saw.replaceAll("\n", "\n               ")}`,
    ...(mend === undefined ? [] : [`               mend: ${mend}`]),
  ]);
  return [...lines, "", sentence].join("\n");
}

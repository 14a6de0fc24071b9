import type { DoctorOutcome } from "../../validation/insight/doctor.ts";
import type { Finding } from "../../validation/insight/doctor/facts.ts";

const MARKS: Readonly<Record<Finding["result"], string>> = {
  ok: "✓",
  broken: "✗",
  unknown: "?",
  notApplicable: "·",
};

/** `npx bluegreen doctor` as a list, each thing to fix with how. */
export function showDoctor({ sentence, findings }: DoctorOutcome): string {
  const lines = findings.flatMap(({ check, result, saw, fix }) => [
    `${MARKS[result]} ${check.padEnd(12)} ${saw.replaceAll("\n", "\n               ")}`,
    ...(fix === undefined ? [] : [`               fix: ${fix}`]),
  ]);
  return [...lines, "", sentence].join("\n");
}

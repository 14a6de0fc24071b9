import type { CheckName, Finding } from "./facts.ts";

export const ok = (check: CheckName, saw: string): Finding => ({ check, result: "ok", saw, mend: undefined });
export const broken = (check: CheckName, saw: string, mend: string): Finding => ({
  check,
  result: "broken",
  saw,
  mend,
});
export const unknown = (check: CheckName, why: string, mend: string): Finding => ({
  check,
  result: "unknown",
  saw: `could not be checked: ${why}`,
  mend,
});
export const notApplicable = (check: CheckName, saw: string): Finding => ({
  check,
  result: "notApplicable",
  saw,
  mend: undefined,
});

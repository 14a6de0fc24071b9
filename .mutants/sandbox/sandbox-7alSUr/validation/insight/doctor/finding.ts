import type { CheckName, Finding } from "./facts.ts";

export const ok = (check: CheckName, saw: string): Finding => ({ check, result: "ok", saw, fix: undefined });
export const broken = (check: CheckName, saw: string, fix: string): Finding => ({
  check,
  result: "broken",
  saw,
  fix,
});
export const unknown = (check: CheckName, why: string, fix: string): Finding => ({
  check,
  result: "unknown",
  saw: `could not be checked: ${why}`,
  fix,
});
export const notApplicable = (check: CheckName, saw: string): Finding => ({
  check,
  result: "notApplicable",
  saw,
  fix: undefined,
});

import { ACCOUNT_RUN_ERRORS } from "./errors/account-run.ts";
import { AWS_ERRORS } from "./errors/aws.ts";
import { CHECKOUT_ERRORS } from "./errors/checkout.ts";
import { COHORT_ERRORS } from "./errors/cohorts.ts";
import { CONSOLE_ERRORS } from "./errors/console.ts";
import { ENTRANCE_ERRORS } from "./errors/entrance.ts";
import { EVIDENCE_ERRORS } from "./errors/evidence.ts";
import { EXTERNAL_ERRORS } from "./errors/external.ts";
import { EXPERIMENT_ERRORS } from "./errors/experiments.ts";
import { FILE_ERRORS } from "./errors/files.ts";
import { INIT_ERRORS } from "./errors/init.ts";
import { LABEL_ERRORS } from "./errors/labels.ts";
import { LOCAL_ACCESS_ERRORS } from "./errors/local-access.ts";
import { LOCAL_ERRORS } from "./errors/local.ts";
import { LOCK_ERRORS } from "./errors/locks.ts";
import { NAMES_ERRORS } from "./errors/names.ts";
import { PLANNING_ERRORS } from "./errors/planning.ts";
import { REGISTRY_ERRORS } from "./errors/registries.ts";
import { RELEASE_ERRORS } from "./errors/release.ts";
import { REPORT_ERRORS } from "./errors/report.ts";
import { ROTATION_ERRORS } from "./errors/rotation.ts";
import { STACK_ERRORS } from "./errors/stack.ts";
import { SUITE_ERRORS } from "./errors/suite.ts";
import { TERMINAL_ERRORS } from "./errors/terminal.ts";
import type { ExitCode } from "./outcome.ts";

/** Every error that is not ours: what it means and what fixes it. docs/errors.md lists exactly these. */
export const ERRORS = {
  ...STACK_ERRORS,
  ...RELEASE_ERRORS,
  ...LOCAL_ERRORS,
  ...SUITE_ERRORS,
  ...AWS_ERRORS,
  ...PLANNING_ERRORS,
  ...LOCAL_ACCESS_ERRORS,
  ...LOCK_ERRORS,
  ...NAMES_ERRORS,
  ...FILE_ERRORS,
  ...ROTATION_ERRORS,
  ...CHECKOUT_ERRORS,
  ...ENTRANCE_ERRORS,
  ...INIT_ERRORS,
  ...ACCOUNT_RUN_ERRORS,
  ...LABEL_ERRORS,
  ...REGISTRY_ERRORS,
  ...EXTERNAL_ERRORS,
  ...EXPERIMENT_ERRORS,
  ...COHORT_ERRORS,
  ...REPORT_ERRORS,
  ...CONSOLE_ERRORS,
  ...TERMINAL_ERRORS,
  ...EVIDENCE_ERRORS,
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** Something that the person who runs the command can fix. Shown without a stack trace. */
export class UserError extends Error {
  readonly code: ErrorCode;
  readonly exitCode: ExitCode;
  readonly fix: string;

  /** `details`: what was found this time, with its values. */
  constructor(code: ErrorCode, details: string) {
    const { meaning, fix, exitCode } = ERRORS[code];
    super(`${meaning} ${details}`.trim());
    this.name = "UserError";
    this.code = code;
    this.exitCode = exitCode;
    this.fix = fix;
  }
}

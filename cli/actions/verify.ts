import { readFileSync } from "node:fs";
import { UserError } from "../../validation/errors.ts";
import { EXIT, type ExitCode } from "../../validation/outcome.ts";
import { messageOf } from "../../validation/reading.ts";
import { NotEvidence } from "../../verify/read/json.ts";
import { shown } from "../../verify/show.ts";
import { verify, type Verification } from "../../verify/verify.ts";
import { resultJson } from "../json.ts";
import { kept } from "./kept.ts";

/** What `--json` prints. `path`: what was verified. */
export interface VerifyResult extends Verification {
  readonly exitCode: ExitCode;
  readonly path: string;
}

/** `npx bluegreen verify [what]`: exit code 10 when it does not hold. */
export function verified(
  what: string | undefined,
  json: boolean,
): { readonly text: string; readonly exitCode: ExitCode } {
  const path = kept(what);
  const found = verification(path);
  const exitCode = found.holds ? EXIT.done : EXIT.needsPerson;
  const result: VerifyResult = { exitCode, path, ...found };
  return { text: json ? resultJson(result) : shown(found), exitCode };
}

function verification(path: string): Verification {
  try {
    return verify(readFileSync(path, "utf8"));
  } catch (error) {
    const why = error instanceof NotEvidence ? error.message : messageOf(error);
    if (error instanceof NotEvidence || isOfSystem(error)) throw new UserError("BG410", `${path}: ${why}.`);
    throw error;
  }
}

const isOfSystem = (error: unknown) => error instanceof Error && "syscall" in error;

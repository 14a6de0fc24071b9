import { apiRate, credentials, quotas, region } from "./doctor/account.ts";
import { certificate, dns } from "./doctor/entrance.ts";
import { CHECKS, type CheckName, type Facts, type Finding } from "./doctor/facts.ts";
import { runners, secrets } from "./doctor/jobs.ts";
import { backend, engine, node, stack } from "./doctor/machine.ts";
import { protection } from "./doctor/protection.ts";
import { alarms, images } from "./doctor/slots.ts";
import { EXIT, type ExitCode, type Outcome } from "../outcome.ts";

export interface DoctorOutcome extends Outcome {
  readonly findings: readonly Finding[];
}

const CHECK: Readonly<Record<CheckName, (facts: Facts) => Finding | readonly Finding[]>> = {
  stack,
  node,
  engine,
  backend,
  credentials,
  region,
  quotas,
  "api-rate": apiRate,
  certificate,
  dns,
  image: images,
  alarms,
  secrets,
  runners,
  protection,
};

/** Whether everything that a release needs is in place, as far as it could be found out. Pure. */
export function diagnose(facts: Facts, checks: readonly CheckName[] = CHECKS): DoctorOutcome {
  const findings = checks.flatMap((name) => CHECK[name](facts));
  const count = (result: Finding["result"]) => findings.filter((finding) => finding.result === result).length;
  return { ...concluded(count("broken"), count("unknown"), count("ok")), findings };
}

/** What could not be checked is not in order: it has an exit code of its own. */
function concluded(broken: number, unknown: number, ok: number): { exitCode: ExitCode; sentence: string } {
  const unchecked = unknown === 0 ? "" : `; ${unknown} could not be checked`;
  if (broken > 0) return { exitCode: EXIT.needsPerson, sentence: `${broken} to fix${unchecked}` };
  if (unknown > 0) {
    const sentence = `${ok} in order, but ${unknown} could not be checked: that is no clean bill of health`;
    return { exitCode: EXIT.evidenceMissing, sentence };
  }
  return { exitCode: EXIT.done, sentence: `all ${ok} in order` };
}

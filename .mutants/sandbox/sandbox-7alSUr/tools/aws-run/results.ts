import { isRecord } from "../../contract/config/field.ts";
import { allBeliefs } from "./beliefs.ts";
import type { Judged } from "./belief.ts";
import type { Observations } from "./observations.ts";

/** What the last run that could tell said of a belief. */
export interface Finding extends Judged {
  /** ISO date of the run. */
  readonly on: string;
  readonly region: string;
}

/** By the beliefs' ids: docs/aws-findings.json. Nothing in it tells whose account it was. */
export type Findings = Readonly<Record<string, Finding>>;

// An account's number, an ARN of it, an address of a load balancer or a VPC's id in AWS's own words of a refusal.
const OWNED =
  /arn:aws[a-z-]*:[^\s"',;)]*|\b\d{12}\b|\b(vpc|subnet|sg|eni)-[0-9a-f]{8,}\b|[\w.-]+\.elb\.amazonaws\.com(\.cn)?|\b\d{1,3}(\.\d{1,3}){3}\b/g;

/** Judges what was seen in these experiments, and keeps what earlier runs knew of beliefs that this one could not tell. */
export function judged(
  before: Findings,
  seen: Partial<Observations>,
  run: { readonly on: string; readonly region: string; readonly experiments: readonly string[] },
): Findings {
  const { on, region, experiments } = run;
  return Object.fromEntries(
    allBeliefs().flatMap(({ id, proof }) => {
      const known = before[id];
      if ("none" in proof) return [];
      if (!experiments.includes(proof.experiment)) return known === undefined ? [] : [[id, known] as const];
      const { state, why } = proof.judge(seen);
      if (state === "couldNotTell" && known !== undefined && known.state !== "couldNotTell")
        return [[id, known] as const];
      return [[id, { state, why: why.replaceAll(OWNED, "…"), on, region }] as const];
    }),
  );
}

const STATES: readonly unknown[] = ["seen", "failed", "couldNotTell"] satisfies Finding["state"][];

/** Reads docs/aws-findings.json. @throws when it is not what a run writes. */
export function readFindings(text: string): Findings {
  const raw: unknown = JSON.parse(text);
  if (!isRecord(raw)) throw new Error("docs/aws-findings.json is not an object");
  return Object.fromEntries(
    Object.entries(raw).map(([id, one]) => {
      const { state, why, on, region } = isRecord(one) ? one : {};
      if (!isState(state) || typeof why !== "string" || typeof on !== "string" || typeof region !== "string")
        throw new Error(`docs/aws-findings.json: ${id} is not a finding`);
      return [id, { state, why, on, region }];
    }),
  );
}

const isState = (raw: unknown): raw is Finding["state"] => STATES.includes(raw);

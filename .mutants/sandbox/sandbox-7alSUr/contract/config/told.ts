import { fullName, type Identity } from "../names/names.ts";
import type { Slot } from "../slot.ts";

/**
 * What the container is told about itself, beside `PORT`, since version 0.2: a slot whose model an earlier version
 * deployed, or that a person has filled manually, has no release and is told nothing, so its task definition stays as
 * it is. Nothing of routing is among it: a change of traffic would replace tasks.
 */
export const TOLD_NAMES = ["SLOT", "STACK", "MODEL_VERSION", "RELEASE"] as const;

/**
 * The set of variables and log settings that a deploy of this version gives to its slot, which keeps it: another one is
 * another task definition. 2: `AWS_EMF_ENVIRONMENT` and the log driver's mode are said, and `STACK` is whole, as metrics
 * are counted by it and two projects of an account may have a stack of one name.
 */
export const TOLD = 2;

/** What the tasks of a slot are told by. */
export interface Tellable {
  readonly release: string;
  readonly modelVersion: string;
  readonly told: number;
}

/** As the containers of a model are told of it, `fraud-model/prod` or `shop/prod/fraud`, and as their metrics are counted. */
export const toldStack = ({ project, stack, model }: Identity): string => fullName({ project, stack, model });

/** @param origin what names on AWS were made of: a stack that is renamed keeps it, and its tasks. */
export function toldVariables(
  { release, modelVersion, told }: Tellable,
  slot: Slot,
  origin: Identity,
): Readonly<Partial<Record<(typeof TOLD_NAMES)[number], string>>> {
  if (release === "") return {};
  const stack = told < 2 ? origin.stack : toldStack(origin);
  return { SLOT: slot, STACK: stack, MODEL_VERSION: modelVersion, RELEASE: release };
}

/**
 * What a container has unless the stack's own `environment` or `secrets` say otherwise. Of Amazon's libraries for the embedded metric format
 * (aws-embedded-metrics for Node, Python and Java, README, "Configuration"): in `Local` they write lines to the output,
 * which the log driver sends to CloudWatch; left alone they look for an agent of CloudWatch's on a port.
 */
export const usualVariables = ({ told }: Tellable): Readonly<Record<string, string>> =>
  told < 2 ? {} : { AWS_EMF_ENVIRONMENT: "Local" };

/**
 * Options of the log driver `awslogs`; undefined: whatever the account has as its default. The mode is said since
 * both are a choice: in `blocking`, CloudWatch Logs that cannot be reached stop the model at its next line, and with it the
 * users; in `non-blocking`, lines are lost once the buffer is full, and a lost line of metrics looks like traffic that was
 * not there. So it is `non-blocking` (Amazon ECS's own default since 25 June 2025, unless the account's `defaultLogDriverMode` says otherwise)
 * with the buffer of 25 MB that AWS came to by measuring (AWS Containers blog, "Preventing log loss with non-blocking mode
 * in the AWSLogs container log driver"; API reference, LogConfiguration): thousands of lines of metrics, one a minute each.
 */
export const logDriverOptions = ({ told }: Tellable): Readonly<Record<string, string>> | undefined =>
  told < 2 ? undefined : { mode: "non-blocking", "max-buffer-size": "25m" };

import { existsSync, readFileSync } from "node:fs";
import type { Service } from "./operations.ts";
import type { SdkCall } from "./sdk-calls.ts";
import { findingsOf } from "./validate.ts";

const SERVICES: Readonly<Record<string, Service>> = {
  CloudWatch: "cloudwatch",
  "CloudWatch Logs": "logs",
  ECS: "ecs",
  "Elastic Load Balancing v2": "elasticloadbalancing",
  S3: "s3",
  SNS: "sns",
  SageMaker: "sagemaker",
  STS: "sts",
};

function serviceOf({ serviceId, operation }: SdkCall): Service {
  const service = SERVICES[serviceId];
  if (service === undefined) throw new Error(`calls to ${serviceId} have no model here: ${operation}`);
  return service;
}

/** `service:Name`, as IAM and contract/iam/aws-calls.ts write it. */
export const actionOf = (call: SdkCall): string => `${serviceOf(call)}:${call.operation}`;

/** What AWS would refuse of it. Throws for an operation that no model is there for. */
export const findingsOfCall = (call: SdkCall): readonly string[] =>
  findingsOf(serviceOf(call), call.operation, call.input);

/** The calls that record-calls.ts has written down; none when there is no file. */
export function recordedCalls(file: string): readonly SdkCall[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  // The last one is empty, or was cut off by a kill. Each has been written by record-calls.ts.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as SdkCall);
}

/** Arguments of node with which a program writes its calls down, into the file that RECORDED_CALLS names. */
export const RECORDING: readonly string[] = ["--import", new URL("record-calls.ts", import.meta.url).href];

import { isRecord } from "../is-record.ts";
import { AwsError, notSimulated } from "../aws-api/errors.ts";
import type { Operations } from "../aws-api/operations.ts";
import type { Properties } from "../../pulumi-engine/values/provider.ts";
import { asProperties, members } from "./shape.ts";

/** Calls one operation of one AWS service. Throws AwsError; an operation that is not there is refused by name. */
export type Call = (operation: string, input: Properties) => Promise<Properties>;

export function caller(service: string, operations: Operations): Call {
  return async (operation, input) => {
    const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (run === undefined) throw notSimulated(service, operation);
    const answer = await run(input);
    return asProperties(answer);
  };
}

/** The first structure in a list of an answer. */
export function first(answer: Properties, name: string): Properties | undefined {
  return members(answer[name]).find(isRecord);
}

/** The structure that a successful creation always answers with. */
export function made(answer: Properties, name: string): Properties {
  const found = isRecord(answer[name]) ? answer[name] : first(answer, name);
  if (found === undefined) throw new Error(`the answer has no ${name}`);
  return found;
}

// ELB: `RuleNotFound`; the others: `ServiceNotFoundException`, `ResourceNotFound`, `ObjectNotFoundException`.
const NOT_FOUND = /NotFound(Exception)?$/;

/** The answer, or undefined when the service says that there is no such thing. */
export async function ifThere<T>(lookup: Promise<T>, notFound = NOT_FOUND): Promise<T | undefined> {
  try {
    return await lookup;
  } catch (error) {
    if (error instanceof AwsError && notFound.test(error.code)) return undefined;
    throw error;
  }
}

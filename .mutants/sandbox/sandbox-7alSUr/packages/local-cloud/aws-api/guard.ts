import type { Operations } from "./operations.ts";

/** A call of an AWS API, before it is carried out. */
export interface ApiCall {
  /** The service as IAM and ARNs write it: `elasticloadbalancing`. */
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Whose permissions the call has; undefined: those of the account's owner. */
  readonly role: string | undefined;
}

/** Looks at each call; throws AwsError to refuse it. */
export type Guard = (call: ApiCall) => void | Promise<void>;

/** Operations whose every call passes the guard first, with the permissions of this role. */
export function guarded(
  service: string,
  operations: Operations,
  role: string | undefined,
  guard: Guard | undefined,
): Operations {
  if (guard === undefined) return operations;
  return Object.fromEntries(
    Object.entries(operations).map(([operation, run]) => [
      operation,
      async (input: Record<string, unknown>) => {
        await guard({ service, operation, input, role });
        return run(input);
      },
    ]),
  );
}

/** One guard after the other; undefined when there is none. */
export function inTurn(...guards: readonly (Guard | undefined)[]): Guard | undefined {
  const there = guards.filter((guard) => guard !== undefined);
  if (there.length === 0) return undefined;
  return async (call) => {
    for (const guard of there) await guard(call);
  };
}

import type { Operations } from "./operations.ts";

/** A call of an AWS API, before it is carried out. */
export interface ApiCall {
  /** The service as IAM and ARNs write it: `elasticloadbalancing`. */
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Whose call it is; undefined: the request is not signed. */
  readonly accessKeyId: string | undefined;
}

/** Looks at each call; throws AwsError to refuse it. */
export type Guard = (call: ApiCall) => void | Promise<void>;

/** The access key that a request was signed with (Signature Version 4). The signature itself is not checked. */
export function accessKeyOf(authorization: string | undefined): string | undefined {
  return /\bCredential=([^/\s,]+)\//.exec(authorization ?? "")?.[1];
}

/** Operations whose every call passes the guard first, in the name of this access key. */
export function guarded(
  service: string,
  operations: Operations,
  accessKeyId: string | undefined,
  guard: Guard | undefined,
): Operations {
  if (guard === undefined) return operations;
  return Object.fromEntries(
    Object.entries(operations).map(([operation, run]) => [
      operation,
      async (input: Record<string, unknown>) => {
        await guard({ service, operation, input, accessKeyId });
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

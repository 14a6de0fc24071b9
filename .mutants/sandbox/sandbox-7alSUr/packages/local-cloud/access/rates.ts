import { AwsError } from "../aws-api/errors.ts";
import type { ApiCall, Guard } from "../aws-api/guard.ts";
import { OPERATIONS } from "../operations/index.ts";

const RATES = new Map(OPERATIONS.map(({ service, name, rate }) => [`${service}:${name}`, rate]));

/** Refuses calls beyond AWS's rates as AWS does. @param now milliseconds */
export function apiRates(now: () => number): Guard {
  const buckets = new Map<string, { readonly tokens: number; readonly atMs: number }>();
  return (call) => {
    const rate = RATES.get(`${call.service}:${call.operation}`);
    if (rate === undefined) return;
    const { burst, perSecond, sharedBy = call.operation } = rate;
    const key = `${call.service}:${sharedBy}`;
    const atMs = now();
    const before = buckets.get(key) ?? { tokens: burst, atMs };
    const tokens = Math.min(burst, before.tokens + ((atMs - before.atMs) / 1000) * perSecond);
    const passes = tokens >= 1;
    buckets.set(key, { tokens: passes ? tokens - 1 : tokens, atMs });
    if (!passes) throw throttled(call);
  };
}

/** The query protocol says `Throttling`, AWS JSON `ThrottlingException`; both with 400 and these words. */
function throttled({ service }: ApiCall): AwsError {
  return new AwsError(
    service === "elasticloadbalancing" ? "Throttling" : "ThrottlingException",
    "Rate exceeded",
  );
}

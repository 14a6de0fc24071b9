import { setTimeout as delay } from "node:timers/promises";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
// Together over half a minute: as long as a hundred stacks that check in the same second have to wait for each other.
const ATTEMPTS = 9;

export interface Backoff {
  readonly sleep: (ms: number) => Promise<unknown>;
  /** 0 to 1; spreads callers that were throttled together. */
  readonly random: () => number;
}

const REAL: Backoff = { sleep: delay, random: Math.random };

/**
 * Repeats a call that AWS throttles. The SDK's own three attempts end within a second, but CloudWatch answers
 * only 9 DescribeAlarms a second per region, and Elastic Load Balancing 10 reads, shared with everybody in the
 * account.
 */
export async function whileThrottled<T>(call: () => Promise<T>, backoff: Backoff = REAL): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt >= ATTEMPTS || !isThrottling(error)) throw error;
      const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
      await backoff.sleep(waitMs * (0.5 + backoff.random() / 2));
    }
  }
}

function isThrottling(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Throttling|ThrottlingException|RequestLimitExceeded|TooManyRequests)/.test(error.name)
  );
}

import type { RegistryTools } from "../../registries/define.ts";

// A registry that hangs must not hold anybody up.
const CONNECT_MS = 3_000;
const ANSWER_MS = 8_000;
/** What a registry answers is metadata. */
const LONGEST_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * Asks over HTTP. undici follows no redirect unless told to, so no token goes where its owner did not send it.
 * @param until ends all requests together; undefined: each has its own time alone.
 */
export function askOverHttp(until?: AbortSignal, answerMs = ANSWER_MS): RegistryTools["ask"] {
  return async ({ method, url, headers, body }) => {
    const { Agent, request } = await import("undici");
    const dispatcher = new Agent({ connect: { timeout: CONNECT_MS }, maxResponseSize: LONGEST_ANSWER_BYTES });
    const own = AbortSignal.timeout(answerMs);
    const signal = until === undefined ? own : AbortSignal.any([own, until]);
    try {
      const reply = await request(url, {
        method,
        dispatcher,
        signal,
        headers: { ...headers },
        ...(body === undefined ? {} : { body }),
      });
      const text = await reply.body.text();
      const own = Object.entries(reply.headers).map(([name, value]) => [name, String(value)]);
      return { status: reply.statusCode, headers: Object.fromEntries(own), text };
    } catch (error) {
      const { origin } = new URL(url);
      if (signal.aborted) throw new Error(`${origin} did not answer in time`, { cause: error });
      throw new Error(`${origin} could not be asked: ${reasonOf(error)}`, { cause: error });
    } finally {
      // Else a connection that is kept alive keeps the process.
      await dispatcher.destroy();
    }
  };
}

/** A refused connection of a name with several addresses is an AggregateError without words. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return error.message || code || error.name;
}

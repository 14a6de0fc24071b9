import type { Reading } from "../core/observation.ts";
import { messageOf } from "../reading.ts";

export interface TextAsked {
  readonly url: string;
  /** Posted as JSON; undefined: GET. */
  readonly body?: string;
  readonly accept: string;
  readonly timeoutMs: number;
  readonly mostBytes: number;
}

/** The text that an address of the user's answers, with a time and a size that it may take at most. */
export async function askText(asked: TextAsked): Promise<Reading<string>> {
  const { url, body, accept, timeoutMs, mostBytes } = asked;
  const signal = AbortSignal.timeout(timeoutMs);
  const method = body === undefined ? { method: "GET" } : { method: "POST", body };
  const headers = { accept, ...(body === undefined ? {} : { "content-type": "application/json" }) };
  try {
    // A redirect would hand the question to whoever the first server names.
    const response = await fetch(url, { ...method, headers, signal, redirect: "error" });
    if (!response.ok) {
      await response.body?.cancel();
      return unreadable(`it answered with status ${response.status}`);
    }
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > mostBytes) return unreadable(`it said more than ${mostBytes} bytes`);
      chunks.push(chunk);
    }
    return { readable: true, value: Buffer.concat(chunks).toString("utf8") };
  } catch (error) {
    if (signal.aborted) return unreadable(`it took longer than ${timeoutMs / 1000} s`);
    const cause = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : undefined;
    return unreadable(cause ?? messageOf(error));
  }
}

const unreadable = (why: string): Reading<string> => ({ readable: false, why });

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { TEST_HEADERS } from "../../contract/route.ts";
import { messageOf } from "../observe.ts";
import type { Ask } from "../suite/ask.ts";
import type { TestTools } from "../test.ts";

/** What `test` needs of the machine; paths are relative to `root`, the project's directory. */
export function testTools(root: string): TestTools {
  return { connect: testRoute, readFile: (path) => readFile(resolve(root, path), "utf8") };
}

/**
 * Asks a slot through the stack's URL and its test rule, so that neither metrics nor drain count it as a user.
 * @param answerSeconds of the machine: how long a request takes is never virtual time.
 */
export function testRoute(url: string, token: string, answerSeconds: number): Ask {
  return async (slot, { method, path, contentType = "application/json", body }) => {
    const startMs = performance.now();
    const reply = (status: number, text: string) => ({
      status,
      seconds: (performance.now() - startMs) / 1000,
      text,
    });
    const headers: Record<string, string> = { [TEST_HEADERS.slot]: slot, [TEST_HEADERS.token]: token };
    if (method === "POST") headers["content-type"] = contentType;
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        // A redirect to HTTPS would send the token over plain HTTP first, and the answer would not be the model's.
        redirect: "manual",
        signal: AbortSignal.timeout(answerSeconds * 1000),
      });
      return reply(response.status, await response.text());
    } catch (error) {
      const late = error instanceof Error && error.name === "TimeoutError";
      return reply(0, late ? `no answer within ${answerSeconds} s` : causeOf(error));
    }
  };
}

/** `fetch` says "fetch failed"; why is in its cause. */
function causeOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}

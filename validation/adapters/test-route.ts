import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { TEST_HEADERS } from "../../contract/route/route.ts";
import type { Slot } from "../../contract/slot.ts";
import { messageOf } from "../reading.ts";
import type { Ask } from "../protocols/ask.ts";
import type { SuiteTools } from "../suite/test-candidate.ts";
import { linesOf, scratchFile } from "./scratch-file.ts";
import { scorerIn } from "./scorer.ts";
import type { Address } from "../stack/way-in.ts";
import { testStream } from "./test-stream.ts";
import { modelHeaders, wayIn, type LookUp, type Send } from "./way-in.ts";

/**
 * What `test` needs of the machine; paths are relative to `root`, the project's directory. `tell`: what to say of the way
 * to the stack.
 */
export function testTools(root: string, tell: (words: string) => void): SuiteTools {
  return {
    connect: (address, token, answerSeconds) => testRoute(address, token, answerSeconds, tell),
    connectStreams: (address, token, stallSeconds) => testStream(address, token, stallSeconds, tell),
    wait: async (ms) => {
      await delay(ms);
    },
    linesOf: (path) => linesOf(resolve(root, path)),
    openScratch: scratchFile,
    readFile: (path) => readFile(resolve(root, path), "utf8"),
    score: scorerIn(root),
    isKeyed: "authorization" in modelHeaders(),
  };
}

/**
 * Asks a slot through the stack's URL and its test rule, so that neither metrics nor drain count it as a user.
 * @param answerSeconds of the machine: how long a request takes is never virtual time.
 */
export function testRoute(
  address: Address,
  token: string,
  answerSeconds: number,
  tell: (words: string) => void,
  lookUp?: LookUp,
): Ask {
  const own = modelHeaders();
  return askThrough(wayIn(address, tell, lookUp), {
    answerSeconds,
    // A redirect to HTTPS would send the token over plain HTTP first, and the answer would not be the model's.
    redirect: { redirect: "manual" },
    headersFor: (slot) => ({ ...own, [TEST_HEADERS.slot]: slot, [TEST_HEADERS.token]: token }),
  });
}

interface Manner {
  readonly answerSeconds: number;
  /** Absent: what is sent elsewhere is asked there. */
  readonly redirect?: { readonly redirect: "manual" };
  readonly headersFor: (slot: Slot) => Readonly<Record<string, string>>;
}

/** Asks by a way to the stack, in one manner for everything. Never rejects for what the other side does. */
export function askThrough(way: Promise<Send>, { answerSeconds, redirect, headersFor }: Manner): Ask {
  return async (slot, { method, path, contentType = "application/json", headers: own, body }) => {
    const send = await way;
    const startMs = performance.now();
    const reply = (status: number, text: string) => ({
      status,
      seconds: (performance.now() - startMs) / 1000,
      text,
    });
    const headers: Record<string, string> = { ...own, ...headersFor(slot) };
    if (method !== "GET" && contentType !== "") headers["content-type"] = contentType;
    try {
      const response = await send(path, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        ...redirect,
        signal: AbortSignal.timeout(answerSeconds * 1000),
      });
      const header = (name: string) => response.headers.get(name) ?? undefined;
      return { ...reply(response.status, await response.text()), header };
    } catch (error) {
      // Whatever broke, there was no answer, and that is what is counted.
      const late = error instanceof Error && error.name === "TimeoutError";
      return reply(0, late ? `no answer within ${answerSeconds} s` : causeOf(error));
    }
  };
}

/** `fetch` says "fetch failed"; why is in its cause. */
function causeOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}

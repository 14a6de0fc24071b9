import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { serviceOf } from "../../contract/config/model-service.ts";
import { UserError } from "../errors.ts";
import { messageOf } from "../reading.ts";
import type { Ask } from "../protocols/ask.ts";
import { asked } from "../protocols/speaker.ts";
import { goldenOf } from "../suite/golden.ts";
import { introduce } from "../suite/speakers.ts";
import type { OpenSynthetic } from "../rollout/synthetic-load.ts";
import { requireName } from "../stack/way-in.ts";
import { wayIn, type Send } from "./way-in.ts";

const TIMEOUT_MS = 10_000;
/** By these the model's own logs and metrics can tell our requests from a user's. */
export const SYNTHETIC_HEADERS = { "x-synthetic": "true", "user-agent": "bluegreen-synthetic" } as const;

/**
 * Requests from the golden set of the project at `root`, one line after the other, round and round, as users of the
 * active slot's model make them. `tell`: what to say of the way to the stack.
 */
export const syntheticRequests =
  (root: string, tell: (words: string) => void): OpenSynthetic =>
  async (config, address) => {
    requireName(address);
    const { examples, suite } = await goldenOf((path) => readFile(resolve(root, path), "utf8"), config);
    const ask = throughRoute(await wayIn(address, tell));
    const { activeSlot } = config;
    const service = serviceOf(config, activeSlot);
    const introduced = await introduce(ask, activeSlot, service, suite, examples[0]?.input);
    if ("why" in introduced) throw new UserError("BG186", introduced.why);
    const { speaker } = introduced;
    let next = 0;
    return async () => {
      const example = examples[next % examples.length];
      next += 1;
      const { status } = await ask(activeSlot, asked(speaker, example === undefined ? [] : [example]));
      return status > 0 && status < 500;
    };
  };

/** As a user asks: of whichever slot the route gives. */
function throughRoute(send: Send): Ask {
  return async (_, { method, path, contentType = "application/json", body }) => {
    const startMs = performance.now();
    const reply = (status: number, text: string) => ({
      status,
      text,
      seconds: (performance.now() - startMs) / 1000,
    });
    try {
      const response = await send(path, {
        method,
        headers: { ...SYNTHETIC_HEADERS, ...(method === "POST" ? { "content-type": contentType } : {}) },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body }),
      });
      return reply(response.status, await response.text());
    } catch (error) {
      // Whatever broke, there was no answer, and that is what is counted.
      return reply(0, messageOf(error));
    }
  };
}

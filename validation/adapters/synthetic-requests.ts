import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { goldenOf } from "../suite/golden.ts";
import type { OpenSynthetic } from "../rollout/synthetic-load.ts";
import { requireName } from "../stack/way-in.ts";
import { wayIn } from "./way-in.ts";

const TIMEOUT_MS = 10_000;
/** By these the model's own logs and metrics can tell our requests from a user's. */
export const SYNTHETIC_HEADERS = { "x-synthetic": "true", "user-agent": "bluegreen-synthetic" } as const;

/**
 * Requests from the golden set of the project at `root`, one line after the other, round and round. `tell`:
 * what to say of the way to the stack.
 */
export const syntheticRequests =
  (root: string, tell: (words: string) => void): OpenSynthetic =>
  async (config, address) => {
    requireName(address);
    const { examples } = await goldenOf((path) => readFile(resolve(root, path), "utf8"), config);
    const send = await wayIn(address, tell);
    let next = 0;
    return async () => {
      const example = examples[next % examples.length];
      next += 1;
      try {
        const response = await send(config.suite.predictPath, {
          method: "POST",
          headers: { ...SYNTHETIC_HEADERS, "content-type": "application/json" },
          signal: AbortSignal.timeout(TIMEOUT_MS),
          ...(example === undefined ? {} : { body: example.body }),
        });
        await response.text();
        return response.status < 500;
      } catch {
        // Whatever broke, there was no answer, and that is what is counted.
        return false;
      }
    };
  };

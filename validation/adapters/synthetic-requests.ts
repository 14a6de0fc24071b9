import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { goldenOf } from "../suite/golden.ts";
import type { OpenSynthetic } from "../synthetic-load.ts";

const TIMEOUT_MS = 10_000;
/** By these the model's own logs and metrics can tell our requests from a user's. */
export const SYNTHETIC_HEADERS = { "x-synthetic": "true", "user-agent": "bluegreen-synthetic" } as const;

/** Requests from the golden set of the project at `root`, one line after the other, round and round. */
export const syntheticRequests =
  (root: string): OpenSynthetic =>
  async (config, url) => {
    const { examples } = await goldenOf((path) => readFile(resolve(root, path), "utf8"), config);
    const target = new URL(config.suite.predictPath, url);
    let next = 0;
    return async () => {
      const example = examples[next % examples.length];
      next += 1;
      try {
        const response = await fetch(target, {
          method: "POST",
          headers: { ...SYNTHETIC_HEADERS, "content-type": "application/json" },
          signal: AbortSignal.timeout(TIMEOUT_MS),
          ...(example === undefined ? {} : { body: example.body }),
        });
        await response.arrayBuffer();
        return response.status < 500;
      } catch {
        // Whatever broke, there was no answer, and that is what is counted.
        return false;
      }
    };
  };

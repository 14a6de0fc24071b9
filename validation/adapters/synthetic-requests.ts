import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isRecord } from "../../contract/field.ts";
import { UserError } from "../errors.ts";
import { messageOf } from "../observe.ts";
import type { OpenSynthetic } from "../synthetic-load.ts";

const TIMEOUT_MS = 10_000;
/** By these the model's own logs and metrics can tell our requests from a user's. */
export const SYNTHETIC_HEADERS = { "x-synthetic": "true", "user-agent": "bluegreen-synthetic" } as const;

/** Requests from the golden set of the repository at `root`, one line after the other, round and round. */
export const syntheticRequests =
  (root: string): OpenSynthetic =>
  async ({ goldenSet, path }, url) => {
    const bodies = await readBodies(join(root, goldenSet));
    const target = new URL(path, url);
    let next = 0;
    return async () => {
      const body = bodies[next % bodies.length];
      next += 1;
      try {
        const response = await fetch(target, {
          method: "POST",
          headers: { ...SYNTHETIC_HEADERS, "content-type": "application/json" },
          signal: AbortSignal.timeout(TIMEOUT_MS),
          ...(body === undefined ? {} : { body }),
        });
        await response.arrayBuffer();
        return response.status < 500;
      } catch {
        // Whatever broke, there was no answer, and that is what is counted.
        return false;
      }
    };
  };

/** Each line of the golden set without its label, as JSON. */
async function readBodies(path: string): Promise<readonly string[]> {
  try {
    const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line.trim() !== "");
    const bodies = lines.map((line, index) => bodyOf(JSON.parse(line), index));
    if (bodies.length === 0) throw new Error("it has no line");
    return bodies;
  } catch (error) {
    throw new UserError("BG168", `${path}: ${messageOf(error)}`);
  }
}

function bodyOf(line: unknown, index: number): string {
  if (!isRecord(line)) throw new Error(`line ${index + 1} is no JSON object`);
  const { label: _, ...body } = line;
  return JSON.stringify(body);
}

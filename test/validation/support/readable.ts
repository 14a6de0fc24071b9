import { readComparison, type ComparisonMemory } from "../../../validation/rollout/reading/read-counts.ts";
import type { Compared } from "../../../contract/release/compared.ts";
import type { MeasureRequest } from "../../../validation/measures.ts";
import type { Context } from "../../../validation/ports.ts";
import { sharing } from "./samples.ts";
import { World } from "./world.ts";

export const MINUTE = 60_000;

interface Call {
  readonly requests: readonly MeasureRequest[];
  readonly fromMs: number;
  readonly toMs: number;
}

/** A world whose metrics are what `value` says for each measure and minute, in two zones. */
export function readable(
  value: (request: MeasureRequest, atMs: number) => number | undefined,
  {
    signals = [],
    rows,
    service = {},
  }: {
    readonly signals?: readonly object[];
    readonly rows?: Context["signalRows"]["read"];
    readonly service?: object;
  } = {},
) {
  const world = new World({ ...sharing(10), signals, service });
  world.clock.advance(10 * MINUTE + 30_000);
  const calls: Call[] = [];
  const context: Context = {
    ...world.context(),
    health: { ...world.context().health, zones: async () => ["us-east-1a", "us-east-1b"] },
    ...(rows === undefined ? {} : { signalRows: { read: rows } }),
    metrics: {
      read: async (requests, fromMs, toMs) => {
        calls.push({ requests, fromMs, toMs });
        const minutes = Array.from(
          { length: (toMs - fromMs) / MINUTE },
          (_, index) => fromMs + index * MINUTE,
        );
        return new Map(
          requests.map((request) => [
            request.id,
            minutes.flatMap((atMs) => {
              const found = value(request, atMs);
              return found === undefined ? [] : [{ atMs, value: found }];
            }),
          ]),
        );
      },
    },
  };
  const startMs = world.bornMs;
  const at = (minutes: number) => new Date(startMs + minutes * MINUTE).toISOString();
  const read = (compared: Compared, memory: ComparisonMemory = {}) =>
    readComparison(context, world.deployed(), "green", compared, memory, []);
  return { world, calls, read, at, startMs };
}

import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import type { Context } from "../../../validation/ports.ts";
import type { SafeRequest } from "../../../validation/shadow/recorded.ts";
import { amount, count } from "../../arguments.ts";
import { localPlace } from "../../local/place.ts";
import { defineVerb } from "../define.ts";

/** Twice as many requests at a time reach the active slot's tasks, which have users. */
const AT_ONCE = 2;

export const definition = defineVerb({
  usage: "replay-requests <file>",
  about:
    "recorded requests to both slots, each twice to the active one: does the candidate answer otherwise, by more than that does itself?",
  works: "reads",
  order: 55,
  isSeldom: true,
  ends: ["needsPerson", "evidenceMissing"],
  declare: (command) =>
    command
      .option("--requests <number>", "so many of them, drawn at random (default: all)", count(1_000_000))
      .option(
        "--allowed <points>",
        "ends with 10 where the candidate differs by more points of a hundred than this, or fails more often, and with 11 where they are too few to tell (default: only tells)",
        points,
      )
      .option(
        "--within <number>",
        "numbers nearer than this are one answer (default: what rounding explains)",
        amount,
      )
      .option(
        "--safe <request...>",
        "what else may be asked because it changes nothing: 'GET /v1/models' (default: predictions alone)",
        safe,
        [],
      )
      .option("--at-once <number>", "so many requests at a time", count(64), AT_ONCE)
      .option("--evidence <file>", "write what was seen, as JSON")
      .action(async (file: string, options) => {
        const [{ notes, runFlow }, { testTools }, { replayRequests }, { showShadow }, { keepJson }] =
          await Promise.all([
            import("../../flow.ts"),
            import("../../../validation/adapters/test-route.ts"),
            import("../../../validation/shadow/replay-requests.ts"),
            import("../../view/shadow.ts"),
            import("../../evidence.ts"),
          ]);
        const flow = async (context: Context) => {
          const outcome = await replayRequests(context, testTools(localPlace().root, notes(context)), {
            file: resolve(file),
            requests: options.requests,
            allowedDisagreement: options.allowed,
            within: options.within,
            safe: options.safe,
            concurrency: options.atOnce,
          });
          await keepJson(options.evidence, outcome);
          return outcome;
        };
        await runFlow(options, "reads", flow, showShadow);
      }),
});

function points(text: string): number {
  const value = amount(text);
  if (value <= 50) return value / 100;
  throw new InvalidArgumentError("It takes points of a hundred, from 0 to 50.");
}

function safe(text: string, before: readonly SafeRequest[]): readonly SafeRequest[] {
  const [, method, path] = /^(GET|POST|PUT|PATCH) (\/\S*)$/.exec(text) ?? [];
  if (method !== undefined && path !== undefined) return [...before, { method, path }];
  throw new InvalidArgumentError("It takes a method (GET, POST, PUT, PATCH) and a path: 'GET /v1/models'.");
}

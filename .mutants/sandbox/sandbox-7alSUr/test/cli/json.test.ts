import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { fixCommandIn, resultJson, schemaName } from "../../cli/json.ts";
import { createProgram } from "../../cli/program.ts";
import { schemaFile } from "../../tools/result-schemas/result-files.ts";
import { history } from "../../validation/insight/history.ts";
import { status } from "../../validation/insight/status.ts";
import { plan } from "../../validation/planning/plan.ts";
import { rolloutForMachines, stepForMachines } from "../../validation/report/for-machines.ts";
import { revert } from "../../validation/rollback/revert.ts";
import { rollout } from "../../validation/rollout/rollout.ts";
import { step } from "../../validation/rollout/step.ts";
import { pause } from "../../validation/steering/steering.ts";
import type { Context } from "../../validation/ports.ts";
import { againstSchema } from "../support/result-schema.ts";
import { candidateReady, promoted, sharing } from "../validation/support/samples.ts";
import { World } from "../validation/support/world.ts";

const root = join(import.meta.dirname, "..", "..");
const once = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined };

const REVERT = { wait: false, reason: "", to: undefined, routeArn: undefined };

const RESULTS: readonly (readonly [
  string,
  string,
  Record<string, unknown>,
  (context: Context) => Promise<object>,
])[] = [
  ["status", "a candidate", candidateReady(), (context) => status(context)],
  ["status", "a release", sharing(10), (context) => status(context)],
  ["step", "a release", sharing(10), async (context) => stepForMachines(await step(context, once))],
  [
    "rollout",
    "a candidate",
    candidateReady(),
    async (context) =>
      rolloutForMachines({ ...(await rollout(context, { pollMs: 10_000 })), report: undefined }),
  ],
  ["pause", "a release", sharing(10), (context) => pause(context, "lunch")],
  [
    "revert",
    "a promoted model",
    promoted(),
    (context) => revert(context, { ...REVERT, startedWallMs: context.clock.wall() }),
  ],
  ["history", "a promoted model", promoted(), (context) => history(context, 10)],
  [
    "plan",
    "a candidate",
    candidateReady(),
    (context) => plan(context, { traffic: 600, errorRate: undefined, pollSeconds: undefined }),
  ],
];

describe("what --json prints", () => {
  it.each(RESULTS)("of %s, with %s, is as its schema has it", async (verb, _what, raw, flow) => {
    const world = new World(raw);
    world.failureRate.green = 0.001;
    world.clock.advance(8 * 60_000);
    const result: unknown = JSON.parse(resultJson(await flow(world.context()), verb));
    expect(result).toMatchObject({ schema: schemaName(verb) });
    expect(againstSchema(result)).toEqual([]);
  });

  it("is refused by the schema where a field is gone, or has another type", async () => {
    const seen = await status(new World(sharing(10)).context());
    const { sentence: _, ...without } = seen;
    expect(againstSchema(JSON.parse(resultJson(without, "status")))).not.toEqual([]);
    expect(againstSchema(JSON.parse(resultJson({ ...seen, generation: "3" }, "status")))).not.toEqual([]);
  });

  it("has a schema for every verb that takes it", () => {
    const takers = createProgram(0).commands.filter(({ options }) =>
      options.some(({ long }) => long === "--json"),
    );
    const missing = takers
      .map((command) => command.name())
      .filter((name) => !existsSync(join(root, schemaFile(name))));
    expect(missing).toEqual([]);
  });
});

test.each([
  ["one command", "Deploy it once: `pulumi up`.", "pulumi up"],
  ["several", "`npx bluegreen test`, then `npx bluegreen rollout`.", undefined],
  ["one that wants something filled in", "All: `npx bluegreen logs <slot>`.", undefined],
  ["one that something comes before", "Fix each key as the message says, then: `pulumi up`.", undefined],
  ["one that is a choice", "Wait, or give it up knowingly: `npx bluegreen retire`.", undefined],
  ["words", "Ask who owns the stack.", undefined],
])("a fix of %s has its command as a field, or none", (_what, fix, command) => {
  expect(fixCommandIn(fix)).toBe(command);
});

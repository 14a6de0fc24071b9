import { describe, expect, test } from "vitest";
import { copyOf } from "../../../contract/config/model-service.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import type { Checkout, Context } from "../../../validation/ports.ts";
import { rotate } from "../../../validation/deploy/rotate.ts";
import { candidateReady, oneModel, promoted, sharing, counts } from "../support/samples.ts";
import { groupArn, World } from "../support/world.ts";

const arn = (name: string) => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}`;
const OLD = { environment: { TOKEN: "old", LEVEL: "info" }, secrets: { KEY: arn("a") }, memory: 1024 };
const NEW = {
  environment: { TOKEN: "new", LEVEL: "debug", MORE: "1" },
  secrets: { KEY: arn("b"), OTHER: arn("c") },
  memory: 2048,
};

function copyOfService(service: object) {
  const parsed = parseConfig({ service: JSON.stringify(service) });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return copyOf(parsed.config.service);
}

/** Both slots run with copies of OLD; the template is another one since. Green is active, blue its standby. */
function stack(service: object = NEW, raw: ReturnType<typeof candidateReady> = promoted()) {
  const copy = copyOfService(OLD);
  return new World({
    ...raw,
    blue: { ...raw.blue, service: copy },
    green: { ...raw.green, service: copy },
    service,
  });
}

/** The stack file says what is deployed, with TOKEN encrypted, and Pulumi knows of a secret in `service`. */
function contextOf(world: World, checkout: Partial<Checkout> = {}): Context {
  const context = world.context();
  const deployed: Context["store"]["deployed"] = async () => {
    const found = await context.store.deployed();
    return found && { ...found, secretKeys: ["service"] };
  };
  const file: Checkout = {
    outOfStep: [],
    values: world.raw,
    secretPaths: ["service.environment.TOKEN"],
    ...checkout,
  };
  return { ...context, store: { ...context.store, deployed, checkout: async () => file } };
}

describe("rotate", () => {
  test("renews the standby first, then the slot with users, and of each what is a secret and has another value", async () => {
    const world = stack();
    const outcome = await rotate(contextOf(world), { slot: undefined });
    expect(outcome).toMatchObject({
      exitCode: 0,
      sentence:
        "blue has 2 new tasks, with blue.service.secrets.KEY, blue.service.environment.TOKEN as service has it; " +
        "green has 2 new tasks, with green.service.secrets.KEY, green.service.environment.TOKEN as service has it",
    });
    expect(world.log).toEqual([
      "everything: bluegreen: rotates blue: new tasks with another blue.service.secrets.KEY, blue.service.environment.TOKEN",
      "everything: bluegreen: rotates green: new tasks with another green.service.secrets.KEY, green.service.environment.TOKEN",
    ]);
    for (const slot of ["blue", "green"] as const) {
      expect(world.config.slots[slot]).toMatchObject({
        rotated: expect.any(String),
        service: {
          environment: { TOKEN: "new", LEVEL: "info" },
          secrets: { KEY: arn("b") },
          memory: 1024,
        },
      });
    }
    expect(world.config.release).toMatchObject({ state: "promoted" });
    expect(JSON.stringify([outcome, world.events])).not.toMatch(/"new"|:secret:/);
  });

  test("starts tasks anew when only what the secret's ARN holds is another, and again when it is run again", async () => {
    const world = stack(OLD);
    const { sentence } = await rotate(contextOf(world), { slot: "green" });
    expect(sentence).toBe(
      "green has 2 new tasks, with what its secrets hold now; no name or value of them was changed in service",
    );
    const { rotated } = world.config.slots.green;
    world.clock.advance(60_000);
    await rotate(contextOf(world), { slot: "green" });
    expect(world.config.slots.green.rotated).not.toBe(rotated);
    expect(world.config.slots.green.service).toEqual(stack(OLD).config.slots.green.service);
    expect(world.config.slots.blue.rotated).toBeUndefined();
  });

  test("leaves alone what the model was given for itself, and what nothing in the stack file calls a secret", async () => {
    const world = stack();
    world.apply({
      change: {
        green: {
          ...Object(JSON.parse(world.raw["green"] ?? "")),
          overrides: { environment: { TOKEN: "own" } },
        },
      },
      scope: "everything",
      refresh: false,
      message: "manually",
    });
    const { rotated } = await rotate(contextOf(world), { slot: "green" });
    expect(rotated).toMatchObject([{ renewed: ["green.service.secrets.KEY"] }]);
    const open = stack();
    await rotate(contextOf(open, { secretPaths: [] }), { slot: "green" });
    expect(open.config.slots.green.service.environment).toEqual(OLD.environment);
  });

  test("does not touch the slot with users before the standby is healthy, nor when ECS gives its tasks up", async () => {
    const world = stack();
    world.rollout.blue = { state: "FAILED" };
    await expect(rotate(contextOf(world), { slot: undefined })).rejects.toMatchObject({
      code: "BG275",
      message: expect.stringContaining("blue: "),
    });
    expect(world.updates).toBe(1);
    expect(world.config.slots.green.rotated).toBeUndefined();
    // Fixed, and run again.
    world.rollout.blue = { state: "COMPLETED" };
    await rotate(contextOf(world), { slot: undefined });
    expect(world.config.slots.green).toMatchObject({ service: { environment: { TOKEN: "new" } } });
  });

  test("is refused while the other slot could not take everyone, before anything is written", async () => {
    const alone = new World(oneModel());
    const unhealthy = stack();
    unhealthy.health.blue = counts(0, { unhealthy: 2 });
    const idle = stack(NEW, { ...promoted(), blue: { ...promoted().blue, minTasks: 0 } });
    for (const [world, slot, why] of [
      [alone, undefined, "blue has all users, and green is empty"],
      [idle, undefined, "green has all users, and blue is scaled to zero"],
      [unhealthy, "green", "green has all users, and blue has no healthy target"],
    ] as const) {
      await expect(rotate(contextOf(world), { slot })).rejects.toMatchObject({
        code: "BG273",
        message: expect.stringContaining(why),
      });
      expect(world.updates).toBe(0);
    }
    await expect(rotate(contextOf(alone), { slot: "green" })).rejects.toMatchObject({ code: "BG272" });
  });

  test("is refused while a release moves users, and while they are on both slots", async () => {
    const release = stack(NEW, sharing(10));
    await expect(rotate(contextOf(release), { slot: undefined })).rejects.toMatchObject({
      code: "BG270",
      fix: expect.stringContaining("npx bluegreen revert"),
    });
    const manual = stack();
    manual.setLive(50);
    await expect(rotate(contextOf(manual), { slot: "blue" })).rejects.toMatchObject({ code: "BG271" });
    expect([release.updates, manual.updates]).toEqual([0, 0]);
  });

  test("is refused while an edit of the stack file is not deployed that it would have to bring along", async () => {
    const world = stack(OLD);
    const values = { ...world.raw, service: JSON.stringify(NEW) };
    await expect(rotate(contextOf(world, { values }), { slot: undefined })).rejects.toMatchObject({
      code: "BG274",
      message: expect.stringContaining("Not deployed: service.secrets.KEY, service.environment.TOKEN."),
    });
    const broken = { ...world.raw, service: "none" };
    await expect(rotate(contextOf(world, { values: broken }), { slot: undefined })).rejects.toMatchObject({
      code: "BG274",
    });
    // What a running model does not get anyway may wait for the next one.
    const later = { ...world.raw, service: JSON.stringify({ ...OLD, memory: 4096 }) };
    await rotate(contextOf(world, { values: later }), { slot: undefined });
    expect(world.updates).toBe(2);
  });

  test("says that the tests of a candidate are of its former tasks", async () => {
    const world = stack(NEW, candidateReady());
    const { sentence } = await rotate(contextOf(world), { slot: undefined });
    expect(sentence).toMatch(
      /^green has 2 new tasks.*; blue has 2 new tasks.*; the pre-traffic tests of green are of its former tasks: npx bluegreen test$/,
    );
  });

  test("asks for the health of the other slot once more between the two", async () => {
    const world = stack();
    const context = contextOf(world);
    const targets: Context["health"]["targets"] = async (group) =>
      // Healthy until the update is seen through, and gone right after.
      group === groupArn("blue") && world.updates > 0 && world.events.some(({ kind }) => kind === "preparing")
        ? counts(0)
        : counts(2);
    await expect(
      rotate({ ...context, health: { ...context.health, targets } }, { slot: undefined }),
    ).rejects.toMatchObject({ code: "BG273" });
    expect(world.updates).toBe(1);
  });
});

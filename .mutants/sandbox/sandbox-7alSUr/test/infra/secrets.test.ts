import { describe, expect, test, vi } from "vitest";
import { BY_VERB } from "../../contract/transition/writer.ts";
import { isRecord } from "../../contract/config/field.ts";
import { find, runProgram, type ProgramRun } from "../support/pulumi-mocks.ts";
import { IMAGE, ONE_SLOT, OTHER_IMAGE, TOKEN, TYPE } from "./configs.ts";

const KEY = "correct horse battery staple";
const GREEN = { image: OTHER_IMAGE, overrides: { environment: { API_KEY: KEY, LEVEL: "info" } } };
const run = (written: object, secretKeys: readonly string[], last?: unknown) =>
  runProgram({ ...written }, "dev", last, undefined, secretKeys);
const secretsOf = (done: ProgramRun, slot: string) =>
  find(done, `${TYPE.taskDefinition}::${slot}`).secretPaths;
/** Of everything that a run registers, the inputs that hold the text and are not secret. */
const openly = ({ resources }: ProgramRun) =>
  resources.filter(
    ({ inputs, secretPaths }) => JSON.stringify(inputs).includes(KEY) && secretPaths.length === 0,
  );

describe("A secret in a slot's environment", () => {
  test("is a secret of its task definition, with the slot's other variables, and nothing of the other slot is", async () => {
    const done = await run({ ...ONE_SLOT, green: GREEN }, ["green"]);
    expect(secretsOf(done, "green")).toEqual([
      "container.environment[0].value",
      "container.environment[1].value",
    ]);
    expect(secretsOf(done, "blue")).toEqual([]);
    expect(openly(done)).toEqual([]);
  });

  test("that is in `service` is one of both slots", async () => {
    const service = { environment: { API_KEY: KEY } };
    const done = await run({ ...ONE_SLOT, green: { image: OTHER_IMAGE }, service }, ["service"]);
    for (const slot of ["blue", "green"])
      expect(secretsOf(done, slot)).toEqual(["container.environment[0].value"]);
  });

  test("is nowhere in the outputs, and its digest only in a secret one, so that `slots` stays readable", async () => {
    const registered = await run({ ...ONE_SLOT, green: GREEN }, ["green"]);
    const outputs = isRecord(registered.outputs) ? registered.outputs : {};
    expect(JSON.stringify(outputs)).not.toContain(KEY);
    const slots = isRecord(outputs["slots"]) ? outputs["slots"] : {};
    expect(JSON.stringify(slots["green"])).not.toContain("environment");
    expect(outputs["variables"]).toMatchObject({
      green: { "green.overrides.environment.API_KEY": expect.stringMatching(/^[0-9a-f]{12}$/) },
    });
  });

  test("a refused change of it names its key, and no value", async () => {
    const before = {
      ...ONE_SLOT,
      blue: { image: IMAGE, overrides: { environment: { API_KEY: KEY, A: "a" } } },
    };
    const { outputs } = await run(before, ["blue"]);
    const after = { blue: { image: IMAGE, overrides: { environment: { API_KEY: "another", A: "a" } } } };
    await expect(run(after, ["blue"], outputs)).rejects.toThrow(
      /^(?!.*(another|correct horse))(?!.*service\.environment)(?=.*blue\.overrides\.environment\.API_KEY is changed)(?!.*\.A is)/s,
    );
  });
});

describe("A secret anywhere else", () => {
  test.each([
    ["an image", ONE_SLOT, "blue", "--path blue.<field>"],
    ["a part of `service`", { service: { healthPath: "/x" } }, "service", "--path service.<field>"],
    ["a part of the network", { network: { cidr: "10.1.0.0/16" } }, "network", "network <value>"],
    ["a share", { greenWeight: 0 }, "greenWeight", "greenWeight <value>"],
  ])("(%s) is refused, because it would stand in clear in the state", async (_title, written, key, fix) => {
    await expect(run(written, [key])).rejects.toThrow(
      `${key} is a secret; allowed: no secret but in an \`environment\`, in testToken and in notifyUrl`,
    );
    await expect(run(written, [key])).rejects.toThrow(`pulumi config set --plaintext ${fix}`);
  });

  test("passes where no resource has it: the test token, the webhook, and what the tools alone read", async () => {
    const written = {
      ...ONE_SLOT,
      testToken: TOKEN,
      notifyUrl: "https://hooks.example/T0/B0",
      rollout: { customGates: [] },
      service: { testCidrs: ["192.0.2.1/32"] },
    };
    const { resources } = await run(written, ["testToken", "notifyUrl", "rollout"]);
    expect(resources.length).toBeGreaterThan(0);
  });

  test("stands in the way of no revert: a write of the tools that touches routing alone", async () => {
    const green = { image: OTHER_IMAGE };
    const before = { ...ONE_SLOT, green, greenWeight: 10, generation: 4 };
    const { outputs } = await run(before, []);
    vi.stubEnv(BY_VERB, "1");
    const back = { ...ONE_SLOT, green, greenWeight: 0, generation: 5 };
    expect((await run(back, ["blue"], outputs)).outputs).toMatchObject({ generation: 5 });
  });
});

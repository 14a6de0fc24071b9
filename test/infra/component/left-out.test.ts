import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { isRecord } from "../../../contract/config/field.ts";
import { writerVariables } from "../../../contract/transition/writer.ts";
import { HOME } from "../../support/pulumi-mock-calls.ts";
import { NEVER_DEPLOYED, runProgram, type WrittenConfig } from "../../support/pulumi-mocks.ts";
import { ONE_SLOT, TOKEN, TWO_SLOTS, TYPE } from "../configs.ts";

const LOCAL = { localCloud: "http://127.0.0.1:4566", testToken: TOKEN };
const ofModel = (model: string, config: WrittenConfig): WrittenConfig =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [`${model}:${key}`, value]));
const FRAUD = ofModel("fraud", { ...TWO_SLOTS, ...LOCAL });
const BRAND = ofModel("brand", { ...ONE_SLOT, ...LOCAL });

/** A program that exports, of each of these models, the outputs and where it answers, as `init` writes it. */
const programOf =
  (...models: readonly string[]) =>
  async () => {
    const { BlueGreenService } = await import("../../../infra/component/blue-green-service.ts");
    const made = models.map((name) => [name, new BlueGreenService(name)] as const);
    return Object.fromEntries(
      made.flatMap(([name, model]) => [
        [name, model.outputs],
        [`${name}Url`, model.url],
      ]),
    );
  };
const LIVE = { blue: 100, green: 0 };
const run = (config: WrittenConfig, last: unknown, ...models: readonly string[]) =>
  runProgram(config, "dev", last, LIVE, [], HOME, programOf(...models));

let warned: string[] = [];
beforeEach(() => {
  warned = [];
  vi.spyOn(pulumi.log, "warn").mockImplementation(async (text) => void warned.push(text));
});
/** From now on an update is of a verb that moves users of this model, and can touch nothing else. */
function movesUsersOf(model: string): void {
  for (const [name, value] of Object.entries(writerVariables(model, 0, true))) vi.stubEnv(name, value);
}

describe("an update that moves users of one model alone", () => {
  test("makes nothing of a model that was never deployed: Pulumi's CLI would have its load balancer made of what is not known", async () => {
    const { outputs: last } = await run(FRAUD, NEVER_DEPLOYED, "fraud");
    movesUsersOf("fraud");
    const { resources, outputs } = await run({ ...FRAUD, ...BRAND }, last, "fraud", "brand");
    const ofBrand = resources.filter(({ name, type }) => name.startsWith("brand") && type !== COMPONENT);
    expect(ofBrand).toEqual([]);
    expect(resources.map(({ name }) => name)).toContain("fraud-route");
    expect(outputs).toMatchObject({ fraud: { model: "fraud" }, fraudUrl: expect.any(String) });
    expect(isRecord(outputs) && outputs["brand"]).toBeUndefined();
    expect(isRecord(outputs) && outputs["brandUrl"]).toBeUndefined();
    const told = warned.filter((text) => text.startsWith("brand stays as it is deployed"));
    expect(told).toEqual([expect.stringContaining("no update has deployed it yet")]);
  });

  test("exports of a model that is refused what its last update did, and where it answers", async () => {
    const { outputs: last } = await run({ ...FRAUD, ...BRAND }, NEVER_DEPLOYED, "fraud", "brand");
    movesUsersOf("fraud");
    const refused = { ...FRAUD, ...BRAND, "brand:greenWeight": "150" };
    const { outputs } = await run(refused, last, "fraud", "brand");
    expect(isRecord(outputs) && isRecord(last) && outputs["brand"]).toEqual(isRecord(last) && last["brand"]);
    expect(outputs).toMatchObject({ brandUrl: isRecord(last) ? last["brandUrl"] : "" });
    expect(warned.join()).toContain("greenWeight");
  });

  test("makes all of a model that was never deployed when it can touch it", async () => {
    const { outputs: last } = await run(FRAUD, NEVER_DEPLOYED, "fraud");
    const { resources } = await run({ ...FRAUD, ...BRAND }, last, "fraud", "brand");
    expect(resources).toContainEqual(expect.objectContaining({ name: "brand-route", type: TYPE.rule }));
  });
});

const COMPONENT = "bluegreen:index:BlueGreenService";

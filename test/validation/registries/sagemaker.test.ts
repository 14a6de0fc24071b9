import { describe, expect, it } from "vitest";
import { registrar } from "../../../cli/registries.ts";
import { deploy } from "../../../validation/deploy/deploy.ts";
import { ALL_REGISTRIES } from "../../../validation/registries/all.ts";
import type { RegistryTools } from "../../../validation/registries/define.ts";
import { syncRegistries } from "../../../validation/registries/sync.ts";
import { PROJECT } from "../../support/project.ts";
import { counts, DIGEST, promoted } from "../support/samples.ts";
import { STACK, World } from "../support/world.ts";

const WHOSE = `${PROJECT}/${STACK}`;
const nobody = async () => Promise.reject(new Error("SageMaker alone is asked"));

/** Groups of SageMaker's Model Registry in memory: properties by `<group>/<version>`, oldest first. */
class SimulatedGroups {
  readonly properties = new Map<string, Record<string, string>>();
  /** Groups that cannot be listed. */
  readonly closed = new Set<string>();
  asked = 0;

  tools(): RegistryTools {
    return {
      readFile: nobody,
      variable: () => undefined,
      ask: nobody,
      packages: {
        list: async (group) => {
          this.asked += 1;
          if (this.closed.has(group)) throw new Error("AccessDenied");
          const own = [...this.properties.keys()].filter((arn) => arn.startsWith(`${group}/`));
          return own.toReversed().map((arn) => ({ arn, version: arn.split("/")[1] ?? "" }));
        },
        describe: async (arn) => ({
          arn,
          status: "Completed",
          approval: "Approved",
          containers: [],
          properties: this.properties.get(arn) ?? {},
          commit: undefined,
        }),
        update: async (arn, properties, remove) => {
          const kept = Object.entries(properties).filter(([key]) => !remove.includes(key));
          this.properties.set(arn, Object.fromEntries(kept));
        },
      },
    };
  }
}

/** Versions of the group `old` on both slots, and told so. */
async function world(groups: SimulatedGroups, blue = "old/1", green = "old/2"): Promise<World> {
  const raw = promoted();
  for (const arn of [blue, green, "new/1", "new/2"])
    if (!groups.properties.has(arn)) groups.properties.set(arn, { owner: "ann" });
  const one = new World({
    ...raw,
    blue: { ...raw.blue, registry: `sagemaker:${blue}` },
    green: { ...raw.green, registry: `sagemaker:${green}` },
  });
  one.health = { blue: counts(2), green: counts(2) };
  await write(one, groups);
  return one;
}

const write = (one: World, groups: SimulatedGroups) =>
  syncRegistries(one.context(), ALL_REGISTRIES, groups.tools());

/** A deploy, and what it tells at its end. */
async function deployed(one: World, groups: SimulatedGroups, version: string, registry?: string) {
  const options = { minTasks: undefined, maxTasks: undefined, overrides: {} };
  const told = registrar(
    one.context(),
    async () => ALL_REGISTRIES,
    () => groups.tools(),
    60_000,
  );
  const image = DIGEST(version);
  await deploy(
    { ...one.context(), store: told.store },
    { ...options, image, modelVersion: version, registry },
  );
  return told;
}

describe("what SageMaker's versions say of a stack that has left their group", () => {
  it("goes when another model takes the slot, also where no slot has a model of the group any more", async () => {
    const groups = new SimulatedGroups();
    const one = await world(groups, "old/1", "new/1");
    expect(groups.properties.get("old/1")).toMatchObject({ "deploy.stack": WHOSE, "deploy.role": "standby" });
    await (await deployed(one, groups, "c", "sagemaker:new/2")).conclude();
    expect(groups.properties.get("old/1")).toEqual({ owner: "ann" });
    expect(groups.properties.get("new/2")).toMatchObject({ "deploy.role": "candidate" });
  });

  it("is found by the update history when the verb that left it died before it told anybody", async () => {
    const groups = new SimulatedGroups();
    const one = await world(groups);
    // 25 newer ones: nobody would look at the version that the stack has had.
    for (let version = 3; version < 28; version++) groups.properties.set(`old/${version}`, {});
    await deployed(one, groups, "c", "sagemaker:old/3");
    await deployed(one, groups, "d");
    expect(groups.properties.get("old/1")).toMatchObject({ "deploy.stack": WHOSE });
    one.history.push({
      succeeded: true,
      message: "bluegreen: 1 onto blue",
      release: undefined,
      modelVersion: "1",
      registries: ["sagemaker:old/1", "sagemaker:older/1"],
    });
    groups.closed.add("older");
    const [written] = await write(one, groups);
    expect(groups.properties.get("old/1")).toEqual({ owner: "ann" });
    expect(written?.changes).toContain(
      "sagemaker:older: nobody could look at what it says of this stack (AccessDenied)",
    );
  });

  it("is an error while a slot has a model of the group, and it cannot be listed", async () => {
    const groups = new SimulatedGroups();
    const one = await world(groups);
    groups.closed.add("old");
    await expect(write(one, groups)).rejects.toMatchObject({ code: "BG332" });
  });
});

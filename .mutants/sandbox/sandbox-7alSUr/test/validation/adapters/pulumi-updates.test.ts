import { describe, expect, test } from "vitest";
import { PROJECT } from "../../support/project.ts";
import { pulumiStack } from "../../../validation/adapters/pulumi/stack.ts";
import { FakePulumi, type HistoryValue } from "../support/fake-pulumi.ts";

const release = (state: string): HistoryValue => ({
  value: JSON.stringify({ id: "v2-g1", slot: "green", state, stepSince: "2026-01-01T00:00:00.000Z" }),
});
const green = { value: JSON.stringify({ image: "digits:2", modelVersion: "2" }) };
const store = (fake: FakePulumi) =>
  pulumiStack({
    project: PROJECT,
    stack: "dev",
    directory: import.meta.dirname,
    scratchDirectory: import.meta.dirname,
    aloneAs: "dev",
    pulumiCommand: async () => fake.command(),
  });

describe("the update history of a stack", () => {
  test("is read newest first, page by page, without its secrets", async () => {
    const fake = new FakePulumi();
    for (let at = 0; at < 250; at += 1) {
      fake.succeeded({ [`${PROJECT}:release`]: release("running") }, { message: `update ${at}` });
    }
    const updates = await store(fake).updates(210);
    expect(updates.map(({ message }) => message)).toEqual(
      Array.from({ length: 210 }, (_, at) => `update ${249 - at}`),
    );
    const asked = fake.commands.filter(([group, verb]) => group === "stack" && verb === "history");
    expect(asked).toHaveLength(3);
    expect(asked.flat()).not.toContain("--show-secrets");
  });

  test("speaks of the release and its model, also where a secret is hidden and a key is refused", async () => {
    const fake = new FakePulumi();
    const hidden = { secret: true } as unknown as HistoryValue;
    const config = { [`${PROJECT}:release`]: release("promoted"), [`${PROJECT}:green`]: green };
    fake.succeeded({ ...config, [`${PROJECT}:testToken`]: hidden, [`${PROJECT}:gone`]: { value: "1" } });
    expect(await store(fake).updates(10)).toMatchObject([
      { succeeded: true, message: "", modelVersion: "2", release: { id: "v2-g1", state: "promoted" } },
    ]);
  });

  test("tells updates that failed, and those before the first release", async () => {
    const fake = new FakePulumi();
    fake.succeeded({});
    fake.succeeded({ [`${PROJECT}:release`]: release("running") }, { result: "failed" });
    expect(await store(fake).updates(10)).toMatchObject([
      { succeeded: false },
      { succeeded: true, release: undefined, modelVersion: undefined },
    ]);
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { parseConfig } from "../../../contract/config/parse.ts";
import { releasedModel, releaseFields, type Release } from "../../../contract/release/release.ts";
import { deployChange } from "../../../validation/core/changes/changes.ts";

const parsed = parseConfig({});
if (!parsed.ok) throw new Error("the defaults do not parse");
const { config } = parsed;
const released = (modelVersion: string, image = "digits:1"): Release => {
  const candidate = { image, modelVersion, minTasks: 1, maxTasks: 4, overrides: {}, service: {} };
  // `deployChange` gives a whole release.
  return deployChange(config, "green", candidate, 0, "me")["release"] as Release;
};

test("versions that only differ in what an id cannot say have different ids", () => {
  const ids = ["1.0", "1-0", "1_0", "V1", "v1", "1.0-", "a".repeat(64), `${"a".repeat(63)}b`].map(
    (version) => released(version).id,
  );
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[1]).toBe("v1-0-g1");
});

test("an id is whole, whatever the version: it has the generation, and is none of another version", () => {
  const versions = fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/);
  fc.assert(
    fc.property(versions, versions, (one, other) => {
      const { id } = released(one);
      expect(releaseFields.id.read(id)).toEqual({ value: id });
      expect(id).toMatch(/-g1$/);
      expect(id === released(other).id).toBe(one === other);
    }),
  );
});

test("version, image and digest are told apart; an image by tag has no digest and stands for itself", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const image = `registry.example:5000/team/model:v1@${digest}`;
  expect(releasedModel(released("1.0", image))).toEqual({ modelVersion: "1.0", image, digest });
  expect(releasedModel(released("1.0"))).toEqual({
    modelVersion: "1.0",
    image: "digits:1",
    digest: undefined,
  });
});

test("a release of version 0.1 is read, without a model version", () => {
  const old = { id: "v1-g1", slot: "green", digest: "digits:1", state: "promoted" };
  const read = parseConfig({ release: JSON.stringify(old) });
  const release = read.ok ? read.config.release : undefined;
  expect(release && releasedModel(release)).toEqual({
    modelVersion: undefined,
    image: "digits:1",
    digest: undefined,
  });
});

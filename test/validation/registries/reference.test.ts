import { expect, test } from "vitest";
import { imageReference } from "../../../validation/registries/oci/reference.ts";

test.each(["registry.example/a/../c:1", "fraud:..", "e:./", "c.0/f", "registry.example/a/./b"])(
  "%s is no image: its registry would be asked for another path, or nobody",
  (text) => {
    expect(imageReference(text)).toBeUndefined();
  },
);

test("names with dots, hyphens and ports are images", () => {
  for (const text of ["registry.example:5000/ml-team/fraud.v2_1:7", "localhost:5000/x", "ghcr.io/a/b__c"])
    expect(imageReference(text)).toBeDefined();
});

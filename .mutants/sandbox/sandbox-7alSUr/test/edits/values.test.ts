import { expect, it } from "vitest";
import { randomOf } from "../two-hosts/operations.ts";
import { drawValue, EDITED_KEYS } from "./values.ts";

const named = EDITED_KEYS.map((key) => [`${key.section}.${key.name}`, key] as const);

it.each(named)("a random edit of %s is a value that it allows, and not always the same", (_name, key) => {
  const random = randomOf(1);
  const drawn = Array.from({ length: 100 }, () => drawValue(key, random));
  const given = drawn.filter((value) => value !== undefined);
  expect(given.filter((value) => key.field.read(value) === undefined)).toEqual([]);
  expect(new Set(drawn.map((value) => JSON.stringify(value))).size).toBeGreaterThan(1);
});

import { expect, test } from "vitest";
import { asTypedOnLaptop } from "../../contract/laptop.ts";
import { ERRORS } from "../../validation/errors.ts";

test.each([
  ["pulumi up", "npx bluegreen pulumi up"],
  ["Deploy it once: `pulumi up`.", "Deploy it once: `npx bluegreen pulumi up`."],
  [
    "Mend it: pulumi config set greenWeight 0 && pulumi up",
    "Mend it: npx bluegreen pulumi config set greenWeight 0 && npx bluegreen pulumi up",
  ],
])("%s is typed as %s on the local stack", (text, typed) => {
  expect(asTypedOnLaptop(text)).toBe(typed);
  expect(asTypedOnLaptop(typed)).toBe(typed);
});

test.each([
  "pulumi:pulumi:Stack fraud-model-local",
  "There is no `pulumi` command",
  "Install the Pulumi CLI",
  "npx bluegreen pulumi up",
])("%s stays as it is", (text) => {
  expect(asTypedOnLaptop(text)).toBe(text);
});

test("no error sends the person on a laptop to a command that is not there", () => {
  for (const { mend } of Object.values(ERRORS)) {
    expect(asTypedOnLaptop(mend)).not.toMatch(/(?<!npx bluegreen )\bpulumi [a-z]/);
  }
});

import { expect, test } from "vitest";
import { asTypedOnLaptop, ofModel, onStack } from "../../contract/names/local-cloud.ts";
import { ERRORS } from "../../validation/errors.ts";

test.each([
  ["pulumi up", "npx bluegreen pulumi up"],
  ["Deploy it once: `pulumi up`.", "Deploy it once: `npx bluegreen pulumi up`."],
  [
    "Fix it: pulumi config set greenWeight 0 && pulumi up",
    "Fix it: npx bluegreen pulumi config set greenWeight 0 && npx bluegreen pulumi up",
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

test.each([
  ["npx bluegreen revert", "npx bluegreen revert --stack local:prod"],
  [
    "See: npx bluegreen status. All traffic back: `npx bluegreen revert --to blue`.",
    "See: npx bluegreen status --stack local:prod. All traffic back: `npx bluegreen revert --stack local:prod --to blue`.",
  ],
  [
    "npx bluegreen pulumi config set --path green.minTasks 2 && npx bluegreen pulumi up",
    "npx bluegreen pulumi config set --stack prod --path green.minTasks 2 && npx bluegreen pulumi up --stack prod",
  ],
  [
    "pulumi config set greenWeight 0 && pulumi up --refresh",
    "pulumi config set --stack prod greenWeight 0 && pulumi up --stack prod --refresh",
  ],
  ["npx bluegreen local env", "npx bluegreen local env"],
  ["npx bluegreen pulumi stack select prod", "npx bluegreen pulumi stack select prod"],
  ["npx bluegreen <verb>", "npx bluegreen <verb>"],
  ["error: update failed (pulumi upstream)", "error: update failed (pulumi upstream)"],
])("%s names a stack that has to be named", (text, typed) => {
  const stack = { verbs: "local:prod", pulumi: "prod" };
  expect(onStack(text, stack)).toBe(typed);
  expect(onStack(typed, stack)).toBe(typed);
});

test("no error sends the person locally to a command that is not there", () => {
  for (const { fix } of Object.values(ERRORS)) {
    expect(asTypedOnLaptop(fix)).not.toMatch(/(?<!npx bluegreen )\bpulumi [a-z]/);
  }
});

test.each([
  ["npx bluegreen step", "npx bluegreen step --model fraud"],
  ["pulumi config set greenWeight 0 && pulumi up", "pulumi config set fraud:greenWeight 0 && pulumi up"],
  [
    "npx bluegreen pulumi config set --path 'rollout.alarms[0]' x",
    "npx bluegreen pulumi config set --path 'fraud:rollout.alarms[0]' x",
  ],
  [
    "pulumi config set-all --plaintext activeSlot=blue --plaintext greenWeight=0",
    "pulumi config set-all --plaintext fraud:activeSlot=blue --plaintext fraud:greenWeight=0",
  ],
  ["pulumi config set aws:region us-east-1", "pulumi config set aws:region us-east-1"],
  ["npx bluegreen local env", "npx bluegreen local env"],
])("%s is typed as %s for a model that is not called as its project", (text, typed) => {
  expect(ofModel(text, "fraud")).toBe(typed);
  expect(ofModel(typed, "fraud")).toBe(typed);
});

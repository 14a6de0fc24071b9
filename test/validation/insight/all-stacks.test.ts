import { expect, it } from "vitest";
import { showAllStacks } from "../../../cli/view/all-stacks.ts";
import { allStacks, type KnownStack } from "../../../validation/insight/all-stacks.ts";
import { sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const known = (stack: string, deployed: KnownStack["deployed"]): KnownStack => ({
  stack,
  where: "aws",
  deployed,
});

it("says a line for each stack, and in its line why one cannot be read", async () => {
  const world = new World(sharing(10));
  const outcome = await allStacks([
    known("fraud", async () => world.deployed()),
    known("new", async () => undefined),
    known("prod", async () => Promise.reject(new Error("no credentials\nand a long explanation"))),
  ]);
  // Who asks whether all is well has not been told.
  expect(outcome).toMatchObject({ exitCode: 70, sentence: "3 stacks, 1 could not be read" });
  const [fraud, fresh, prod, last] = showAllStacks(outcome).split("\n");
  expect(fraud).toMatch(/^aws:fraud  \S+ +blue 90 % · green 10 %; active slot blue; release \S+ is running/);
  expect(fresh).toMatch(/^aws:new    - +nothing is deployed$/);
  expect(prod).toMatch(/^aws:prod   - +! cannot be read: no credentials$/);
  expect(last).toBe(outcome.sentence);
});

it("is done where there are none", async () => {
  expect(await allStacks([])).toEqual({ exitCode: 0, sentence: "0 stacks", stacks: [] });
});

it("is no success where Pulumi did not say which stacks there are", async () => {
  const world = new World(sharing(10));
  const outcome = await allStacks([known("fraud", async () => world.deployed())], "pulumi cannot list them");
  expect(outcome).toMatchObject({
    exitCode: 70,
    sentence: "1 stack; there may be others: pulumi cannot list them",
  });
});

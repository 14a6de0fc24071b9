/** Reads a stack as `status` does, and says which files of the Automation API were loaded for it. */
import { createRequire } from "node:module";
import { pulumiStack } from "../../../validation/adapters/pulumi/stack.ts";
import { PROJECT } from "../../support/project.ts";
import { FakePulumi } from "./fake-pulumi.ts";

const fake = new FakePulumi();
fake.succeeded({});
const store = pulumiStack({
  project: PROJECT,
  stack: "dev",
  directory: import.meta.dirname,
  scratchDirectory: import.meta.dirname,
  aloneAs: "dev",
  pulumiCommand: async () => fake.command(),
});
const deployed = await store.deployed();
if (deployed === undefined) throw new Error("nothing was read");
await store.checkout(deployed);
await store.updates(10);
const loaded = Object.keys(createRequire(import.meta.url).cache);
console.log(JSON.stringify(loaded.filter((path) => path.includes("/automation/"))));

import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiStack } from "../../../validation/adapters/pulumi/stack.ts";
import type { StackStore, Update } from "../../../validation/ports.ts";
import { PROJECT } from "../../support/project.ts";
import { FakePulumi } from "./fake-pulumi.ts";

/** An object as Pulumi's history has it. */
export const asObject = (value: object) => ({ value: JSON.stringify(value), objectValue: value });

/** A first share, made up from generation 3. */
export const SHARE: Update = {
  change: { greenWeight: 10, generation: 4 },
  scope: "route",
  refresh: false,
  message: "bluegreen: release r starts at 10 %",
};

/** The stack `dev` in a checkout of its own, whose Pulumi is a fake. Whoever opens it removes the directory. */
export async function stackOnDisk(): Promise<{
  readonly directory: string;
  readonly pulumi: FakePulumi;
  readonly store: StackStore;
}> {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-test-"));
  await writeFile(join(directory, "Pulumi.yaml"), `name: ${PROJECT}\nruntime: nodejs\n`);
  const pulumi = new FakePulumi();
  const store = pulumiStack({
    project: PROJECT,
    stack: "dev",
    directory,
    scratchDirectory: join(directory, "tmp"),
    aloneAs: directory,
    pulumiCommand: async () => pulumi.command(),
  });
  return { directory, pulumi, store };
}

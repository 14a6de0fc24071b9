import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createEngine, type CommandResult, type Engine } from "../../engine.ts";
import type { ComponentProvider } from "../../values/provider.ts";
import { fakeCloud, NO_COMPONENTS, type FakeCloud } from "./fake-provider.ts";

const COMPILE_CACHE = join(import.meta.dirname, "../../../../node_modules/.cache/engine-test");

export interface Workbench {
  engine: Engine;
  cloud: FakeCloud;
  /** For files of the test; gone after `dispose`. */
  directory: string;
  /** Runs a command line in the project's folder; a word with spaces is an array element of its own. */
  pulumi(line: string, ...words: string[]): Promise<CommandResult>;
  dispose(): Promise<void>;
}

/** An engine with a fake cloud and a state directory of its own, for the project in `project`. */
export async function workbench(
  project?: string,
  components: ComponentProvider = NO_COMPONENTS,
): Promise<Workbench> {
  const directory = await mkdtemp(join(tmpdir(), "engine-test-"));
  const cloud = fakeCloud();
  const engine = await createEngine({
    stateDirectory: join(directory, "state"),
    provider: cloud.provider,
    components,
    // Shared: a program that Node compiles anew starts in twice the time.
    compileCacheDirectory: COMPILE_CACHE,
  });
  return {
    engine,
    cloud,
    directory,
    pulumi: (line, ...words) =>
      engine.runPulumi([...line.split(" "), ...words], { cwd: project ?? directory }),
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
}

/** A workbench whose own folder is the project. */
export async function projectBench(pulumiYaml: string, stackYaml?: string): Promise<Workbench> {
  const bench = await workbench();
  await writeFile(join(bench.directory, "Pulumi.yaml"), pulumiYaml);
  if (stackYaml !== undefined) await writeFile(join(bench.directory, "Pulumi.dev.yaml"), stackYaml);
  return bench;
}

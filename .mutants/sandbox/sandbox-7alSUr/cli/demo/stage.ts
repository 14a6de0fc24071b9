import { deploy } from "../../validation/deploy/deploy.ts";
import { untilReady } from "../../validation/deploy/ready.ts";
import { requireDeployed } from "../../validation/stack/apply.ts";
import type { Context } from "../../validation/ports.ts";
import { localEngine } from "../local/engine.ts";
import type { Endpoint } from "../local/endpoint.ts";
import type { LocalPlace } from "../local/place.ts";

/** Configuration by path, as `pulumi config set --path` takes it. */
export type Policy = Readonly<Record<string, boolean | number | string | readonly number[]>>;

/** As the file of `npx bluegreen init` has it: the stack comes up with its first model, in one update. */
const FIRST_MODEL: Policy = { "blue.image": "digits:1", "blue.modelVersion": "1", "blue.minTasks": 1 };

/** The stack of infra/ with its first model on blue, which has all users. */
export async function stackWithFirstModel(
  place: LocalPlace,
  endpoint: Endpoint,
  context: Context,
  policy: Policy,
): Promise<void> {
  await pulumiUp(place, endpoint, { ...policy, ...FIRST_MODEL });
  await untilReady(context, await requireDeployed(context), "blue");
}

export async function deployModel(context: Context, image: string, modelVersion: string): Promise<void> {
  await deploy(context, { image, modelVersion, minTasks: undefined, maxTasks: undefined, overrides: {} });
}

async function pulumiUp(place: LocalPlace, endpoint: Endpoint, policy: Policy): Promise<void> {
  const engine = await localEngine(place, endpoint);
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await engine.runPulumi(args, { cwd: place.directory });
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed: ${stdout}${stderr}`);
  };
  for (const [path, value] of Object.entries(policy)) {
    const entries =
      typeof value === "object"
        ? value.map((one, index) => [`${path}[${index}]`, one] as const)
        : [[path, value] as const];
    for (const [entry, one] of entries) await run("config", "set", "--path", entry, "--", String(one));
  }
  await run("up", "--yes", "--skip-preview");
}

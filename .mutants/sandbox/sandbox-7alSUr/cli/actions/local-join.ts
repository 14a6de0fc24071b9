import { join } from "node:path";
import { LOCAL_STACK, writeLocalProject } from "../local/project.ts";
import { UserError } from "../../validation/errors.ts";
import { chooseEngine, keepChoice, nameOf } from "../local/engine-choice.ts";
import { localEngine } from "../local/engine.ts";
import { ownDirectory } from "../local/keys.ts";
import { joinEndpoint } from "../local/endpoint.ts";
import { runningCloud } from "../local/running-cloud.ts";
import type { LocalPlace } from "../local/place.ts";
import { ensureStack } from "../local/stack.ts";

/**
 * `npx bluegreen local --join <checkout>`: the verbs of this checkout work from now on on the local cloud that runs in
 * the other one, with a stack, a state and an engine of their own: two teams in one account. What is said when it is
 * done.
 */
export async function joinLocal(place: LocalPlace, other: string): Promise<string> {
  const own = await runningCloud(place);
  if (own !== undefined && own.joined === undefined) {
    throw new UserError("BG150", `It answers at ${own.url} (process ${own.pid}).`);
  }
  const found = await cloudOf(place, other);
  if (found === undefined) throw new UserError("BG211", `Looked into ${other}.`);
  const { directory, cloud } = found;
  await ownDirectory(place.directory, (line) => void process.stderr.write(`${line}\n`));
  const engine = await chooseEngine(place);
  await writeLocalProject({ ...place, url: cloud.url, region: cloud.region });
  await keepChoice(place, engine);
  await joinEndpoint(place, directory, engine);
  await ensureStack(await localEngine(place, { ...cloud, engine }), place, LOCAL_STACK);
  return [
    `This checkout works on the local cloud at ${cloud.url}, which runs in ${directory}.`,
    `Engine: ${nameOf(engine)}. State and stack file are this checkout's own: ${place.directory}`,
    "Images are those of the other checkout's images.local.json. When that cloud was started anew, join it again.",
    "  npx bluegreen pulumi up",
    "",
  ].join("\n");
}

/** A checkout, or the directory of the local cloud itself; not this one, and none that has joined another. */
async function cloudOf(place: LocalPlace, other: string) {
  for (const directory of [join(other, ".local"), other]) {
    if (directory === place.directory) continue;
    const cloud = await runningCloud({ ...place, directory });
    if (cloud !== undefined && cloud.joined === undefined) return { directory, cloud };
  }
  return undefined;
}

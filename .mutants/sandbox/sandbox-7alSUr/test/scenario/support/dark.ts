import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { localPlace } from "../../../cli/local/place.ts";
import { projectName } from "../../../validation/adapters/pulumi/project-name.ts";
import type { World } from "./world.ts";

const GARBAGE = "\u0000 not what an engine wrote";
const AWAY = "state.away";

/** Where the engine of a stack keeps its state in the directory of the local cloud, and files in there. */
const STATES = {
  embedded: {
    folder: "pulumi",
    files: ["secrets.key", "stacks/local.json", "history/local/1.json", "locks/local.json"],
  },
  cli: {
    folder: "backend",
    files: [".pulumi/meta.yaml", `.pulumi/stacks/${await projectName(localPlace().root)}/local.json`],
  },
};

type Cloud = Pick<World, "place" | "endpoint">;

const placeOf = ({ place, endpoint }: Cloud) => {
  const { folder, files } = STATES[endpoint.engine.kind];
  return { state: join(place.directory, folder), away: join(place.directory, AWAY), files };
};

/** Puts garbage in the place of everything that the engine keeps. */
export async function garbleState(cloud: Cloud): Promise<void> {
  const { state, away, files } = placeOf(cloud);
  await rename(state, away);
  for (const file of files) {
    await mkdir(join(state, file, ".."), { recursive: true });
    await writeFile(join(state, file), GARBAGE);
  }
}

/** The engine's files are back, as they were. */
export async function bringStateBack(cloud: Cloud): Promise<void> {
  const { state, away } = placeOf(cloud);
  await rm(state, { recursive: true, force: true });
  await rename(away, state);
}

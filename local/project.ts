import { join, relative } from "node:path";
import { parseDocument } from "yaml";
import { PROJECT } from "../contract/config.ts";
import { readIfThere, writeAtomically } from "./engine/files.ts";

/** Name of the stack that stands on the local cloud. */
export const LOCAL_STACK = "local";

export interface LocalProject {
  /** The directory whose Pulumi.yaml describes the stack on AWS. */
  readonly root: string;
  /** Where the local project stands. */
  readonly directory: string;
  /** Address of the local cloud. */
  readonly url: string;
  readonly region: string;
}

// A laptop's stack: no protection in the way of `destroy`, and steps that pass while one watches.
const FIRST_STACK_FILE = `# The stack on the local cloud; edit it as you would one on AWS. The address is kept up to date by
# \`npx bluegreen local\`, the keys of the release by the other verbs.
config:
  ${PROJECT}:service:
    cpu: 256
    memory: 512
    startupSeconds: 30
    drainSeconds: 10
  ${PROJECT}:rollout:
    bakeMinutes: 2
    minRequests: 100
    protect: false
`;

/**
 * Writes the Pulumi project of the local stack: the root's own Pulumi.yaml, generated anew at each start so that
 * there is no second hand-kept declaration, and the stack's file, in which only the address is ours to change.
 */
export async function writeLocalProject({ root, directory, url, region }: LocalProject): Promise<void> {
  const source = await readIfThere(join(root, "Pulumi.yaml"));
  if (source === undefined) throw new Error(`there is no Pulumi.yaml in ${root}`);
  const project = parseDocument(source);
  const main = project.get("main");
  if (typeof main !== "string") throw new Error("Pulumi.yaml has no main");
  project.set("main", relative(directory, join(root, main)));
  project.commentBefore =
    " Generated from the Pulumi.yaml above by `npx bluegreen local`; changes here are lost.";
  await writeAtomically(join(directory, "Pulumi.yaml"), project.toString());

  const stackFile = join(directory, `Pulumi.${LOCAL_STACK}.yaml`);
  const existing = await readIfThere(stackFile);
  const stack = parseDocument(existing ?? FIRST_STACK_FILE);
  stack.setIn(["config", "aws:region"], region);
  stack.setIn(["config", `${PROJECT}:localCloud`], url);
  const written = stack.toString();
  if (written !== existing) await writeAtomically(stackFile, written);
}

import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { isMap, parseDocument, type Document } from "yaml";
import { UserError } from "../../packages/pulumi-engine/errors.ts";
import { listIfThere, readIfThere, writeAtomically } from "../../packages/pulumi-engine/state/files.ts";
import { writePlugins } from "./plugins.ts";

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
  /** The absolute directory of a real awsx provider for the Pulumi CLI, in place of the one served here. */
  readonly awsxProvider?: string | undefined;
}

// a local stack: no protection in the way of `destroy`, and steps that pass while one watches. The keys are written
// as Pulumi itself writes them, so that nobody who adds one has it there twice.
const firstStackFile = (
  project: string,
  goldenSet: string | undefined,
) => `# The stack on the local cloud; edit it as you would one on AWS. The address is kept up to date by
# \`npx bluegreen local\`, the keys of the release by the other verbs.
config:
  ${project}:service:
    cpu: 256
    memory: 512
    startupSeconds: 30
    requestTimeoutSeconds: 10
    drainSeconds: 10
  ${project}:rollout:
    bakeMinutes: 2
    minRequests: 100
    targetMinutes: 15 # what steps have to prove is chosen for that; 180 on AWS
    metricLagSeconds: 0 # unless --publish-lag says otherwise, metrics are complete when their minute ends
    protect: false
${goldenSet === undefined ? "" : `  ${project}:suite:\n    goldenSet: ${goldenSet}\n`}`;

/** The golden set that `init` gives a new project. */
const GOLDEN = "golden.jsonl";

/** Where the Pulumi CLI keeps the state of the local project. */
export const backendDirectory = (directory: string) => join(directory, "backend");

/**
 * Writes the Pulumi project of the local stack: the root's own Pulumi.yaml, generated anew at each start so that
 * there is no second hand-kept declaration, and the stack's file, in which only the address is ours to change.
 * Throws UserError for a file that is not what it should be, and then leaves the stack's file as it is.
 */
export async function writeLocalProject({
  root,
  directory,
  url,
  region,
  awsxProvider,
}: LocalProject): Promise<void> {
  const projectFile = join(root, "Pulumi.yaml");
  const source = await readIfThere(projectFile);
  if (source === undefined) throw new UserError(`there is no Pulumi.yaml in ${root}`);
  const project = parseMapping(source, projectFile);
  const main = project.get("main");
  if (typeof main !== "string") throw new UserError(`${projectFile} has no main`);
  project.set("main", relative(directory, join(root, main)));
  // Both are for the Pulumi CLI; the embedded engine has provider and state in its own process and directory.
  project.set("backend", { url: pathToFileURL(backendDirectory(directory)).href });
  project.set("plugins", { providers: await writePlugins(directory, awsxProvider) });
  await mkdir(backendDirectory(directory), { recursive: true });
  project.commentBefore =
    " Generated from the Pulumi.yaml above by `npx bluegreen local`; changes here are lost.";
  await writeAtomically(join(directory, "Pulumi.yaml"), project.toString());

  const files = (await listIfThere(directory)).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
  const name = String(project.get("name"));
  const own = `Pulumi.${LOCAL_STACK}.yaml`;
  const golden = (await readIfThere(join(root, GOLDEN))) === undefined ? undefined : GOLDEN;
  const first = firstStackFile(name, golden);
  for (const file of new Set([own, ...files]))
    await writeAddress(join(directory, file), name, { url, region, isOwn: file === own, first });
}

/**
 * The address in a stack's file, where a person's other stacks on this cloud have one. `isOwn`: it is the stack that
 * every local cloud has, so it gets a file and an address.
 */
async function writeAddress(
  stackFile: string,
  project: string,
  {
    url,
    region,
    isOwn,
    first,
  }: { readonly url: string; readonly region: string; readonly isOwn: boolean; readonly first: string },
): Promise<void> {
  const text = (await readIfThere(stackFile)) ?? first;
  // Nor is a file in which nothing is ours looked at any further, whatever a person has in it.
  if (!isOwn && !text.includes("localCloud")) return;
  const stack = parseMapping(text, stackFile);
  const config = stack.get("config");
  // A key without a value is none; `yaml` cannot set anything in it.
  if (config === undefined && stack.has("config")) stack.delete("config");
  if (config !== undefined && !isMap(config)) throw notAMapping(stackFile, "'config'");
  // Pulumi reads a key without a namespace as one of the project's own, and writes it with one.
  const whole = `${project}:localCloud`;
  const localCloud = stack.hasIn(["config", "localCloud"]) ? "localCloud" : whole;
  if (!isOwn && !stack.hasIn(["config", localCloud])) return;
  const ours = { ...(isOwn && { "aws:region": region }), [localCloud]: url };
  const stale = Object.entries(ours).filter(([key, value]) => stack.getIn(["config", key]) !== value);
  for (const [key, value] of stale) stack.setIn(["config", key], value);
  // Only then: writing lays out anew what a person has laid out.
  if (stale.length > 0) await writeAtomically(stackFile, stack.toString({ lineWidth: 0 }));
}

/** An empty file counts as an empty mapping. Throws UserError that names the file. */
function parseMapping(text: string, file: string): Document {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new UserError(`${file}: ${error.message}`);
  if (document.contents !== null && !isMap(document.contents)) throw notAMapping(file, "it");
  return document;
}

function notAMapping(file: string, what: string): UserError {
  return new UserError(`${file}: ${what} must be a mapping`);
}

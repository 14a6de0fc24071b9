import { execFile } from "node:child_process";
import { delimiter, join, sep } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { isRecord } from "../../../contract/config/field.ts";
import { firstOf } from "../on-path.ts";

const PATIENCE_MS = 15_000;
const run = promisify(execFile);

/** Standard output of a program; throws with what it said when it fails or takes too long. */
async function output(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(program, [...args], { timeout: PATIENCE_MS, maxBuffer: 4 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    throw new Error(failure(program, error), { cause: error });
  }
}

function failure(program: string, error: unknown): string {
  if (!isRecord(error)) return `${program} failed`;
  if (error["code"] === "ENOENT") return `there is no ${program} command on PATH`;
  if (error["killed"] === true) return `${program} took longer than ${PATIENCE_MS / 1000} s`;
  const [said = ""] = String(error["stderr"] ?? "")
    .trim()
    .split("\n");
  return said === "" ? `${program} ended with code ${String(error["code"])}` : `${program}: ${said}`;
}

/**
 * Version of the first `node` on PATH that is not a package's own: npm and npx put the project's Node before the
 * one that a plain `pulumi` would run. undefined: there is none.
 */
export async function shellNode(path = process.env["PATH"] ?? ""): Promise<string | undefined> {
  const own = join("node_modules", ".bin");
  const directories = path.split(delimiter).filter((one) => one !== "" && !one.endsWith(`${sep}${own}`));
  const program = await firstOf(directories, "node");
  return program === undefined ? undefined : (await output(program, ["--version"])).trim();
}

export async function pulumiVersion(): Promise<string> {
  return `pulumi ${(await output("pulumi", ["version"])).trim()}`;
}

const whoami = v.object(
  { url: v.optional(v.string(), "unknown backend"), user: v.optional(v.string(), "nobody") },
  "pulumi whoami gave no object",
);

/** Backend and user, as `pulumi whoami` has them. */
export async function pulumiBackend(): Promise<string> {
  const said: unknown = JSON.parse(await output("pulumi", ["whoami", "--json", "--non-interactive"]));
  const { url, user } = v.parse(whoami, said);
  return `${url} as ${user}`;
}

/** Processors that an image is built for: the registry is asked through the Docker client, which needs no daemon. */
export async function imagePlatforms(image: string): Promise<readonly string[]> {
  return platformsOf(JSON.parse(await output("docker", ["manifest", "inspect", "--verbose", image])));
}

const entry = v.object({ Descriptor: v.object({ platform: v.object({ architecture: v.string() }) }) });

/** One entry for each platform of a multi-platform image, or a single entry (docker manifest inspect --verbose). */
export function platformsOf(manifest: unknown): readonly string[] {
  const entries: readonly unknown[] = Array.isArray(manifest) ? manifest : [manifest];
  const found = entries
    .filter((one) => v.is(entry, one))
    .map(({ Descriptor }) => Descriptor.platform.architecture)
    // Attestations stand beside the images as platform unknown/unknown.
    .filter((architecture) => architecture !== "unknown");
  return [...new Set(found)];
}

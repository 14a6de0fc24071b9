import { join } from "node:path";
import { isRecord } from "../../contract/config/field.ts";
import { withChecksum } from "../../packages/pulumi-engine/state/checksum.ts";
import {
  brokenFile,
  listIfThere,
  readCheckedIfThere,
  writeAtomically,
} from "../../packages/pulumi-engine/state/files.ts";
import { UserError } from "../../validation/errors.ts";
import { findCli, type EngineChoice } from "../pulumi-cli.ts";
import type { LocalPlace } from "./place.ts";

export function nameOf(engine: EngineChoice): string {
  return engine.kind === "cli" ? `pulumi CLI ${engine.version}` : "embedded engine";
}

/**
 * The engine that made the local stack, because a stack's state is in the format of its engine. For a new stack the
 * Pulumi CLI when there is one, else the embedded engine; BLUEGREEN_ENGINE (`cli` or `embedded`) says it otherwise.
 */
export async function chooseEngine(
  place: LocalPlace,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<EngineChoice> {
  const asked = environment["BLUEGREEN_ENGINE"];
  if (asked !== undefined && asked !== "cli" && asked !== "embedded")
    throw new UserError("BG159", `BLUEGREEN_ENGINE is ${JSON.stringify(asked)}; allowed: cli, embedded.`);
  const made = await madeWith(place);
  if (made !== undefined && asked !== undefined && made !== asked)
    throw new UserError(
      "BG159",
      `${place.directory} was made with ${made}, and BLUEGREEN_ENGINE is ${asked}.`,
    );
  const kind = made ?? asked;
  if (kind === "embedded") return { kind };
  const cli = await findCli(place.root, environment).catch((error: unknown) => {
    throw new UserError("BG159", `The Pulumi CLI does not run: ${firstLine(error)}.`);
  });
  if (cli !== undefined) return { kind: "cli", ...cli };
  if (kind === undefined) return { kind: "embedded" };
  throw new UserError("BG159", "No Pulumi CLI is on PATH, nor the npm package `pulumi` installed.");
}

const choiceFile = ({ directory }: LocalPlace) => join(directory, "engine.json");

/** From now on the stack of this place is this engine's. */
export async function keepChoice(place: LocalPlace, { kind }: EngineChoice): Promise<void> {
  await writeAtomically(choiceFile(place), withChecksum(`${JSON.stringify({ kind })}\n`));
}

async function madeWith(place: LocalPlace): Promise<EngineChoice["kind"] | undefined> {
  const file = choiceFile(place);
  const fix =
    'it says which engine made the stack here. Write it anew: `cli` or `embedded` in {"kind":"…"}; `backend/` beside it is the CLI\'s, `pulumi/` the embedded engine\'s';
  const kept = await readCheckedIfThere(file, "kind", fix);
  if (kept !== undefined) {
    const kind = isRecord(kept) ? kept["kind"] : undefined;
    if (kind === "cli" || kind === "embedded") return kind;
    throw brokenFile(file, "it names no engine", fix);
  }
  // Before there was a choice, everything was the embedded engine's.
  const stacks = await listIfThere(join(place.directory, "pulumi", "stacks"));
  return stacks.length > 0 ? "embedded" : undefined;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError as EngineError } from "../../../packages/pulumi-engine/errors.ts";

/** For readers of files; gone with the process. */
export const FOLDER = mkdtempSync(join(tmpdir(), "bluegreen-fuzz-"));
process.once("exit", () => rmSync(FOLDER, { recursive: true, force: true }));
mkdirSync(join(FOLDER, "locks"));

export const put = (name: string, input: Buffer) => writeFileSync(join(FOLDER, name), input);
export const isEngineError = (error: unknown) => error instanceof EngineError;

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { isRecord } from "../../../contract/config/field.ts";
import { UserError } from "../../errors.ts";
import { messageOf } from "../../reading.ts";

/** The name of the Pulumi project in this directory: the namespace of its configuration, and a part of its stacks' names. */
export async function projectName(directory: string): Promise<string> {
  const path = join(directory, "Pulumi.yaml");
  try {
    const project: unknown = parse(await readFile(path, "utf8"));
    if (isRecord(project) && typeof project["name"] === "string") return project["name"];
  } catch (error) {
    throw new UserError("BG210", `${path}: ${messageOf(error).split("\n")[0]}.`);
  }
  throw new UserError("BG210", `${path} has no name.`);
}

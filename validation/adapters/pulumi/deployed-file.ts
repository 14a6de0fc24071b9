import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Document } from "yaml";
import { isRecord } from "../../../contract/config/field.ts";
import { withChange, type KeyChange } from "../../core/changes/changes.ts";
import { UserError } from "../../errors.ts";
import { openRunRecords, ownRun, stateDirectory } from "../processes/records.ts";
import type { Namespace, UpdateEntry } from "./history.ts";
import { sealed, type ToEncrypt } from "./sealed.ts";
import { fileValue, readStackFile, secretsOf, setIn, valueIn, type StackFile } from "./stack-file.ts";
import { writeStackFile } from "./write-stack-file.ts";

/** What Pulumi does with secrets; values go in and come out in clear. */
export interface SecretTool {
  /** Values of the checkout's stack file; the keys of the model are bare. */
  readonly reveal: () => Promise<Readonly<Record<string, string>>>;
  /** Encrypts a value into a configuration file; `key` with a dot is a path. */
  readonly encryptInto: (path: string, key: string, text: string) => Promise<void>;
}

/**
 * Runs `use` with a temporary configuration file: the deployed configuration and our change, and nothing of
 * what a person has edited since. Secrets stay encrypted: the checkout's own ciphertext is taken over where it
 * holds the deployed value, and only a value that the checkout no longer has is encrypted anew.
 */
export async function withDeployedFile<T>(
  what: {
    readonly entry: UpdateEntry;
    readonly change: KeyChange;
    /** The checkout's stack file. */
    readonly checkoutPath: string;
    /** Where the temporary file may be; made when absent. */
    readonly scratchDirectory: string;
    readonly secrets: SecretTool;
  },
  use: (path: string) => Promise<T>,
): Promise<T> {
  const directory = await makeScratch(what.scratchDirectory);
  try {
    const path = join(directory, "deployed.yaml");
    const checkout = await readStackFile(what.checkoutPath, what.entry.whose.project, what.entry.whose.model);
    const { file, toEncrypt } = await compose(what, checkout);
    await writeStackFile(path, file);
    for (const { key, text } of toEncrypt) await what.secrets.encryptInto(path, key, text);
    return await use(path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Whose it is stands in the name: the run. */
const SCRATCH = /^update-([\w-]+)-\w{6}$/;

/** A directory for one update; what updates have left that were killed on this machine goes. */
async function makeScratch(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  const { fateOfRun } = openRunRecords(stateDirectory());
  for (const name of await readdir(parent)) {
    const [, run] = SCRATCH.exec(name) ?? [];
    if (run === undefined || fateOfRun(run) !== "ended") continue;
    // Another user's, which cannot be removed, is no reason to leave users where they are.
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => {});
  }
  return mkdtemp(join(parent, `update-${ownRun().id}-`));
}

async function compose(
  what: {
    readonly entry: UpdateEntry;
    readonly change: KeyChange;
    readonly secrets: SecretTool;
  },
  checkout: StackFile | undefined,
): Promise<{ readonly file: StackFile; readonly toEncrypt: readonly ToEncrypt[] }> {
  const { change, secrets } = what;
  const { values, whose } = what.entry;
  const file = withoutConfig(checkout, whose);
  const hidden = Object.entries(values).filter(([, { secret }]) => secret);
  const texts = withChange(
    Object.fromEntries(Object.entries(values).map(([key, { text }]) => [key, text])),
    change,
  );
  if (hidden.length === 0) {
    for (const [key, text] of Object.entries(texts)) setIn(file, key, fileValue(text, key));
    return { file, toEncrypt: [] };
  }
  if (checkout === undefined) {
    throw new UserError(
      "BG104",
      `Without its key nothing can encrypt ${hidden.map(([key]) => key).join(", ")}.`,
    );
  }
  const revealed = await secrets.reveal();
  const known = secretsOf(
    { ...checkout, revealed },
    hidden.map(([key, { text }]) => fileValue(text, key)),
  );
  const toEncrypt: ToEncrypt[] = [];
  for (const [key, text] of Object.entries(texts)) {
    const isHidden = values[key]?.secret === true;
    const isChanged = key in change;
    const own = valueIn(checkout, key);
    const value = fileValue(text, key);
    if (isHidden && !isChanged && own !== undefined && revealed[key] === text) setIn(file, key, own);
    else if (isHidden && !isRecord(value) && !isJsonObject(text)) toEncrypt.push({ key, text });
    else {
      const done = sealed(key, value, known);
      // A secret that is no variable would stand in clear.
      if (isHidden && !isChanged && !done.isSealed) throw new UserError("BG105", `It is inside ${key}.`);
      setIn(file, key, done.value);
      toEncrypt.push(...done.toEncrypt);
    }
  }
  return { file, toEncrypt };
}

/** The checkout's file without its configuration: what is left says how secrets are encrypted. */
function withoutConfig(checkout: StackFile | undefined, whose: Namespace): StackFile {
  const yaml = checkout?.yaml.clone() ?? new Document({});
  yaml.set("config", yaml.createNode({}));
  return { yaml, ...whose };
}

function isJsonObject(text: string): boolean {
  try {
    return isRecord(JSON.parse(text));
  } catch {
    // Not JSON, so it is a plain text.
    return false;
  }
}

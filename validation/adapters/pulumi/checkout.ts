import type { ReleaseKey } from "../../core/changes/changes.ts";
import { UserError } from "../../errors.ts";
import type { Deployed } from "../../ports.ts";
import type { SecretTool } from "./deployed-file.ts";
import type { Namespace } from "./history.ts";
import { bringInStep, isBehind, readStackFile, withRevealed, type StackFile } from "./stack-file.ts";
import { writeStackFile } from "./write-stack-file.ts";

/**
 * Two processes may write the file at the same time, each what it has deployed. So each looks once more after its
 * write: whoever writes last sees the newest update.
 */
export async function followFile(
  checkout: CheckoutFile,
  known: readonly Configured[],
  newest: () => Promise<readonly Configured[]>,
): Promise<readonly ReleaseKey[]> {
  const changed = new Set<ReleaseKey>();
  for (let updates = known; ; updates = await newest()) {
    const file = await readCheckout(checkout);
    if (file === undefined) break;
    const [last] = updates;
    const raws = updates.map(({ raw }) => raw);
    const isOurs = last !== undefined && isBehind(file, raws);
    if (isOurs) {
      for (const key of await write(checkout, file, last)) changed.add(key);
    } else if (updates !== known) break;
  }
  return [...changed];
}

/** The checkout's stack file, and who encrypts into it. */
export interface CheckoutFile {
  readonly path: string;
  readonly whose: Namespace;
  readonly secrets: SecretTool;
}

/** What an update was configured with. */
export type Configured = Pick<Deployed, "raw" | "secretKeys">;

/** With the secrets inside its objects in clear beside it; undefined: there is no such file. */
export async function readCheckout({ path, whose, secrets }: CheckoutFile): Promise<StackFile | undefined> {
  const file = await readStackFile(path, whose.project, whose.model);
  return file && withRevealed(file, secrets.reveal);
}

async function write(
  { path, secrets }: CheckoutFile,
  file: StackFile,
  { raw, secretKeys }: Configured,
): Promise<readonly ReleaseKey[]> {
  const { keys, toEncrypt } = bringInStep(file, raw, secretKeys);
  if (keys.length > 0) await writeStackFile(path, file);
  for (const { key, text } of toEncrypt) await secrets.encryptInto(path, key, text);
  return keys;
}

/** Whatever stands in the file: the release keys become what is deployed. Throws UserError when there is no file. */
export async function syncFile(checkout: CheckoutFile, deployed: Configured): Promise<readonly ReleaseKey[]> {
  const file = await readCheckout(checkout);
  if (file === undefined) throw new UserError("BG104", `Looked for ${checkout.path}.`);
  return write(checkout, file, deployed);
}

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { join } from "node:path";

import { sha256 } from "./checksum.ts";
import { UserError } from "../errors.ts";
import { brokenFile, createExclusively, readIfThere } from "./files.ts";

/** Encrypts with a key that only this state directory has; there is no passphrase. */
export interface Secrets {
  /** `v1:<nonce>:<ciphertext and tag>`, base64. */
  encrypt(text: string): string;
  /** Throws UserError for what this state directory did not encrypt. */
  decrypt(ciphertext: string): string;
}

const KEY_BYTES = 32;
// NIST SP 800-38D: 96-bit nonces and 128-bit tags for AES-GCM.
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Opens the key of the state directory; makes one at the first use. */
export async function openSecrets(stateDirectory: string): Promise<Secrets> {
  const path = join(stateDirectory, "secrets.key");
  await createKey(path);
  const key = readKey((await readIfThere(path)) ?? "");
  if (key === undefined)
    throw brokenFile(
      path,
      `it is not a key of ${KEY_BYTES} bytes with its checksum`,
      "the secrets of every stack here were encrypted with it; put a good copy there, or remove it and set them anew with `pulumi config set --secret`",
    );
  return {
    encrypt: (text) => encrypt(key, text),
    decrypt(ciphertext) {
      try {
        return decrypt(key, ciphertext);
      } catch (error) {
        // Only the cause says whether the text was cut or another key made it; to the person it is the same.
        throw new UserError(`a secret was not encrypted with ${path}: ${String(error)}`);
      }
    },
  };
}

async function createKey(path: string): Promise<void> {
  if ((await readIfThere(path)) !== undefined) return;
  const key = randomBytes(KEY_BYTES).toString("base64");
  await createExclusively(path, `${key} ${sha256(key)}\n`);
}

/** undefined: it is none. A key of a version without checksums stands alone. */
function readKey(text: string): Buffer | undefined {
  const [, encoded = "", sum] = /^([A-Za-z0-9+/]{43}=)(?: ([0-9a-f]{64})\n)?$/.exec(text) ?? [];
  const isWhole = encoded !== "" && (sum === undefined || sum === sha256(encoded));
  return isWhole ? Buffer.from(encoded, "base64") : undefined;
}

function encrypt(key: Buffer, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function decrypt(key: Buffer, ciphertext: string): string {
  const [version, nonce, sealed] = ciphertext.split(":");
  if (version !== "v1" || nonce === undefined || sealed === undefined) throw new Error("not a v1 ciphertext");
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
}

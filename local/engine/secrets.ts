import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { join } from "node:path";

import { UserError } from "./errors.ts";
import { createExclusively, readIfThere } from "./files.ts";

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
  const key = Buffer.from((await readIfThere(path)) ?? "", "base64");
  if (key.length !== KEY_BYTES) throw new UserError(`${path} is not a key of ${KEY_BYTES} bytes`);
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
  await createExclusively(path, randomBytes(KEY_BYTES).toString("base64"));
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

import { createHash } from "node:crypto";

const FIRST = "sha256";
const SEALED = new RegExp(`^\\{"${FIRST}":"([0-9a-f]{64})",\n`);

/** The JSON of an object with members, and in front of them the SHA-256 of that JSON; it is JSON still. */
export function withChecksum(json: string): string {
  return `{"${FIRST}":"${sha256(json)}",\n${json.slice(1)}`;
}

/**
 * What `withChecksum` was given. Files of versions that had no checksum are known by `firstMember`, the name that is
 * written first (of several, with `|` between them). Throws an Error that says what is wrong with the text.
 */
export function parseChecked(text: string, firstMember: string): unknown {
  const [head, sum] = SEALED.exec(text) ?? [];
  if (head === undefined) {
    const parsed: unknown = JSON.parse(text);
    if (new RegExp(`^\\{\\s*"(?:${firstMember})":`).test(text)) return parsed;
    throw new Error("it has no checksum");
  }
  const json = `{${text.slice(head.length)}`;
  if (sha256(json) !== sum) throw new Error("its checksum does not fit");
  return JSON.parse(json);
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

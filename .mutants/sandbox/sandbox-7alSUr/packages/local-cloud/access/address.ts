import { isRecord } from "../is-record.ts";

/** File in the directory of a local cloud that says where it answers and what opens it. */
export const ENDPOINT_FILE = "endpoint.json";

/** What opens a local cloud. Whoever has it can run code as the person who started the cloud. */
export interface LocalKeys {
  /** Signs the calls of AWS's APIs (Signature Version 4). */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Carried by every other request: `authorization: Bearer <token>`. */
  readonly token: string;
}

/** The keys in a value that was read from a file; undefined when they are not whole. */
export function readLocalKeys(value: unknown): LocalKeys | undefined {
  if (!isRecord(value)) return undefined;
  const { accessKeyId, secretAccessKey, token } = value;
  const isWhole = [accessKeyId, secretAccessKey, token].every(
    (part) => typeof part === "string" && part !== "",
  );
  return isWhole
    ? { accessKeyId: String(accessKeyId), secretAccessKey: String(secretAccessKey), token: String(token) }
    : undefined;
}

/** Where a local cloud answers, in its file: its own address, or the directory of the cloud that a checkout has joined. */
export type LocalAddress = ({ readonly url: string } & LocalKeys) | { readonly joined: string };

/** What a file of that name says; undefined: no address. */
export function readLocalAddress(value: unknown): LocalAddress | undefined {
  if (!isRecord(value)) return undefined;
  const { joined, url } = value;
  if (typeof joined === "string") return { joined };
  const keys = readLocalKeys(value);
  return typeof url === "string" && keys !== undefined ? { url, ...keys } : undefined;
}

/** Settings of an SDK client. With a role the call has the permissions of that role, else it may do everything. */
export function localCredentials(
  { accessKeyId, secretAccessKey }: LocalKeys,
  role?: string,
): { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string } {
  return { accessKeyId, secretAccessKey, ...(role !== undefined && { sessionToken: role }) };
}

/** The header that opens what is no API of AWS. */
export const bearer = ({ token }: Pick<LocalKeys, "token">) => ({ authorization: `Bearer ${token}` });

import { isRecord } from "../../contract/config/field.ts";

// Pulumi's sentinel for secrets on the wire (@pulumi/pulumi/runtime/rpc.js).
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A value from the wire without its secrets' wrapping; where they stood is added to `secretPaths`. */
export function unwrap(value: unknown, path: string, secretPaths: string[]): unknown {
  if (Array.isArray(value)) {
    return value.map((member, index) => unwrap(member, `${path}[${index}]`, secretPaths));
  }
  if (!isRecord(value)) return value;
  if (value[SIGNATURE] === SECRET) {
    secretPaths.push(path);
    return unwrap(value["value"], path, secretPaths);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      unwrap(member, path === "" ? key : `${path}.${key}`, secretPaths),
    ]),
  );
}

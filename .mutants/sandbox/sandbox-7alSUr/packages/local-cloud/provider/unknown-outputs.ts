import { isRecord } from "../is-record.ts";

const MARK = "the local cloud does not know";

/** What stands in an output that AWS would compute and the local cloud cannot. */
export const notKnown = (type: string, output: string): string => `<${MARK} ${output} of ${type}>`;

/** The inputs in which such a text stands, with their paths. */
export function notKnownIn(
  value: unknown,
  path = "",
): readonly { readonly path: string; readonly text: string }[] {
  if (typeof value === "string") {
    const [text] = new RegExp(`<${MARK} [^>]*>`).exec(value) ?? [];
    return text === undefined ? [] : [{ path, text: text.slice(1, -1) }];
  }
  if (Array.isArray(value)) return value.flatMap((entry, index) => notKnownIn(entry, `${path}[${index}]`));
  if (!isRecord(value)) return [];
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  return Object.entries(value).flatMap(([name, entry]) => notKnownIn(entry, at(name)));
}

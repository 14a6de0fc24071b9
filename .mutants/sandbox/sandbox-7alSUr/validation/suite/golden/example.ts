import { isRecord } from "../../../contract/config/field.ts";

/** One example of the golden set: what to send, and what is right. */
export interface Example {
  /** As its author calls it; absent: it has no name but its place. */
  readonly id?: string;
  /** What is asked, as its author wrote it for one server; the protocol makes it a request of another. */
  readonly input: unknown;
  /** Sent as it is, whatever the protocol; absent: the protocol makes the request. */
  readonly request?: unknown;
  readonly label: unknown;
  /** Of which parts of all users it is one: `{ country: "DE" }`. */
  readonly slice?: Readonly<Record<string, string>>;
}

/** Members of a line that says more of an example than its request and what is right. */
const NAMED = new Set(["id", "input", "request", "label", "slice"]);

/** The example of one line, or what is wrong with it. */
export function exampleOf(value: unknown): Example | string {
  if (!isRecord(value) || value["label"] === undefined) return "is no JSON object with a label";
  const { label, ...rest } = value;
  if (!isNamed(rest)) return { input: rest, label };
  const { id, input = rest["request"], request, slice } = rest;
  if (id !== undefined && (typeof id === "object" || id === "")) return "has an id that is no text";
  const parts = slice === undefined ? undefined : sliceOf(slice);
  if (slice !== undefined && parts === undefined)
    return 'has a slice that is no object of texts, like {"country":"DE"}';
  return {
    ...(id === undefined ? {} : { id: String(id) }),
    input,
    ...(request === undefined ? {} : { request }),
    label,
    ...(parts === undefined ? {} : { slice: parts }),
  };
}

/**
 * `{"input": …, "label": …}` alone is a request that has an `input`, as it was before there were other forms; with an
 * `id` or a `slice` beside it, it is an example whose input that is. `{"request": …, "label": …}` is sent as it is.
 */
function isNamed(rest: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(rest);
  if (!names.every((name) => NAMED.has(name))) return false;
  return "request" in rest || ("input" in rest && ("id" in rest || "slice" in rest));
}

function sliceOf(slice: unknown): Readonly<Record<string, string>> | undefined {
  if (!isRecord(slice)) return undefined;
  const parts = Object.entries(slice);
  const isText = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);
  return parts.every(([, value]) => isText(value))
    ? Object.fromEntries(parts.map(([name, value]) => [name, String(value)]))
    : undefined;
}

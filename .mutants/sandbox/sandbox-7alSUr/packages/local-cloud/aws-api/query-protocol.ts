import { AwsError } from "./errors.ts";

/**
 * The AWS Query protocol: requests are forms (`Actions.member.1.Type=forward`), answers are XML. A form says nothing
 * about types, so a service gives the names of its members that are not text; everything else is text.
 */
export interface QueryTypes {
  readonly integers: ReadonlySet<string>;
  readonly booleans: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
  /** Members, as `parent.member`, that are text although their name is among the above. */
  readonly texts: ReadonlySet<string>;
}

/** An answered request. */
export interface QueryAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly requestId: string;
}

type QueryValue = string | number | boolean | readonly QueryValue[] | Structure;

interface Structure {
  readonly [member: string]: QueryValue;
}

/** Parts of a key: the deepest member of ELBv2 has eight, and what is nested without bound overflows the stack. */
const MOST_PARTS = 20;

type Node = string | Map<string, Node>;

/** Clients send these two with each request; they are not part of the input. */
const ENVELOPE = new Set(["Action", "Version"]);

/** The operation of a form and its input in the SDK's shape. Throws AwsError for what cannot be read. */
export function decodeQuery(
  form: URLSearchParams,
  types: QueryTypes,
): { readonly action: string; readonly input: Structure } {
  const action = form.get("Action");
  if (action === null || action === "") throw new AwsError("MissingAction", "The request has no Action");
  const root = new Map<string, Node>();
  for (const [key, value] of form) if (!ENVELOPE.has(key)) place(root, key.split("."), value, key);
  return { action, input: toStructure(root, "", types) };
}

/** An operation's answer as XML, with the result and the request id where all clients look for them. */
export function encodeAnswer(action: string, answer: unknown, requestId: string, namespace: string): string {
  const result = `<${action}Result>${encodeMembers(answer)}</${action}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return `<${action}Response xmlns="${namespace}">${result}${metadata}</${action}Response>`;
}

/** An error as XML. `code` is the name that boto3 and the AWS CLI show; the JavaScript SDK maps it to its class. */
export function encodeError(
  error: { readonly code: string; readonly message: string; readonly sender: boolean },
  requestId: string,
  namespace: string,
): string {
  const type = error.sender ? "Sender" : "Receiver";
  return `<ErrorResponse xmlns="${namespace}"><Error><Type>${type}</Type><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function place(root: Map<string, Node>, path: readonly string[], value: string, key: string): void {
  if (path.length > MOST_PARTS) throw malformed(key);
  let node = root;
  for (const part of path.slice(0, -1)) {
    const next = node.get(part) ?? new Map<string, Node>();
    if (typeof next === "string") throw malformed(key);
    node.set(part, next);
    node = next;
  }
  const last = path.at(-1) ?? "";
  if (last === "" || node.has(last)) throw malformed(key);
  node.set(last, value);
}

function toStructure(node: Map<string, Node>, parent: string, types: QueryTypes): Structure {
  return Object.fromEntries([...node].map(([name, child]) => [name, toValue(name, child, parent, types)]));
}

function toValue(name: string, node: Node, parent: string, types: QueryTypes): QueryValue {
  if (types.lists.has(name)) return toList(name, node, types);
  return typeof node === "string" ? toScalar(name, node, parent, types) : toStructure(node, name, types);
}

/** `Name.member.1=…&Name.member.2=…`; the clients send `Name=` for an empty list. */
function toList(name: string, node: Node, types: QueryTypes): QueryValue {
  if (node === "") return [];
  const members = typeof node === "string" ? undefined : node.get("member");
  if (typeof node === "string" || node.size !== 1 || members === undefined || typeof members === "string")
    throw malformed(name);
  return [...members]
    .map(([index, child]) => ({ position: position(name, index), child }))
    .sort((a, b) => a.position - b.position)
    .map(({ child }) => (typeof child === "string" ? child : toStructure(child, name, types)));
}

function toScalar(name: string, text: string, parent: string, types: QueryTypes): QueryValue {
  if (types.texts.has(`${parent}.${name}`)) return text;
  if (types.integers.has(name)) {
    if (!/^-?\d+$/.test(text)) throw malformed(name, "an integer");
    return Number(text);
  }
  if (types.booleans.has(name)) {
    if (text !== "true" && text !== "false") throw malformed(name, "true or false");
    return text === "true";
  }
  return text;
}

function position(name: string, index: string): number {
  if (!/^[1-9]\d*$/.test(index)) throw malformed(name);
  return Number(index);
}

function malformed(key: string, expected = "a form of the AWS Query protocol"): AwsError {
  return new AwsError("MalformedQueryString", `The parameter ${key} is not ${expected}`);
}

function encodeMembers(structure: unknown): string {
  if (typeof structure !== "object" || structure === null) return "";
  return Object.entries(structure).map(encodeMember).join("");
}

function encodeMember([name, value]: readonly [string, unknown]): string {
  return value === undefined || value === null ? "" : `<${name}>${encodeValue(value)}</${name}>`;
}

function encodeValue(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => encodeMember(["member", item])).join("");
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? encodeMembers(value) : escapeXml(String(value));
}

function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"'\r\n]/g, (char) => `&#${char.charCodeAt(0)};`);
}

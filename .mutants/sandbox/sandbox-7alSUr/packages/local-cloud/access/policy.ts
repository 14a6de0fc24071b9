/** A statement of an identity policy, with the members that are evaluated here. */
export interface Statement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

/** What IAM is asked for a call: may the caller do this action to this resource, in this context? */
export interface RequiredPermission {
  readonly action: string;
  /** An ARN; `*` where the service names no resource, or the call names none. */
  readonly resource: string;
  /** Values of condition keys. A key that is not here is absent. */
  readonly context: Readonly<Record<string, string>>;
}

/** Whether any statement allows it. Identity policies with `Allow` alone: what the generated ones are made of. */
export function allows(documents: readonly PolicyDocument[], needed: RequiredPermission): boolean {
  return documents.some(({ Statement }) => Statement.some((statement) => grants(statement, needed)));
}

function grants({ Action, Resource, Condition = {} }: Statement, needed: RequiredPermission): boolean {
  return (
    Action.some((action) => matches(action, needed.action)) &&
    Resource.some((resource) => matches(resource, needed.resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, needed.context[key], listOf(values))),
    )
  );
}

const listOf = (values: string | readonly string[]) => (typeof values === "string" ? [values] : values);

type Operator = (given: string | undefined, wanted: readonly string[]) => boolean;

/** The condition operators of the generated policies. IAM: a key that is absent makes all of them false but `Null` and those that end in `IfExists`. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: (given, wanted) => given !== undefined && wanted.includes(given),
  StringEqualsIfExists: (given, wanted) => given === undefined || wanted.includes(given),
  ArnEquals: (given, wanted) => given !== undefined && wanted.some((pattern) => matches(pattern, given)),
  Null: (given, wanted) => wanted.includes(String(given === undefined)),
};

function holds(operator: string, given: string | undefined, wanted: readonly string[]): boolean {
  const check = OPERATORS[operator];
  if (check === undefined)
    throw new Error(`the local cloud does not know the condition operator ${operator}`);
  return check(given, wanted);
}

const patterns = new Map<string, RegExp>();

/** IAM's wildcards: `*` any text, `?` any one character. A resource `*` is matched by `*` alone. */
function matches(pattern: string, text: string): boolean {
  let compiled = patterns.get(pattern);
  if (compiled === undefined) {
    const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
    compiled = new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
    patterns.set(pattern, compiled);
  }
  return compiled.test(text);
}

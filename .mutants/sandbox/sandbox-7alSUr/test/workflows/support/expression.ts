/**
 * The expressions of GitHub's workflows, as far as ours use them: contexts, literals, `!`, `==`, `!=`, `&&`, `||`, and
 * always, success, failure, cancelled and fromJSON. Anything else is refused, so that a test never runs something else
 * than GitHub would.
 */
export type Contexts = Readonly<Record<string, unknown>>;

/** How the jobs or steps before went, for the status functions. */
export interface Status {
  readonly failed: boolean;
}

type Token = { readonly kind: "name" | "text" | "sign"; readonly value: string };

const TOKEN = /\s*(?:([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)|'((?:[^']|'')*)'|(==|!=|&&|\|\||[!()]))/y;

function tokens(source: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (source.slice(TOKEN.lastIndex).trim() !== "") {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw new Error(`the interpreter does not know this expression at ${at}: ${source}`);
    const [, name, text, sign] = match;
    if (name !== undefined) found.push({ kind: "name", value: name });
    else if (text !== undefined) found.push({ kind: "text", value: text.replaceAll("''", "'") });
    else found.push({ kind: "sign", value: sign ?? "" });
  }
  return found;
}

/** The value of one expression, without its `${{ }}`. */
export function evaluate(source: string, contexts: Contexts, status: Status = { failed: false }): unknown {
  const left = tokens(source);
  const next = (value: string) =>
    left[0]?.kind === "sign" && left[0].value === value ? left.shift() : undefined;
  const binary =
    (
      signs: readonly string[],
      inner: () => unknown,
      combine: (sign: string, a: unknown, b: () => unknown) => unknown,
    ) =>
    (): unknown => {
      let value = inner();
      for (;;) {
        const sign = signs.find((one) => next(one) !== undefined);
        if (sign === undefined) return value;
        const before = value;
        let right: { readonly value: unknown } | undefined;
        const read = () => (right ??= { value: inner() }).value;
        value = combine(sign, before, read);
        read();
      }
    };
  const unary = (): unknown => (next("!") === undefined ? primary() : !isTrue(unary()));
  const comparison = binary(["==", "!="], unary, (sign, a, b) => (a === b()) === (sign === "=="));
  const and = binary(["&&"], comparison, (_, a, b) => {
    const other = b();
    return isTrue(a) ? other : a;
  });
  const or = binary(["||"], and, (_, a, b) => {
    const other = b();
    return isTrue(a) ? a : other;
  });
  function primary(): unknown {
    const token = left.shift();
    if (token === undefined) throw new Error(`an expression ends too early: ${source}`);
    if (token.kind === "text") return token.value;
    if (token.kind === "sign" && token.value === "(") {
      const value = or();
      if (next(")") === undefined) throw new Error(`a bracket is open: ${source}`);
      return value;
    }
    if (token.kind === "sign") throw new Error(`unexpected ${token.value} in ${source}`);
    if (next("(") === undefined) return lookUp(token.value, contexts);
    const argument = next(")") === undefined ? or() : undefined;
    if (argument !== undefined && next(")") === undefined) throw new Error(`a bracket is open: ${source}`);
    return callFunction(token.value, argument, status);
  }
  const value = or();
  if (left.length > 0) throw new Error(`the interpreter does not know the rest of ${source}`);
  return value;
}

function callFunction(name: string, argument: unknown, { failed }: Status): unknown {
  const functions: Readonly<Record<string, () => unknown>> = {
    always: () => true,
    success: () => !failed,
    failure: () => failed,
    cancelled: () => false,
    fromJSON: () => JSON.parse(String(argument)),
  };
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (found === undefined) throw new Error(`the interpreter does not know the function ${name}`);
  return found();
}

/** GitHub: what a context does not have is empty text; a context that there is not is a mistake. */
function lookUp(path: string, contexts: Contexts): unknown {
  const [root = "", ...rest] = path.split(".");
  if (!(root in contexts)) throw new Error(`the interpreter has no context ${root}`);
  let value: unknown = contexts[root];
  for (const name of rest) {
    value =
      typeof value === "object" && value !== null
        ? Object.entries(value).find(([key]) => key === name)?.[1]
        : undefined;
  }
  return value ?? "";
}

const isTrue = (value: unknown) => value !== "" && value !== false && value !== 0 && value !== null;

/** A text with its `${{ }}` filled in; the value itself where that is all of the text. */
export function fill(template: unknown, contexts: Contexts): unknown {
  if (typeof template !== "string") return template;
  const whole = /^\$\{\{((?:(?!\}\}).)*)\}\}$/.exec(template.trim());
  if (whole !== null) return evaluate(whole[1] ?? "", contexts);
  return template.replaceAll(/\$\{\{((?:(?!\}\}).)*)\}\}/g, (_, source: string) =>
    String(evaluate(source, contexts)),
  );
}

/** Whether a job or a step runs; without a status function GitHub puts `success() &&` before the condition. */
export function isDue(condition: unknown, contexts: Contexts, status: Status): boolean {
  if (condition === undefined) return !status.failed;
  const source = String(condition);
  const asksForStatus = /\b(always|success|failure|cancelled)\(/.test(source);
  if (!asksForStatus && status.failed) return false;
  return isTrue(evaluate(source, contexts, status));
}

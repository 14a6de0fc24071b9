/** A metric math expression as a tree. Functions are checked when it is evaluated, not here. */
export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "id"; readonly id: string }
  | { readonly kind: "keyword"; readonly name: string }
  | { readonly kind: "negate"; readonly of: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: "array"; readonly items: readonly Expression[] };

/** What is wrong with an expression, in words for the caller's error. */
export class MathError extends Error {}

// Loosest first. `&&` and `||` are documented synonyms of AND and OR.
const PRECEDENCE: readonly (readonly string[])[] = [
  ["OR"],
  ["AND"],
  ["<", "<=", ">", ">=", "==", "!="],
  ["+", "-"],
  ["*", "/"],
];
const SYNONYMS: Readonly<Record<string, string>> = { "&&": "AND", "||": "OR" };
// Metric ids start with a lower-case letter; functions and keywords are upper case (CloudWatch "metric math syntax").
const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?|\.\d+)|([a-z][A-Za-z0-9_]*)|([A-Z][A-Z0-9_]*)|(<=|>=|==|!=|&&|\|\||[-+*/<>(),[\]])|(\S))/gy;

type Token = { readonly kind: "number" | "id" | "word" | "symbol" | "end"; readonly text: string };
/** AWS publishes no bound; deeper ones come from no person, and would end in an overflow of the stack. */
const DEEPEST = 100;
const END: Token = { kind: "end", text: "end of the expression" };

/** @throws MathError naming what was not understood. */
export function parseMath(text: string): Expression {
  const tokens = tokenise(text);
  let at = 0;
  let depth = 0;
  const peek = () => tokens[at] ?? END;

  function accept(text: string): boolean {
    if (peek().text !== text || peek().kind === "end") return false;
    at++;
    return true;
  }
  function expect(text: string): void {
    if (!accept(text)) throw new MathError(`expected "${text}" but found "${peek().text}"`);
  }

  function binary(level: number): Expression {
    const operators = PRECEDENCE[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    for (;;) {
      const operator = SYNONYMS[peek().text] ?? peek().text;
      if (!operators.includes(operator)) return left;
      at++;
      left = { kind: "binary", operator, left, right: binary(level + 1) };
    }
  }

  function unary(): Expression {
    depth++;
    if (depth > DEEPEST) throw new MathError(`an expression is nested at most ${DEEPEST} deep here`);
    const found: Expression = accept("-") ? { kind: "negate", of: unary() } : primary();
    depth--;
    return found;
  }

  function primary(): Expression {
    const token = peek();
    at++;
    if (token.kind === "number") return { kind: "number", value: Number(token.text) };
    if (token.kind === "id") return { kind: "id", id: token.text };
    if (token.kind === "word") {
      return accept("(")
        ? { kind: "call", name: token.text, args: list(")") }
        : { kind: "keyword", name: token.text };
    }
    if (token.text === "[") return { kind: "array", items: list("]") };
    if (token.text !== "(") throw new MathError(`"${token.text}" was not expected`);
    const inner = binary(0);
    expect(")");
    return inner;
  }

  function list(close: string): Expression[] {
    const items: Expression[] = [];
    if (accept(close)) return items;
    do items.push(binary(0));
    while (accept(","));
    expect(close);
    return items;
  }

  const parsed = binary(0);
  if (peek().kind !== "end") throw new MathError(`"${peek().text}" was not expected`);
  return parsed;
}

/** The metric ids that an expression uses. */
export function idsOf(expression: Expression): string[] {
  switch (expression.kind) {
    case "number":
    case "keyword":
      return [];
    case "id":
      return [expression.id];
    case "negate":
      return idsOf(expression.of);
    case "binary":
      return [...idsOf(expression.left), ...idsOf(expression.right)];
    case "call":
      return expression.args.flatMap(idsOf);
    case "array":
      return expression.items.flatMap(idsOf);
  }
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [, number, id, word, symbol, other] of text.trim().matchAll(TOKEN)) {
    if (other !== undefined)
      throw new MathError(`"${other}" is not supported by the local cloud's metric math`);
    if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (id !== undefined) tokens.push({ kind: "id", text: id });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol });
  }
  return tokens;
}

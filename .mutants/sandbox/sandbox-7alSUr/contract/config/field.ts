/**
 * One configuration value, declared once: how it is read, its default, and what the documents say about it.
 * Pulumi hands values over as text or JSON, and `pulumi config set --path` stores decimals as strings
 * ("0.05") but whole numbers as numbers, so readers accept both spellings.
 */
export interface Field<T> {
  readonly type: string;
  readonly allowed: string;
  readonly default: T;
  readonly meaning: string;
  /** The same as a JSON schema, for editors; absent: it has none. */
  readonly schema?: JsonSchema;
  /** Members that it once had, and the key that is for them now. */
  readonly moved?: Readonly<Record<string, string>>;
  /** The value, or undefined when `raw` is not allowed. */
  read(raw: unknown): { readonly value: T } | undefined;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type ValuesOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

function numeric(raw: unknown): number | undefined {
  if (typeof raw === "number") return raw;
  return typeof raw === "string" && /^-?\d+(\.\d+)?([eE]-?\d+)?$/.test(raw) ? Number(raw) : undefined;
}

/** A whole number from `min` to `max`; `unit` is its last word in the documents. */
export function integer(
  bounds: { min: number; max: number; unit?: string },
  fallback: number,
  meaning: string,
): Field<number> {
  const { min, max, unit } = bounds;
  return {
    type: unit === undefined ? "integer" : `integer, ${unit}`,
    allowed: `a whole number from ${min} to ${max}`,
    default: fallback,
    meaning,
    schema: { type: "integer", minimum: min, maximum: max },
    read(raw) {
      const value = numeric(raw);
      const fits = value !== undefined && Number.isInteger(value) && value >= min && value <= max;
      return fits ? { value } : undefined;
    },
  };
}

/** A whole number from `min` to `max`, or 0, which is what it is unless somebody says something else. */
export function orZero(bounds: { min: number; max: number; unit?: string }, meaning: string): Field<number> {
  const field = integer(bounds, 0, meaning);
  return {
    ...field,
    allowed: `0, or ${field.allowed}`,
    read: (raw) => (numeric(raw) === 0 ? { value: 0 } : field.read(raw)),
  };
}

/** What a field takes, or `auto`, which is what it is unless somebody says something else. */
export const orAuto = <T>(field: Field<T>, type = field.type): Field<T | "auto"> => ({
  ...field,
  type: `\`auto\` or ${type}`,
  ...(field.schema === undefined ? {} : { schema: { anyOf: [{ const: "auto" }, field.schema] } }),
  allowed: `auto, or ${field.allowed}`,
  default: "auto",
  read: (raw) => (raw === "auto" ? { value: raw } : field.read(raw)),
});

/** A number above `above` and at most `max`. */
export function decimal(
  bounds: { above: number; max: number; unit?: string },
  fallback: number,
  meaning: string,
): Field<number> {
  const { above, max, unit } = bounds;
  return {
    type: unit === undefined ? "number" : `number, ${unit}`,
    allowed: `a number above ${above}, at most ${max}`,
    default: fallback,
    meaning,
    schema: { type: "number", exclusiveMinimum: above, maximum: max },
    read(raw) {
      const value = numeric(raw);
      return value !== undefined && value > above && value <= max ? { value } : undefined;
    },
  };
}

export function flag(fallback: boolean, meaning: string): Field<boolean> {
  const words = new Map([
    ["true", true],
    ["false", false],
  ]);
  return {
    type: "boolean",
    allowed: "true or false",
    default: fallback,
    meaning,
    schema: { type: "boolean" },
    read(raw) {
      const value = words.get(String(raw));
      return value === undefined ? undefined : { value };
    },
  };
}

export function oneOf<const T extends string>(
  words: readonly T[],
  fallback: NoInfer<T>,
  meaning: string,
): Field<T> {
  return {
    type: words.map((word) => `\`${word}\``).join(" or "),
    allowed: words.join(" or "),
    default: fallback,
    meaning,
    schema: { enum: words },
    read(raw) {
      // `pulumi config set --path service.logDays 7` stores the number.
      const given = typeof raw === "number" ? String(raw) : raw;
      const value = words.find((word) => word === given);
      return value === undefined ? undefined : { value };
    },
  };
}

/** What knows which texts are right: a regular expression, say. */
interface Pattern {
  test(text: string): boolean;
}

/** Text that matches `pattern`; `undefined` when it is not given. A bare number is taken as its text. */
export function text(pattern: Pattern, allowed: string, meaning: string): Field<string | undefined> {
  return {
    type: "string",
    allowed,
    default: undefined,
    meaning,
    schema: { type: "string", ...(pattern instanceof RegExp ? { pattern: pattern.source } : {}) },
    read(raw) {
      const value = typeof raw === "number" ? String(raw) : raw;
      return typeof value === "string" && pattern.test(value) ? { value } : undefined;
    },
  };
}

/** Text with a default. */
export function textOr(pattern: Pattern, allowed: string, fallback: string, meaning: string): Field<string> {
  const inner = text(pattern, allowed, meaning);
  return {
    ...inner,
    default: fallback,
    read(raw) {
      const read = inner.read(raw);
      return read?.value === undefined ? undefined : { value: read.value };
    },
  };
}

/** The same field without a default: undefined when it is not given. */
export const optional = <T>(field: Field<T>): Field<T | undefined> => ({ ...field, default: undefined });

/** A list whose members `readMember` each accepts. */
export function list<T>(
  readMember: (raw: unknown) => T | undefined,
  allowed: string,
  fallback: readonly T[],
  meaning: string,
  items: JsonSchema = {},
): Field<readonly T[]> {
  return {
    type: "array",
    allowed,
    default: fallback,
    meaning,
    schema: { type: "array", items },
    read(raw) {
      if (!Array.isArray(raw)) return undefined;
      const value: T[] = [];
      for (const member of raw) {
        const read = readMember(member);
        if (read === undefined) return undefined;
        value.push(read);
      }
      return { value };
    },
  };
}

/** A map from names (environment variables, tags) to text that matches `valuePattern`. */
export function textMap(
  namePattern: RegExp,
  allowed: string,
  meaning: string,
  valuePattern = /^[\s\S]*$/,
): Field<Readonly<Record<string, string>>> {
  return {
    type: "object",
    allowed,
    default: {},
    meaning,
    read(raw) {
      if (!isRecord(raw)) return undefined;
      const value: Record<string, string> = {};
      for (const [name, entry] of Object.entries(raw)) {
        const scalar = typeof entry === "string" || typeof entry === "number" || typeof entry === "boolean";
        if (!namePattern.test(name) || !scalar || !valuePattern.test(String(entry))) return undefined;
        value[name] = String(entry);
      }
      return { value };
    },
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const matching = (pattern: RegExp) => (raw: unknown) =>
  typeof raw === "string" && pattern.test(raw) ? raw : undefined;

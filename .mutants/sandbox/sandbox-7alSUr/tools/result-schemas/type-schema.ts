import ts from "typescript";

/** A JSON Schema, as it is written. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schemas of types as JSON.stringify writes their values: what is undefined is left out. */
export class TypeSchemas {
  readonly #checker: ts.TypeChecker;
  /** By name; undefined while it is being made. */
  readonly #named = new Map<string, JsonSchema | undefined>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  get definitions(): ReadonlyMap<string, JsonSchema | undefined> {
    return this.#named;
  }

  of(type: ts.Type): JsonSchema {
    const name = nameOf(type);
    if (name === undefined) return this.#inline(type);
    if (!this.#named.has(name)) {
      this.#named.set(name, undefined);
      this.#named.set(name, this.#inline(type));
    }
    return { $ref: `#/definitions/${name}` };
  }

  #inline(type: ts.Type): JsonSchema {
    if (type.isUnion()) return this.#union(type.types);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    const { flags } = type;
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: this.#checker.typeToString(type) === "true" };
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (flags & ts.TypeFlags.Null) return { type: "null" };
    if (flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral)) return { type: "string" };
    if (flags & ts.TypeFlags.Number) return { type: "number" };
    if (flags & ts.TypeFlags.Boolean) return { type: "boolean" };
    if (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return this.#object(type);
    throw new Error(`no JSON is known of the type ${this.#checker.typeToString(type)}`);
  }

  #union(types: readonly ts.Type[]): JsonSchema {
    const kept = types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const isWholeBoolean = kept.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral).length === 2;
    const others = isWholeBoolean ? kept.filter(({ flags }) => !(flags & ts.TypeFlags.BooleanLiteral)) : kept;
    const schemas = [...others.map((one) => this.of(one)), ...(isWholeBoolean ? [{ type: "boolean" }] : [])];
    const values = schemas.flatMap((schema) => ("const" in schema ? [schema["const"]] : []));
    const rest = schemas.filter((schema) => !("const" in schema));
    // The compiler has the values of a union in the order in which it has met them.
    const sorted = values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    const all = values.length > 1 ? [{ enum: sorted }, ...rest] : schemas;
    return all.length === 1 ? (all[0] ?? {}) : { anyOf: all };
  }

  #object(type: ts.Type): JsonSchema {
    const checker = this.#checker;
    if (type.getCallSignatures().length > 0) throw new Error("a function is no JSON");
    if (checker.isArrayType(type) || checker.isTupleType(type)) {
      // Both are references to Array or a tuple, with the types of what is in them.
      const items = checker.getTypeArguments(type as ts.TypeReference).map((item) => this.of(item));
      const schema = items.length === 1 ? items[0] : { anyOf: items };
      return { type: "array", items: items.length === 0 ? false : schema };
    }
    const symbol = type.getSymbol()?.name ?? "";
    if (["Map", "ReadonlyMap", "Set", "ReadonlySet", "Date"].includes(symbol))
      throw new Error(`${symbol} is no JSON`);
    const properties: Record<string, JsonSchema> = {};
    const required: string[] = [];
    for (const property of checker.getPropertiesOfType(type)) {
      const value = checker.getTypeOfSymbol(property);
      if (value.getCallSignatures().length > 0 || property.name.startsWith("__@")) continue;
      const meaning = ts
        .displayPartsToString(property.getDocumentationComment(checker))
        .replaceAll(/\s+/g, " ");
      const found = this.#defined(value);
      if (found === undefined) continue;
      const schema = INFINITE.has(property.name) ? orNull(found) : found;
      properties[property.name] = meaning === "" ? schema : described(schema, meaning);
      if (!isOptional(property, value)) required.push(property.name);
    }
    const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
    return {
      type: "object",
      ...(Object.keys(properties).length === 0 ? {} : { properties }),
      ...(required.length === 0 ? {} : { required }),
      ...(index === undefined ? {} : { additionalProperties: this.#inDict(index.type) }),
    };
  }

  #inDict(type: ts.Type): JsonSchema {
    return orNull(this.#defined(type) ?? {});
  }

  /** undefined: it is never there. */
  #defined(type: ts.Type): JsonSchema | undefined {
    return type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Never) ? undefined : this.of(type);
  }
}

/** An e-value grows beyond all numbers, and a ratio to no event at all has no upper end. */
const INFINITE: ReadonlySet<string> = new Set(["evidence", "contribution", "high"]);

/** JSON.stringify writes null for what is infinite or no number (ECMA-262, SerializeJSONProperty). */
function orNull(schema: JsonSchema): JsonSchema {
  if (schema["type"] === "number") return { ...schema, type: ["number", "null"] };
  const { anyOf } = schema;
  // Made above, of schemas alone.
  return Array.isArray(anyOf) ? { ...schema, anyOf: anyOf.map((one: JsonSchema) => orNull(one)) } : schema;
}

/** A $ref has no siblings in draft-07. */
const described = (schema: JsonSchema, description: string): JsonSchema =>
  "$ref" in schema ? { description, allOf: [schema] } : { description, ...schema };

const isOptional = (property: ts.Symbol, type: ts.Type): boolean =>
  (property.flags & ts.SymbolFlags.Optional) !== 0 ||
  (type.isUnion() && type.types.some(({ flags }) => flags & ts.TypeFlags.Undefined)) ||
  (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;

/** Of a type that the product has named; undefined: of another, or of one with parameters, which is many. */
function nameOf(type: ts.Type): string | undefined {
  if (type.aliasSymbol !== undefined)
    return type.aliasTypeArguments === undefined ? own(type.aliasSymbol) : undefined;
  const symbol = type.getSymbol();
  const isInterface = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Interface) !== 0;
  // An interface without parameters is no reference to one.
  return isInterface && !("typeArguments" in type && type.typeArguments) && !("resolvedTypeArguments" in type)
    ? own(symbol)
    : undefined;
}

function own(symbol: ts.Symbol): string | undefined {
  const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? "";
  return file.includes("/node_modules/") ? undefined : symbol.name;
}

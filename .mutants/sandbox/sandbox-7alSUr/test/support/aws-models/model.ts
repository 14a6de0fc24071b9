import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What AWS's service model says of a type. Names of types without a bound of their own are those of SCALARS. */
export interface Shape {
  readonly type: string;
  /** Of a structure, by name: the name of each member's type. */
  readonly members?: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
  /** Of a list or of a map's values, of a map's keys: the name of their type. */
  readonly member?: string;
  readonly key?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** Of a text its length, of a list or a map how many, of a number its value. */
  readonly min?: number;
  readonly max?: number;
}

/** Types of which a model says no more than what they are. */
export const SCALARS = [
  "string",
  "integer",
  "long",
  "float",
  "double",
  "boolean",
  "blob",
  "timestamp",
] as const;

export interface ServiceModel {
  /** The API's version. */
  readonly version: string;
  /** The name of each operation's input type. */
  readonly operations: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface Models {
  /** Where the models are from, and how to write them anew. */
  readonly source: string;
  readonly services: Readonly<Record<string, ServiceModel>>;
}

export const MODELS_FILE = join(import.meta.dirname, "models.json");

// As tools/aws-models.ts writes it.
export const readModels = (): Models => JSON.parse(readFileSync(MODELS_FILE, "utf8")) as Models;

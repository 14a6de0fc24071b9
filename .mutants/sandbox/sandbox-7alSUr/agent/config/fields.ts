import { isObject } from "../json.ts";

/** A setting that the agent cannot run with; its message is the one line that the user sees. */
export class WrongSetting extends Error {}

interface NumberRange {
  readonly least: number;
  readonly most: number;
  /** Undefined: the member must be given. */
  readonly otherwise?: number;
}

/** The members of one JSON object, each read once and by name; what it does not know it refuses. */
export class Fields {
  private readonly where: string;
  private readonly members: Readonly<Record<string, unknown>>;

  constructor(value: unknown, where: string, known: readonly string[]) {
    if (!isObject(value)) throw new WrongSetting(`${where} is ${shown(value)}; it takes an object`);
    const unknown = Object.keys(value).find((name) => !known.includes(name));
    if (unknown !== undefined) {
      throw new WrongSetting(`${where} has no member ${unknown}; it takes ${known.join(", ")}`);
    }
    this.where = where;
    this.members = value;
  }

  private refuse(name: string, takes: string): never {
    throw new WrongSetting(`${this.where}.${name} is ${shown(this.members[name])}; it takes ${takes}`);
  }

  number(name: string, { least, most, otherwise }: NumberRange): number {
    const value = this.members[name] ?? otherwise;
    if (typeof value === "number" && value >= least && value <= most) return value;
    return this.refuse(name, `a number from ${least} to ${most}`);
  }

  text(name: string): string | undefined {
    const value = this.members[name];
    if (value === undefined || (typeof value === "string" && value !== "")) return value;
    return this.refuse(name, "a text");
  }

  texts(name: string, otherwise: readonly string[], most = 100): readonly string[] {
    const value = this.members[name];
    if (value === undefined) return otherwise;
    if (!Array.isArray(value) || value.length > most)
      return this.refuse(name, `a list of at most ${most} texts`);
    return value.map((one: unknown) =>
      typeof one === "string" && one !== "" ? one : this.refuse(name, "a list of texts"),
    );
  }

  /** Of `allowed` alone. */
  words(name: string, allowed: readonly string[], otherwise: readonly string[]): readonly string[] {
    const words = this.texts(name, otherwise);
    if (words.every((word) => allowed.includes(word))) return words;
    return this.refuse(name, `a list of ${allowed.join(", ")}`);
  }

  /** Texts by name. */
  named(name: string): Readonly<Record<string, string>> {
    const value = this.members[name] ?? {};
    if (!isObject(value)) return this.refuse(name, "an object of texts");
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [
        key,
        typeof one === "string" && one !== "" ? one : this.refuse(name, "an object of texts"),
      ]),
    );
  }

  /** A port, or the name of the environment variable that holds it. */
  port(name: string, environment: Environment, otherwise?: string): number {
    const given = this.members[name] ?? otherwise;
    const takes = "a port, or the name of an environment variable that holds one";
    const value = typeof given === "string" ? Number(environment[given] ?? Number.NaN) : given;
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
    if (typeof given !== "string") return this.refuse(name, takes);
    const held = environment[given];
    throw new WrongSetting(
      `${this.where}.${name} is to be in ${given}, which ${held === undefined ? "is not set" : `holds ${held}`}; it takes ${takes}`,
    );
  }

  /** What is one level deeper; undefined: it is not there. */
  inner<T>(name: string, read: (value: unknown, where: string) => T): T | undefined {
    const value = this.members[name];
    return value === undefined ? undefined : read(value, `${this.where}.${name}`);
  }

  list<T>(name: string, read: (value: unknown, where: string) => T): readonly T[] {
    const value = this.members[name] ?? [];
    if (!Array.isArray(value)) return this.refuse(name, "a list");
    return value.map((one: unknown, at) => read(one, `${this.where}.${name}[${at}]`));
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

const shown = (value: unknown) => (value === undefined ? "missing" : JSON.stringify(value).slice(0, 60));

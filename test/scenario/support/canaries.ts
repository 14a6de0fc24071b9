import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/** A secret by the name of what it opens; no other text of the machine is equal to its value. */
export type Canaries = Readonly<Record<string, string>>;

export const canary = (): string => `canary${randomBytes(21).toString("hex")}`;

/** A place where a secret was seen. */
export interface Sighting {
  readonly secret: string;
  readonly where: string;
}

/** Which of the secrets a text has, in clear or in the forms in which programs put a text into another one. */
export function sightings(text: string, where: string, canaries: Canaries): readonly Sighting[] {
  return Object.entries(canaries).flatMap(([secret, value]) =>
    formsOf(value).some((form) => text.includes(form)) ? [{ secret, where }] : [],
  );
}

/** In base64 it may begin at any of three places of a group: what is the same for all stands in the middle. */
function formsOf(value: string): readonly string[] {
  const base64 = [0, 1, 2].map((before) =>
    Buffer.from(`${" ".repeat(before)}${value}`)
      .toString("base64")
      .slice(4, -8),
  );
  return [value, ...base64, Buffer.from(value).toString("hex")];
}

export interface ProcessWatch {
  /** Ends it; what was seen, each once. */
  stop(): { readonly sightings: readonly Sighting[]; readonly looks: number; readonly processes: number };
}

const EVERY_MS = 50;

/**
 * Reads the arguments of every process of the machine again and again, as any user of it can, and the environment of
 * those that must have none of the secrets.
 */
export function watchProcesses(
  canaries: Canaries,
  /** Which secrets may stand in the environment of a process with these arguments. */
  mayHave: (argumentsOf: string) => readonly string[] | "all",
): ProcessWatch {
  const seen = new Map<string, Sighting>();
  const processes = new Set<string>();
  let looks = 0;
  const keep = (found: readonly Sighting[]) => {
    for (const one of found) seen.set(JSON.stringify(one), one);
  };
  const timer = setInterval(() => {
    looks += 1;
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const words = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
      if (words === "") continue;
      processes.add(pid);
      keep(sightings(words, `arguments of ${words.split(" ").slice(0, 3).join(" ")}`, canaries));
      const allowed = mayHave(words);
      if (allowed === "all") continue;
      const others = Object.fromEntries(Object.entries(canaries).filter(([name]) => !allowed.includes(name)));
      keep(sightings(read(`/proc/${pid}/environ`), `environment of ${words.slice(0, 80)}`, others));
    }
  }, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return { sightings: [...seen.values()], looks, processes: processes.size };
    },
  };
}

/** Empty: the process is gone, or is another user's. */
function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // Between the list and the look processes end.
    return "";
  }
}

/** Tag of everything that a run makes; its value is the run's id. */
export const RUN_TAG = "ml-blue-green:test-run";

// t, the UTC minute, two letters: bgtest-t2611291405ab. It stands in every name, so that what has no tags, or whose tags
// cost a call each, is found as well.
const NAME = /bgtest-(t\d{10}[a-z]{2})/;

export const runName = (run: string) => `bgtest-${run}`;

/** The run whose name stands in a text; undefined: none. */
export const runIn = (text: string): string | undefined => NAME.exec(text)?.[1];

export function newRun(nowMs: number, random: () => number): string {
  const minute = new Date(nowMs).toISOString().replaceAll(/\D/g, "").slice(2, 12);
  const letter = () => String.fromCodePoint(97 + Math.floor(random() * 26));
  return `t${minute}${letter()}${letter()}`;
}

/** What a run makes, in the order in which it can go: nothing before what is still in use by it. */
export const KINDS = [
  "compositeAlarm",
  "alarm",
  "dashboard",
  "scalableTarget",
  "service",
  "task",
  "loadBalancer",
  "targetGroup",
  "taskDefinition",
  "cluster",
  "logGroup",
  "role",
  "certificate",
  "securityGroup",
] as const;
export type Kind = (typeof KINDS)[number];

export interface Thing {
  readonly kind: Kind;
  /** What its deletion takes: an ARN, a name, an id. */
  readonly id: string;
  readonly run: string;
}

/** All things of one kind that runs have left in an account and region. */
export interface Shelf {
  /** Of all runs. */
  list(): Promise<readonly Thing[]>;
  /** Throws while something else still uses it; for one that is gone already it may throw or not. */
  remove(thing: Thing): Promise<void>;
}

export type Shelves = Readonly<Record<Kind, Shelf>>;

/** A shelf of names: whatever has the name of a run in it. */
export const named = (
  kind: Kind,
  names: () => Promise<readonly string[]>,
  remove: (id: string) => Promise<unknown>,
): Shelf => ({
  list: async () =>
    (await names()).flatMap((id) => {
      const run = runIn(id);
      return run === undefined ? [] : [{ kind, id, run }];
    }),
  remove: async ({ id }) => void (await remove(id)),
});

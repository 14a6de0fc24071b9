import type { Clock } from "../clock.ts";
import { readBody, type Body } from "./body.ts";

/** A dashboard as it was put. */
export interface Dashboard {
  readonly name: string;
  /** As it was given: CloudWatch does not rewrite it. */
  readonly json: string;
  readonly modifiedMs: number;
}

/** The dashboards of CloudWatch: kept, and drawn by nobody but a person's browser. */
export interface Dashboards {
  /** Keeps a dashboard, in place of the one of that name. */
  put(name: string, json: string): void;
  /** Takes away those of these names. */
  remove(names: readonly string[]): void;
  find(name: string): Dashboard | undefined;
  /** By name. */
  all(): readonly Dashboard[];
  names(): readonly string[];
  /** The body of a dashboard; undefined: there is none of that name. */
  body(name: string): Body | undefined;
  /** JSON-safe. */
  snapshot(): unknown;
  /** @throws when the snapshot has another format. */
  restore(snapshot: unknown): void;
  onChange(listener: () => void): void;
}

const FORMAT = 1;

export function createDashboards({ clock }: { clock: Clock }): Dashboards {
  const saved = new Map<string, Dashboard>();
  const listeners: (() => void)[] = [];
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const all = () => [...saved.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));

  return {
    put(name, json) {
      saved.set(name, { name, json, modifiedMs: clock.now() });
      changed();
    },
    remove(names) {
      for (const name of names) saved.delete(name);
      changed();
    },
    find: (name) => saved.get(name),
    all,
    names: () => all().map(({ name }) => name),
    body(name) {
      const found = saved.get(name);
      const read = found && readBody(found.json);
      return read?.ok === true ? read.body : undefined;
    },
    snapshot: () => ({ format: FORMAT, dashboards: all() }),
    restore(snapshot) {
      // Only snapshot() above writes this; the format says whether this code can read it.
      const { format, dashboards } = snapshot as { format: number; dashboards: Dashboard[] };
      if (format !== FORMAT)
        throw new Error(`dashboards were saved in format ${format}; this version reads ${FORMAT}`);
      for (const dashboard of dashboards) saved.set(dashboard.name, dashboard);
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

import * as v from "valibot";
import { AwsError } from "../aws-api/errors.ts";
import type { Operations } from "../aws-api/operations.ts";
import { arnOf } from "../arn.ts";
import type { Clock } from "../clock.ts";
import { list, page, parseInput, text } from "../metrics/input.ts";
import { readBody, type Body } from "./body.ts";

interface Saved {
  readonly name: string;
  /** As it was given: CloudWatch does not rewrite it. */
  readonly json: string;
  readonly modifiedMs: number;
}

/** The dashboards of CloudWatch: kept, checked as CloudWatch checks them, and drawn by nobody but a person's browser. */
export interface Dashboards {
  readonly operations: Operations;
  /** The body of a dashboard; undefined: there is none of that name. */
  body(name: string): Body | undefined;
  names(): readonly string[];
  /** JSON-safe. */
  snapshot(): unknown;
  /** @throws when the snapshot has another format. */
  restore(snapshot: unknown): void;
  onChange(listener: () => void): void;
}

const FORMAT = 1;
const PAGE = 1000;
// CloudWatch API: A-Z, a-z, 0-9, "-", "_"; at most 255 characters.
const NAME = v.pipe(text(1, 255), v.regex(/^[A-Za-z0-9_-]+$/, "Member must satisfy pattern [A-Za-z0-9_-]+"));

export function createDashboards({ clock }: { clock: Clock }): Dashboards {
  const saved = new Map<string, Saved>();
  const listeners: (() => void)[] = [];
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const named = (name: string) => {
    const found = saved.get(name);
    if (found === undefined) throw notFound([name]);
    return found;
  };
  const all = () => [...saved.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));

  const operations: Operations = {
    PutDashboard(raw) {
      const input = parseInput("PutDashboard", putInput, raw);
      const read = readBody(input.DashboardBody);
      if (!read.ok) throw invalidBody(read.problems);
      const { DashboardName: name, DashboardBody: json } = input;
      saved.set(name, { name, json, modifiedMs: clock.now() });
      changed();
      return { DashboardValidationMessages: [] };
    },
    GetDashboard(raw) {
      const { DashboardName } = parseInput("GetDashboard", v.strictObject({ DashboardName: NAME }), raw);
      const { name, json } = named(DashboardName);
      return { DashboardArn: dashboardArn(name), DashboardBody: json, DashboardName: name };
    },
    ListDashboards(raw) {
      const { DashboardNamePrefix = "", NextToken } = parseInput("ListDashboards", listInput, raw);
      const matching = all().filter(({ name }) => name.startsWith(DashboardNamePrefix));
      const { items, next } = page(matching, PAGE, NextToken);
      const entries = items.map(({ name, json, modifiedMs }) => ({
        DashboardName: name,
        DashboardArn: dashboardArn(name),
        LastModified: new Date(modifiedMs),
        Size: Buffer.byteLength(json),
      }));
      return { DashboardEntries: entries, NextToken: next };
    },
    DeleteDashboards(raw) {
      const { DashboardNames } = parseInput("DeleteDashboards", deleteInput, raw);
      // CloudWatch API: if one of them does not exist, none is deleted.
      const missing = DashboardNames.filter((name) => !saved.has(name));
      if (missing.length > 0) throw notFound(missing);
      for (const name of DashboardNames) saved.delete(name);
      changed();
      return {};
    },
  };

  return {
    operations,
    body(name) {
      const found = saved.get(name);
      const read = found && readBody(found.json);
      return read?.ok === true ? read.body : undefined;
    },
    names: () => all().map(({ name }) => name),
    snapshot: () => ({ format: FORMAT, dashboards: all() }),
    restore(snapshot) {
      // Only snapshot() above writes this; the format says whether this code can read it.
      const { format, dashboards } = snapshot as { format: number; dashboards: Saved[] };
      if (format !== FORMAT)
        throw new Error(`dashboards were saved in format ${format}; this version reads ${FORMAT}`);
      for (const dashboard of dashboards) saved.set(dashboard.name, dashboard);
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

/** CloudWatch: dashboards belong to an account, not to a region. */
const dashboardArn = (name: string) => arnOf("cloudwatch", "", `dashboard/${name}`);

const putInput = v.strictObject({ DashboardName: NAME, DashboardBody: v.string() });
const listInput = v.strictObject({
  DashboardNamePrefix: v.optional(text(0, 255)),
  NextToken: v.optional(v.string()),
});
const deleteInput = v.strictObject({ DashboardNames: list(NAME, 100) });

function notFound(names: readonly string[]): AwsError {
  return new AwsError("DashboardNotFoundError", `Dashboard ${names.join(", ")} does not exist`, 404);
}

function invalidBody(problems: readonly unknown[]): AwsError {
  const count = `there are ${problems.length} validation errors`;
  const shown = JSON.stringify(problems, undefined, 2);
  return new AwsError("DashboardInvalidInputError", `The dashboard body is invalid, ${count}:\n${shown}`);
}

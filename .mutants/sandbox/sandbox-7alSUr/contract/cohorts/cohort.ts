import { integer, isRecord, oneOf, text } from "../config/field.ts";
import type { ConfigReader } from "../config/reader.ts";
import { SLOTS, type Slot } from "../slot.ts";

/** Requests with this header go to this slot, whatever the split is, until then. Written by the tools. */
export interface Cohort {
  readonly name: string;
  readonly slot: Slot;
  readonly header: string;
  /** One of them must be the header's whole value. */
  readonly values: readonly string[];
  /** ISO 8601, the cloud's clock. */
  readonly until: string;
  /** From 1: its rule stands so many numbers before those of the slots. It keeps it, so no two rules ever swap. */
  readonly place: number;
}

/** Rules that may stand before the route for cohorts; ELB allows 100 for each load balancer (ELB quotas). */
export const MOST_COHORTS = 10;

/** Numbers before the route that are taken when cohorts are on: test rules, the slots' cohort rules, and cohorts. */
export const RULES_BEFORE_ROUTE = 2 + 2 + MOST_COHORTS;

export const COHORT_FIELDS = {
  name: text(
    /^[a-z0-9][a-z0-9-]{0,30}$/,
    "small letters, digits and hyphens, at most 31, beginning with a letter or digit",
    "",
  ),
  // ELB API, HttpHeaderConditionConfig: at most 40 characters; the host has a condition of its own.
  header: text(
    /^(?!(host|x-slot|x-slot-token)$)[a-z0-9][a-z0-9-]{0,39}$/i,
    "a header's name of letters, digits and hyphens, at most 40, and none of host, x-slot, x-slot-token",
    "",
  ),
  // ELB API: at most 128 characters; * and ? would stand for others.
  value: text(
    /^[A-Za-z0-9 _.:/=+@-]{1,128}$/,
    "letters, digits, spaces and `_ . : / = + @ -`, at most 128",
    "",
  ),
  until: text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, "an ISO 8601 time", ""),
} as const;

const slotField = oneOf(SLOTS, "green", "");
const placeField = integer({ min: 1, max: MOST_COHORTS }, 1, "");

/** The list `cohorts`; what is none is reported, and left out. */
export const readCohorts = (reader: ConfigReader): readonly Cohort[] =>
  reader.list("cohorts").flatMap((raw, index) => {
    const cohort = readCohort(raw);
    if (cohort !== undefined) return [cohort];
    const key = `cohorts[${index}]`;
    reader.refuse(key, raw, "what `npx bluegreen cohort add` wrote", `pulumi config rm --path '${key}'`);
    return [];
  });

function readCohort(raw: unknown): Cohort | undefined {
  if (!isRecord(raw)) return undefined;
  const name = COHORT_FIELDS.name.read(raw["name"])?.value;
  const header = COHORT_FIELDS.header.read(raw["header"])?.value;
  const until = COHORT_FIELDS.until.read(raw["until"])?.value;
  const slot = slotField.read(raw["slot"])?.value;
  const place = placeField.read(raw["place"])?.value;
  const given = Array.isArray(raw["values"]) ? raw["values"] : [];
  const values = given.flatMap((one: unknown) => COHORT_FIELDS.value.read(one)?.value ?? []);
  const isWhole = values.length === given.length && values.length > 0;
  if (name === undefined || header === undefined || until === undefined) return undefined;
  if (slot === undefined || place === undefined || !isWhole) return undefined;
  return { name, slot, header, values, until, place };
}

export const isOver = ({ until }: Cohort, nowMs: number): boolean => Date.parse(until) <= nowMs;

/** `internal: x-team=ml goes to green until 2026-12-01T00:00:00.000Z`. */
export const cohortWords = ({ name, header, values, slot, until }: Cohort): string =>
  `${name}: ${header}=${values.join(" or ")} goes to ${slot} until ${until}`;

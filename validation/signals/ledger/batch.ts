import { createHash } from "node:crypto";
import * as v from "valibot";
import { SLOTS, type Slot } from "../../../contract/slot.ts";
import type { Labelled } from "../feedback/row.ts";

/** Labels of equal predictions: of one minute, slot, version and segment, right or wrong alike. */
export interface LabelGroup {
  /** Begin of the minute of the predictions, epoch ms. */
  readonly minuteMs: number;
  readonly slot: Slot;
  readonly version: string;
  readonly segments: Readonly<Record<string, string>>;
  /** undefined: only their losses are known. */
  readonly wrong: boolean | undefined;
  /** Hashes of the rows' ids. */
  readonly ids: readonly string[];
  /** One for each row; undefined: only right or wrong is known. */
  readonly losses: readonly number[] | undefined;
}

/** What one call of `feedback` has brought. It is written once and never changed. */
export interface LabelBatch {
  /** When it came, epoch ms of the cloud's clock. */
  readonly arrivedMs: number;
  readonly groups: readonly LabelGroup[];
}

const MINUTE_MS = 60_000;
/** Characters of base64url: 72 bits, so that no two of a billion rows are taken for one. */
const ID_LENGTH = 12;

const sha256 = (text: string) => createHash("sha256").update(text);
const hashOf = (id: string) => sha256(id).digest("base64url").slice(0, ID_LENGTH);

/** The rows as a batch, and a name that only the same rows have. */
export function batchOf(
  rows: readonly Labelled[],
  arrivedMs: number,
): { readonly name: string; readonly text: string } {
  const hashed = rows.map((row) => ({ ...row, id: hashOf(row.id) }));
  const ids = hashed.map(({ id }) => id).toSorted();
  const groups = Map.groupBy(hashed, ({ atMs, slot, version, segments, wrong, loss }) =>
    JSON.stringify([
      Math.floor(atMs / MINUTE_MS),
      slot,
      version,
      segments,
      wrong ?? null,
      loss === undefined,
    ]),
  );
  const written = [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const { atMs, slot, version, segments, wrong } = first;
    const losses = members.flatMap(({ loss }) => (loss === undefined ? [] : [loss]));
    return [
      {
        minuteMs: Math.floor(atMs / MINUTE_MS) * MINUTE_MS,
        slot,
        version,
        segments,
        ...(wrong === undefined ? {} : { wrong }),
        ids: members.map(({ id }) => id).join(""),
        ...(losses.length === 0 ? {} : { losses }),
      },
    ];
  });
  return {
    name: sha256(ids.join("")).digest("hex").slice(0, 32),
    text: JSON.stringify({ version: 1, arrivedMs, groups: written }),
  };
}

const number = v.pipe(v.number(), v.finite());
const Written = v.object({
  version: v.literal(1),
  arrivedMs: number,
  groups: v.array(
    v.pipe(
      v.object({
        minuteMs: v.pipe(number, v.multipleOf(MINUTE_MS)),
        slot: v.picklist(SLOTS),
        version: v.string(),
        segments: v.record(v.string(), v.string()),
        wrong: v.optional(v.boolean()),
        ids: v.pipe(
          v.string(),
          v.nonEmpty(),
          v.check((ids) => ids.length % ID_LENGTH === 0),
        ),
        losses: v.optional(v.array(v.pipe(number, v.minValue(0), v.maxValue(1)))),
      }),
      v.check(({ ids, losses }) => losses === undefined || losses.length === ids.length / ID_LENGTH),
    ),
  ),
});

/** Throws where the text is not what `batchOf` wrote: a label that cannot be read is not left out silently. */
export function readBatch(name: string, text: string): LabelBatch {
  const read = v.safeParse(Written, parse(text));
  if (!read.success) throw new Error(`${name} is no batch of labels: ${read.issues[0].message}`);
  const { arrivedMs, groups } = read.output;
  return {
    arrivedMs,
    groups: groups.map(({ ids, wrong, losses, ...group }) => ({
      ...group,
      wrong,
      losses,
      ids: ids.match(new RegExp(`.{${ID_LENGTH}}`, "g")) ?? [],
    })),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the caller as what it is: no batch.
    return undefined;
  }
}

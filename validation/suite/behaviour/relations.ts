import type { Relation } from "../../../contract/config/suite-behaviour.ts";
import type { Slot } from "../../../contract/slot.ts";
import { asked, readOf } from "../../protocols/speaker.ts";
import { check, type Check } from "../check.ts";
import { numberOf } from "../tasks/values.ts";
import { spread, valuesFor, type Known, type Laboratory } from "./asking.ts";
import { differs } from "./differs.ts";
import { featuresOf, mapNumbers, type Feature } from "./features.ts";

const EXAMPLES = 20;

interface Judged {
  readonly words: string;
  readonly asked: number;
  readonly broken: number;
  /** Why nobody can say. */
  readonly why?: string;
}

/** One check for all that was declared: what is declared holds for every example, or it does not hold. */
export async function relations(
  laboratory: Laboratory,
  slot: Slot,
  declared: readonly Relation[],
  known: readonly Known[],
): Promise<readonly Check[]> {
  if (declared.length === 0) return [];
  const judged: Judged[] = [];
  for (const relation of declared) judged.push(await judge(laboratory, slot, relation, known));
  const numbers = {
    n: judged.reduce((sum, one) => sum + one.asked, 0),
    broken: judged.reduce((sum, one) => sum + one.broken, 0),
  };
  const broken = judged.filter((one) => one.broken > 0);
  const unknown = judged.filter((one) => one.why !== undefined || one.asked === 0);
  const sentence = (some: readonly Judged[]) =>
    some
      .map((one) => `${one.words}: ${one.why ?? `${one.broken} of ${one.asked} examples break it`}`)
      .join("; ");
  if (broken.length > 0) return [check("relations", "fail", sentence(broken), numbers)];
  if (unknown.length > 0) return [check("relations", "insufficient", sentence(unknown), numbers)];
  return [check("relations", "pass", sentence(judged), numbers)];
}

async function judge(
  laboratory: Laboratory,
  slot: Slot,
  relation: Relation,
  known: readonly Known[],
): Promise<Judged> {
  const some = spread(known, EXAMPLES);
  if (relation.kind === "batch-order") return batchOrder(laboratory, slot, some);
  const features = featuresOf(some[0]?.input);
  const named = "feature" in relation ? relation.feature : undefined;
  const feature = features.find(({ name }) => name === named || name === `[${named}]`);
  const words = wordsOf(relation);
  if (named !== undefined && feature === undefined) {
    return { words, asked: 0, broken: 0, why: `no example has a feature ${named}` };
  }
  const changed = some.map((one, index) =>
    changedInput(relation, feature, one, some[(index + 1) % some.length] ?? one),
  );
  const values = await valuesFor(laboratory, slot, changed);
  const answered = some.flatMap(({ candidate }, index) => {
    const value = values[index];
    return value === undefined ? [] : [{ before: candidate, after: value }];
  });
  const broken = answered.filter(({ before, after }) => isBroken(relation, before, after)).length;
  return { words, asked: answered.length, broken };
}

function changedInput(
  relation: Exclude<Relation, { kind: "batch-order" }>,
  feature: Feature | undefined,
  { input }: Known,
  other: Known,
): unknown {
  if (relation.kind === "irrelevant") return feature?.taken(input, other.input) ?? input;
  const change = relation.kind === "scaling" ? (value: number) => value * relation.factor : raised;
  return feature === undefined ? mapNumbers(input, change) : feature.mapped(input, change);
}

/** By a tenth of it, and of nothing by one. */
const raised = (value: number) => (value === 0 ? 1 : value + Math.abs(value) / 10);

function isBroken(relation: Relation, before: unknown, after: unknown): boolean {
  if (relation.kind !== "monotone") return differs(before, after);
  const [from, to] = [numberOf(before), numberOf(after)];
  if (from === undefined || to === undefined) return true;
  const risen = relation.direction === "up" ? to - from : from - to;
  return risen < 0 && differs(from, to);
}

const wordsOf = (relation: Exclude<Relation, { kind: "batch-order" }>) => {
  if (relation.kind === "irrelevant") return `${relation.feature} is irrelevant`;
  if (relation.kind === "monotone") return `the answer goes ${relation.direction} with ${relation.feature}`;
  return `${relation.feature ?? "every number"} times ${relation.factor} changes nothing`;
};

/** Forwards and backwards in one request each. */
async function batchOrder(
  { ask, speakers }: Laboratory,
  slot: Slot,
  some: readonly Known[],
): Promise<Judged> {
  const words = "the order of a batch is kept";
  const speaker = speakers[slot];
  if (!speaker.protocol.batches) {
    return { words, asked: 0, broken: 0, why: `${speaker.protocol.name} has no batches` };
  }
  let [n, broken] = [0, 0];
  for (const batch of [some, some.toReversed()]) {
    const reply = await ask(
      slot,
      asked(
        speaker,
        batch.map(({ input }) => ({ input })),
      ),
    );
    const read = readOf(speaker, reply, batch.length);
    if (!("values" in read)) continue;
    n += batch.length;
    broken += batch.filter(({ candidate }, at) => differs(candidate, read.values[at])).length;
  }
  return { words, asked: n, broken };
}

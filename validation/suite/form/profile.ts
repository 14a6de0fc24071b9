import { hasFraction, numberOf } from "../tasks/values.ts";
import type { Prediction } from "../measure.ts";
import { areProbabilities, isUnitVector, kindOf } from "./shape.ts";

/** Answers that differ in more ways than this have nothing in common. */
const MOST_NAMES = 1_000;

/** What all answers of the active slot have in common, and the numbers and classes that are known of them and of the labels. */
export class Profile {
  n = 0;
  readonly mediaTypes = new Set<string>();
  readonly kinds = new Set<string>();
  /** In each answer; undefined: there was none yet. */
  members: ReadonlySet<string> | undefined;
  areProbabilities = true;
  areUnitVectors = true;
  /** Each answer names a class. */
  areClasses = true;
  fractions = 0;
  fractionLabels = 0;
  labels = 0;
  readonly #classes = new Map<string, number>();
  readonly #labelled = new Set<string>();
  low = Number.POSITIVE_INFINITY;
  high = Number.NEGATIVE_INFINITY;

  answer({ value, category, shape }: Prediction): void {
    this.n += 1;
    if (this.kinds.size < MOST_NAMES) this.kinds.add(kindOf(value));
    this.areProbabilities &&= areProbabilities(value);
    this.areUnitVectors &&= isUnitVector(value);
    if (hasFraction(value)) this.fractions += 1;
    this.areClasses &&= category !== undefined;
    if (category !== undefined) this.#classes.set(category, (this.#classes.get(category) ?? 0) + 1);
    this.#number(value);
    if (shape === undefined) return;
    this.mediaTypes.add(shape.mediaType ?? "");
    if (shape.members === undefined) return;
    const own = new Set(shape.members);
    const { members = own } = this;
    this.members = new Set([...members].filter((member) => own.has(member)));
  }

  label(value: unknown, category: string | undefined): void {
    this.labels += 1;
    if (hasFraction(value)) this.fractionLabels += 1;
    if (category !== undefined) this.#labelled.add(category);
    this.#number(value);
  }

  #number(value: unknown): void {
    const number = numberOf(value);
    if (number === undefined) return;
    this.low = Math.min(this.low, number);
    this.high = Math.max(this.high, number);
  }

  isKnown(category: string): boolean {
    return this.#classes.has(category) || this.#labelled.has(category);
  }

  /** The rarest class that the active slot answers, how often it does. Below that there may be classes that nobody has seen. */
  get rarest(): number {
    return [...this.#classes.values()].reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  }
}

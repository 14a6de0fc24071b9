import type { SuitePolicy } from "../../../contract/config/suite.ts";
import type { Many } from "../many/many.ts";

/** What is said of one answer. */
export interface Mark {
  readonly right: boolean;
  /** How wrong it is, 0 (not at all) to 1; absent: the task knows right and wrong alone. */
  readonly loss?: number;
  /** How much too high a number is, from -1 to 1, which are two standard deviations of the labels. */
  readonly error?: number;
  /** The class that was answered, in one spelling; absent: the task has no classes, or the answer names none. */
  readonly category?: string;
}

/** An answer with what was right. */
export interface ReadPrediction {
  readonly value: unknown;
  readonly label: unknown;
  readonly mark: Mark;
}

/** One kind of right answers, made ready for one golden set. */
export interface Task {
  readonly name: string;
  /** Whether an answer is right or wrong; a regression without a tolerance knows only how far off one is. */
  readonly judgesRight: boolean;
  /** In words, what a loss of 1 is; absent: answers have no loss. */
  readonly lossOf?: string;
  /** The label in the spelling of `category`; absent: the task has no classes. */
  categoryOf?(label: unknown): string | undefined;
  /** Pure; never throws, whatever a server answers. */
  mark(value: unknown, label: unknown): Mark;
  /** What people know such models by, over all answers of one slot. */
  measures(answers: Iterable<ReadPrediction>): Readonly<Record<string, number>>;
}

/** What a task is made ready for. */
export interface Setting {
  readonly policy: SuitePolicy;
  readonly labels: Many<unknown>;
}

/** A kind of task: one file in this folder with one `definition`. */
export interface TaskDefinition {
  readonly name: string;
  /** Whether labels and answers look like this one; asked in the order of `choose.ts`. */
  fits(labels: Many<unknown>, answers: Many<unknown>): boolean;
  open(setting: Setting): Task;
}

export const defineTask = (definition: TaskDefinition): TaskDefinition => definition;

import type { Previous } from "./previous.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { sameSplit, showSplit, type Split } from "../route/split.ts";

/** Set to 1 in the environment of an update that a verb carries out; a person's own `pulumi up` has it not. */
export const BY_VERB = "BLUEGREEN_UPDATE_BY_VERB";

/** Which model an update by a verb is of: the other models of the program are to stay as they are deployed. */
export const OF_MODEL = "BLUEGREEN_UPDATE_OF_MODEL";
/** The generation of that model that the update was made up from. */
export const FROM_GENERATION = "BLUEGREEN_UPDATE_FROM_GENERATION";
/** The split of that model that the update was decided on, as blue/green: 90/10. */
export const FROM_SPLIT = "BLUEGREEN_UPDATE_FROM_SPLIT";
/** Set to 1 where such an update can touch nothing but the route of that model (`--target`). */
export const ROUTE_ALONE = "BLUEGREEN_UPDATE_OF_ROUTE_ALONE";

/** What the environment of an update says of who carries it out. */
export interface Writer {
  readonly isVerb: boolean;
  /** The model that a verb writes; undefined: it does not say, or a person updates all of them. */
  readonly model: string | undefined;
  /** undefined: it does not say. */
  readonly fromGeneration: number | undefined;
  /** undefined: it does not say, or it does not matter. */
  readonly fromSplit?: Split | undefined;
  readonly isRouteAlone: boolean;
}

export const writerIn = (environment: Readonly<Record<string, string | undefined>>): Writer => {
  const isVerb = environment[BY_VERB] === "1";
  const from = environment[FROM_GENERATION];
  return {
    isVerb,
    model: isVerb ? environment[OF_MODEL] : undefined,
    fromGeneration: isVerb && from !== undefined ? Number(from) : undefined,
    fromSplit: isVerb ? splitIn(environment[FROM_SPLIT]) : undefined,
    isRouteAlone: isVerb && environment[ROUTE_ALONE] === "1",
  };
};

const splitIn = (text: string | undefined): Split | undefined => {
  const [, blue, green] = /^(\d+)\/(\d+)$/.exec(text ?? "") ?? [];
  return blue === undefined ? undefined : { blue: Number(blue), green: Number(green) };
};

/** The environment of an update that a verb carries out. */
export const writerVariables = (
  model: string,
  fromGeneration: number,
  isRouteAlone: boolean,
  fromSplit?: Split,
): Record<string, string> => ({
  [BY_VERB]: "1",
  [OF_MODEL]: model,
  [FROM_GENERATION]: String(fromGeneration),
  ...(fromSplit === undefined ? {} : { [FROM_SPLIT]: `${fromSplit.blue}/${fromSplit.green}` }),
  ...(isRouteAlone ? { [ROUTE_ALONE]: "1" } : {}),
});

interface Generations {
  /** undefined: nothing is deployed, or not remembered. */
  readonly previous: number | undefined;
  readonly next: number;
  /** As deployed. */
  readonly split?: Split | undefined;
}

const OVERTAKEN = "was changed by another update while this one was made up";

/**
 * The program says it under the lock of the stack, where nobody writes beside it: an update that was made up from what was
 * deployed before would undo a change that has come since, of another model or of its own. A person's own update does not
 * count the generation up, and may have moved the users on whom a share was decided: the split tells. undefined: it
 * would undo nothing.
 */
export function overtaken(
  model: string,
  { previous, next, split }: Generations,
  writer: Writer,
): string | undefined {
  if (writer.model === undefined || previous === undefined) return undefined;
  const from = writer.model === model ? writer.fromGeneration : next;
  if (from !== undefined && from < previous)
    return `the model ${model} ${OVERTAKEN}: generation ${previous} is deployed, and it was made up from ${from}`;
  const { fromSplit } = writer;
  const isMoved = split !== undefined && fromSplit !== undefined && !sameSplit(split, fromSplit);
  return writer.model === model && isMoved
    ? `the model ${model} ${OVERTAKEN}: ${showSplit(split)} is deployed, and it was made up from ${showSplit(fromSplit)}`
    : undefined;
}

/**
 * An update of another model, which could touch this one, comes between the rollback of this one's users and the update
 * that tells Pulumi of it: that one waits for the stack, and has to come first.
 */
export const comesTooEarly = (model: string, isRolledBack: boolean, writer: Writer): string | undefined =>
  isRolledBack && writer.model !== undefined && writer.model !== model && !writer.isRouteAlone
    ? `the model ${model} ${OVERTAKEN}: its users were rolled back, and Pulumi is not told yet`
    : undefined;

/** Whether an update cannot touch this model, whatever its program says of it. */
export const isLeftOut = (model: string, writer: Writer): boolean =>
  writer.isRouteAlone && writer.model !== undefined && writer.model !== model;

export const saysOvertaken = (message: string): boolean => message.includes(OVERTAKEN);

/**
 * Verbs raise the generation, and some rules tell by that whose update it is. In a person's update a raised one comes from
 * elsewhere, such as another stack's file or one whose write failed: it counts as the deployed one, so that no rule is off.
 */
export const asManual = (previous: Previous | undefined, next: StackConfig): StackConfig =>
  previous === undefined || next.generation <= previous.generation
    ? next
    : { ...next, generation: previous.generation };

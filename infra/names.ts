import { randomInt } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { Home } from "./component/place.ts";
import { namesOf, readOrigin, type Identity, type Names, type Origin } from "../contract/names/names.ts";

/** Which model of which stack a place is of. */
export const identityOf = ({ model }: Home): Identity => ({
  project: pulumi.getProject(),
  stack: pulumi.getStack(),
  model,
});

/** The stack's names on AWS, and whether an update that left no outputs had begun with them. */
export interface StackNames {
  readonly names: Names;
  readonly isForgotten: boolean;
}

/**
 * The stack's names on AWS. `remembered`: what the last update's outputs say they were made of; undefined before the
 * first update that succeeded. `rolePath`: of its roles, when it is new. A new stack draws an id, and keeps it in its state from the first
 * moment on: a stash's output is the first input that it got, so an update that failed half way goes on with the same names.
 */
export async function stackNames(
  home: Home,
  remembered: Origin | undefined,
  rolePath: string,
): Promise<StackNames> {
  const input = remembered ?? newOrigin(home, rolePath);
  const stash = new pulumi.Stash(home.name("names"), { input }, home.options("names"));
  if (remembered !== undefined) return { names: namesOf(remembered), isForgotten: false };
  const kept = readOrigin(await firstValue(stash.output));
  return { names: namesOf(kept ?? input), isForgotten: kept !== undefined && kept.id !== input.id };
}

const newOrigin = (home: Home, rolePath: string): Origin => ({
  project: pulumi.getProject(),
  stack: pulumi.getStack(),
  ...(home.model === pulumi.getProject() ? {} : { model: home.model }),
  id: newId(),
  ...(rolePath === "/" ? {} : { rolePath }),
});

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

function newId(): string {
  return Array.from({ length: 6 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** What an output turns out to be; undefined: not known, as in an update whose `--target` leaves the resource out. */
export async function firstValue(output: pulumi.Output<unknown>): Promise<unknown> {
  // Every Output has it (@pulumi/pulumi/output.js); its published types leave it out.
  const { isKnown } = output as unknown as { readonly isKnown: Promise<boolean> };
  return (await isKnown) ? new Promise((resolve) => output.apply(resolve)) : undefined;
}

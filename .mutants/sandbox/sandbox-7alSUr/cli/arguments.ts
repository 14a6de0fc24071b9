import { InvalidArgumentError } from "commander";
import { isSlot, type Slot } from "../contract/slot.ts";

/** Readers of what options and arguments take; each refuses with what is allowed. */

export function whole(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`);
  };
}

export function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("It takes a number above 0.");
}

export function slotArgument(text: string): Slot {
  if (isSlot(text)) return text;
  throw new InvalidArgumentError("It takes blue or green.");
}

export function assignments(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("It takes NAME=value.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** Where reusable workflows are, as GitHub names it. */
export function workflowsAddress(text: string): string {
  if (/^[\w.-]+\/[\w.-]+@[^\s@]+$/.test(text)) return text;
  throw new InvalidArgumentError("It takes <owner>/<repository>@<tag or commit>.");
}

export function amount(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError("It takes a number, 0 or more.");
}

export function count(max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= max) return value;
    throw new InvalidArgumentError(`It takes a whole number from 1 to ${max}.`);
  };
}

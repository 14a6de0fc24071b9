/**
 * What a terminal obeys instead of showing it: C0 but for line ends and tabs, DEL and C1 (ECMA-48), and what turns the
 * direction of text or breaks a line unseen (Unicode UAX 9; "Trojan Source").
 */
const CONTROL = /[^\P{Cc}\n\t]|[\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu;
/**
 * What a CI runner obeys in a step's output: `::name …::` at the beginning of a line, and `##[name …]` anywhere in it
 * (actions/runner, ActionCommand.cs, TryParseV2 and TryParse); `##vso[…]` of Azure Pipelines, `##teamcity[…]`.
 */
const LINE_COMMAND = /^([^\S\n]*):(?=:)/gmu;
const COMMAND = /(##\w*)\[/gu;

/**
 * A text with strings from outside (what a model said, reasons of alarms and services) as it may be printed: what would
 * be obeyed stands there as `\uXXXX`. In JSON these are the same strings, so that it stays exact.
 */
export function harmless(text: string): string {
  return text
    .replaceAll(CONTROL, escaped)
    .replaceAll(LINE_COMMAND, (_, space: string) => `${space}${escaped(":")}`)
    .replaceAll(COMMAND, (_, start: string) => `${start}${escaped("[")}`);
}

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

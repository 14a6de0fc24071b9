import { Option } from "commander";

/** Options that several verbs have. */

/** A flag under the name that it had in 0.1; it goes with the next version. */
export const formerly = (flag: string): Option => new Option(flag).hideHelp();

export const evidenceOption = (): Option =>
  new Option("--evidence <file>", "write what the last check saw, as JSON");

/**
 * How a person does what a message asks for, in the program that runs this cloud: the last words of the message. Where
 * one is left out, the message ends before it.
 */
export interface Hints {
  /** A command that starts the cloud. */
  readonly start?: string;
  /** Where the keys of the AWS APIs are; a sentence without its full stop. */
  readonly keys?: string;
  /** Where the token of everything else is. */
  readonly token?: string;
  /** What comes after a start without resources: `the cloud then starts empty, and …`. */
  readonly rebuild?: string;
  /** What makes the first dashboard. */
  readonly dashboard?: string;
}

/** The text with the hint behind it; without a hint the text. */
export const withHint = (text: string, between: string, hint: string | undefined): string =>
  hint === undefined ? text : `${text}${between}${hint}`;

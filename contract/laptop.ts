const COMMAND = /(?<!npx bluegreen )(?<=^|[`\s])pulumi (?=up|config|stack|preview|refresh|destroy|cancel)/gm;

/**
 * Pulumi's commands as they are typed on the local stack, where there may be no Pulumi CLI, and where its own
 * would look for the stack elsewhere.
 */
export function asTypedOnLaptop(text: string): string {
  return text.replaceAll(COMMAND, "npx bluegreen pulumi ");
}

/** How a command is typed where this program runs. `localCloud`: the key of that name. */
export const typedFor = (localCloud: string | undefined): ((text: string) => string) =>
  localCloud === undefined ? (text) => text : asTypedOnLaptop;

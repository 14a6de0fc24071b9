import * as pulumi from "@pulumi/pulumi";
import { readPrevious, REMEMBERING_OUTPUTS, type Previous } from "../contract/transition/previous.ts";

/**
 * The stack as its last succeeded update left it, from its own outputs; undefined before the first one. Reading
 * is no change: it takes part in previews and updates alike, and `--target` does not leave it out.
 * @throws pulumi.RunError when the outputs are not those of this program.
 */
export async function readOwnOutputs(): Promise<Previous | undefined> {
  const name = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const self = new pulumi.StackReference("self", { name });
  const entries = await Promise.all(
    REMEMBERING_OUTPUTS.map(async (output) => {
      const { value, secretValue } = await self.getOutputDetails(output);
      return [output, value ?? secretValue] as const;
    }),
  );
  if (entries.every(([, value]) => value === undefined)) return undefined;
  const previous = readPrevious(Object.fromEntries(entries));
  if (previous !== undefined) return previous;
  throw new pulumi.RunError(
    `the outputs of the last update of ${name} are not those of this program (${REMEMBERING_OUTPUTS.join(", ")}), so it cannot tell what the update would do to users: run it with the version that deployed the stack`,
  );
}

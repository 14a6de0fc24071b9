import { UserError } from "./errors.ts";
import type { Properties } from "./provider.ts";
import type { StackState } from "./state.ts";
import { hasSecret } from "./values.ts";

/** Pulumi's file backend calls every organization so. */
export const ORGANIZATION = "organization";

/**
 * What `new pulumi.StackReference` gets: the outputs of the last update of that stack that succeeded; none before
 * the first. `own` is the stack that is being deployed. Throws UserError for a stack that does not exist.
 */
export async function stackReferenceOutputs(
  name: string,
  own: StackState,
  load: (stack: string) => Promise<StackState | undefined>,
): Promise<Properties> {
  const [organization, project, stack, ...more] = name.split("/");
  if (organization !== ORGANIZATION || project === undefined || stack === undefined || more.length > 0) {
    throw new UserError(
      `invalid stack reference "${name}": the embedded engine reads ${ORGANIZATION}/<project>/<stack>`,
    );
  }
  const found = stack === own.stack ? own : await load(stack);
  if (found === undefined || found.project !== project) throw new UserError(`unknown stack "${name}"`);
  const { outputs } = found;
  return {
    name,
    outputs,
    secretOutputNames: Object.keys(outputs).filter((key) => hasSecret(outputs[key])),
  };
}

import { randomUUID } from "node:crypto";

import { UserError } from "../errors.ts";
import { leafChanges, sameJson } from "../values/property-diff.ts";
import type { Properties, Provider } from "../values/provider.ts";
import type { StackState } from "../state/state.ts";
import { hasSecret } from "../values/values.ts";

/*
 * What Pulumi's engine does itself, without a plugin, as it does it (pulumi/pkg/resource/deploy/builtins.go).
 */

/** Pulumi's file backend calls every organization so. */
export const ORGANIZATION = "organization";

/** The invoke that reads a stack's outputs; no resource comes of it, so it changes nothing and is never out of date. */
export const READ_STACK_OUTPUTS = "pulumi:pulumi:readStackOutputs";

export const STASH_TYPE = "pulumi:index:Stash";

/**
 * What `readStackOutputs` and `new pulumi.StackReference` get: the outputs of the last update of that stack that
 * succeeded; none before the first. `own` is the stack that is being deployed. Throws UserError for a stack that
 * does not exist.
 */
export async function readStackOutputs(
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
    secretOutputNames: Object.keys(outputs)
      .filter((key) => hasSecret(outputs[key]))
      .toSorted(),
  };
}

/** `new pulumi.Stash(name, { input })`: its `output` is the first input that it was given. */
export const STASH: Provider = {
  check: ({ news }) => {
    const failures = Object.keys(news)
      .filter((key) => key !== "input")
      .map((property) => ({ property, reason: `unknown property "${property}"` }));
    if (!("input" in news)) failures.push({ property: "input", reason: 'missing required property "input"' });
    return Promise.resolve({ inputs: news, failures });
  },
  diff: ({ olds, news }) =>
    Promise.resolve({
      changes: sameJson(olds["input"], news["input"]) ? [] : ["input"],
      replaces: [],
      deleteBeforeReplace: false,
    }),
  planned: ({ inputs }) => ({ ...inputs, output: inputs["input"] }),
  create: ({ inputs }) =>
    Promise.resolve({ id: randomUUID(), outputs: { ...inputs, output: inputs["input"] } }),
  update: ({ news, outputs }) => Promise.resolve({ outputs: { ...news, output: outputs["output"] } }),
  delete: () => Promise.resolve(),
  read: ({ inputs, outputs }) => Promise.resolve({ inputs, outputs }),
  invoke: ({ token }) => Promise.reject(new Error(`a stash has no function ${token}`)),
};

/** Explicit providers (`new aws.Provider`): an id, and the inputs they were given. */
export const EXPLICIT_PROVIDERS: Provider = {
  check: ({ news }) => Promise.resolve({ inputs: news, failures: [] }),
  diff: ({ olds, news }) =>
    Promise.resolve({
      changes: leafChanges(olds, news).map(({ path }) => path),
      replaces: [],
      deleteBeforeReplace: false,
    }),
  create: ({ inputs }) => Promise.resolve({ id: randomUUID(), outputs: inputs }),
  update: ({ news }) => Promise.resolve({ outputs: news }),
  delete: () => Promise.resolve(),
  read: ({ inputs, outputs }) => Promise.resolve({ inputs, outputs }),
  invoke: ({ token }) => Promise.reject(new Error(`an explicit provider has no function ${token}`)),
};

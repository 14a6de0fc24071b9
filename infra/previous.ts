import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../contract/field.ts";
import type { LiveRoute } from "../contract/transition/taken-back.ts";
import { readPrevious, REMEMBERING_OUTPUTS, type Previous } from "../contract/transition/previous.ts";
import { readLiveRoute, whereRouteIs } from "./live-route.ts";

/** What the last succeeded update left, and what the route has become since; both undefined before the first one. */
export interface LastUpdate {
  readonly previous: Previous | undefined;
  readonly live: LiveRoute | undefined;
}

/**
 * The stack as its last succeeded update left it, from its own outputs; undefined before the first one. It takes
 * part in previews and updates alike, and `--target` does not leave it out.
 * @throws pulumi.RunError when the outputs are not those of this program.
 */
export async function readOwnOutputs(): Promise<LastUpdate> {
  const name = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const outputs = await readStackOutputs(name);
  if ([...REMEMBERING_OUTPUTS, "routeArn"].every((output) => outputs[output] === undefined)) {
    return { previous: undefined, live: undefined };
  }
  const previous = readPrevious(outputs);
  const route = whereRouteIs(outputs);
  if (previous !== undefined) return { previous, live: route && (await readLiveRoute(route)) };
  throw new pulumi.RunError(
    `the outputs of the last update of ${name} are not those of this program (${REMEMBERING_OUTPUTS.join(", ")}), so it cannot tell what the update would do to users: run it with the version that deployed the stack`,
  );
}

/**
 * A StackReference would read the same, but is a resource: its outputs lag one update behind, so every refresh and
 * every `preview --diff` would show them as changed (pulumi, pkg/resource/deploy/builtins.go, readStackOutputs).
 */
async function readStackOutputs(name: string): Promise<Readonly<Record<string, unknown>>> {
  const answer: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
  const outputs = isRecord(answer) ? answer["outputs"] : undefined;
  if (isRecord(outputs)) return outputs;
  throw new pulumi.RunError(`Pulumi's engine gave no outputs of ${name}: it is too old, or broken`);
}

import * as pulumi from "@pulumi/pulumi";
import type { LiveRoute } from "../contract/transition/taken-back.ts";
import { readPrevious, REMEMBERING_OUTPUTS, type Previous } from "../contract/transition/previous.ts";
import { readLiveRoute, whereRouteIs } from "./live-route.ts";

/** What the last succeeded update left, and what the route has become since; both undefined before the first one. */
export interface LastUpdate {
  readonly previous: Previous | undefined;
  readonly live: LiveRoute | undefined;
}

/**
 * The stack as its last succeeded update left it, from its own outputs; undefined before the first one. Reading
 * is no change: it takes part in previews and updates alike, and `--target` does not leave it out.
 * @throws pulumi.RunError when the outputs are not those of this program.
 */
export async function readOwnOutputs(): Promise<LastUpdate> {
  const name = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const self = new pulumi.StackReference("self", { name });
  const entries = await Promise.all(
    [...REMEMBERING_OUTPUTS, "routeArn"].map(async (output) => {
      const { value, secretValue } = await self.getOutputDetails(output);
      return [output, value ?? secretValue] as const;
    }),
  );
  if (entries.every(([, value]) => value === undefined)) return { previous: undefined, live: undefined };
  const outputs = Object.fromEntries(entries);
  const previous = readPrevious(outputs);
  const route = whereRouteIs(outputs);
  if (previous !== undefined) return { previous, live: route && (await readLiveRoute(route)) };
  throw new pulumi.RunError(
    `the outputs of the last update of ${name} are not those of this program (${REMEMBERING_OUTPUTS.join(", ")}), so it cannot tell what the update would do to users: run it with the version that deployed the stack`,
  );
}

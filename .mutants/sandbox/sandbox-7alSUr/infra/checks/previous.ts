import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../../contract/config/field.ts";
import { perSlot, type PerSlot } from "../../contract/slot.ts";
import type { RouteReading } from "../../contract/transition/rolled-back.ts";
import { readPrevious, REMEMBERING_OUTPUTS } from "../../contract/transition/read-previous.ts";
import type { Previous } from "../../contract/transition/previous.ts";
import type { Home } from "../component/place.ts";
import { outputsOfModel } from "../../contract/names/model-outputs.ts";
import type { StackBefore } from "./healthy-first.ts";
import { namesOf, readOrigin, type Origin } from "../../contract/names/names.ts";
import { readLiveRoute, whereRouteIs } from "./live-route.ts";

/** What the last succeeded update left, and what the route has become since; both undefined before the first one. */
export interface LastUpdate {
  readonly previous: Previous | undefined;
  readonly live: RouteReading | undefined;
  readonly requested: StackBefore["requested"];
  /** Where the stack is; undefined: not said. */
  readonly region: string | undefined;
  /** What the names on AWS were made of; undefined before the first one. */
  readonly origin: Origin | undefined;
  /** ARNs of the slots' production target groups; undefined: not said. */
  readonly targetGroups: PerSlot<string | undefined>;
  /** Ports that the slots' target groups were made with; undefined: not said. */
  readonly groupPorts: PerSlot<number | undefined>;
}

/**
 * The stack as its last succeeded update left it, from its own outputs; undefined before the first one. It takes
 * part in previews and updates alike, and `--target` does not leave it out.
 * @throws pulumi.RunError when the outputs are not those of this program.
 */
export async function readOwnOutputs({ model, asking }: Home): Promise<LastUpdate> {
  const name = stackName();
  const outputs = await lastOutputs(model);
  if ([...REMEMBERING_OUTPUTS, "routeArn"].every((output) => outputs[output] === undefined)) {
    return {
      previous: undefined,
      live: undefined,
      requested: requestedIn({}),
      region: undefined,
      origin: undefined,
      groupPorts: groupPortsIn({}),
      targetGroups: targetGroupsIn({}),
    };
  }
  const origin = originOf(outputs);
  const previous = readPrevious(outputs);
  const route = whereRouteIs(outputs);
  const { region } = outputs;
  if (previous !== undefined) {
    return {
      region: typeof region === "string" ? region : undefined,
      previous,
      live: route && (await readLiveRoute(route, asking)),
      requested: requestedIn(outputs),
      origin,
      groupPorts: groupPortsIn(outputs),
      targetGroups: targetGroupsIn(outputs),
    };
  }
  throw new pulumi.RunError(
    `the outputs of the last update of ${name} are not those of this program (${REMEMBERING_OUTPUTS.join(", ")}), so it cannot tell what the update would do to users: run it with the version that deployed the stack`,
  );
}

const stackName = () => [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");

/** What the last update of the stack exported of a model; `{}`: nothing. */
export const lastOutputs = async (model: string): Promise<Readonly<Record<string, unknown>>> =>
  outputsOfModel(await readStackOutputs(stackName()), model, pulumi.getProject());

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

/** Of the outputs no more than this needs: a version of the program that wrote others must not lock a raise out. */
function requestedIn({ clusterName, slots }: Readonly<Record<string, unknown>>): StackBefore["requested"] {
  return perSlot((slot) => {
    const own = isRecord(slots) ? slots[slot] : undefined;
    const running = isRecord(own) && isRecord(own["running"]) ? own["running"] : {};
    const { serviceName, taskDefinitionArn, image, definition } = running;
    if (isRecord(definition) && definition["kind"] === "external") {
      return typeof image === "string" ? { model: image, service: undefined } : undefined;
    }
    const isKnown = typeof clusterName === "string" && typeof serviceName === "string";
    if (!isKnown || typeof taskDefinitionArn !== "string") return undefined;
    return { model: taskDefinitionArn, service: { cluster: clusterName, name: serviceName } };
  });
}

function targetGroupsIn({ slots }: Readonly<Record<string, unknown>>): LastUpdate["targetGroups"] {
  return perSlot((slot) => {
    const own = isRecord(slots) && isRecord(slots[slot]) ? slots[slot] : {};
    const arn = own["targetGroupArn"];
    return typeof arn === "string" ? arn : undefined;
  });
}

/** Version 0.1 made them with the port of the model, which it remembered of a slot that was not empty. */
function groupPortsIn({ slots }: Readonly<Record<string, unknown>>): LastUpdate["groupPorts"] {
  return perSlot((slot) => {
    const own = isRecord(slots) && isRecord(slots[slot]) ? slots[slot] : {};
    const running = isRecord(own["running"]) ? own["running"] : {};
    const definition = isRecord(running["definition"]) ? running["definition"] : {};
    const port = Number(own["targetGroupPort"] ?? definition["port"]);
    return Number.isInteger(port) ? port : undefined;
  });
}

/**
 * Version 0.1 made names of what the stack was called at each update, and remembered nothing. @throws pulumi.RunError
 * when the stack was renamed since its last update by it: every resource would be replaced, under users.
 */
function originOf(outputs: Readonly<Record<string, unknown>>): Origin {
  const remembered = readOrigin(outputs["names"]);
  if (remembered !== undefined) return remembered;
  const now = { project: pulumi.getProject(), stack: pulumi.getStack() };
  const [expected, found] = [namesOf(now).cluster, outputs["clusterName"]];
  if (typeof found !== "string" || found === expected) return now;
  throw new pulumi.RunError(
    `the stack has been renamed since an earlier version deployed it: its cluster is ${found}, and under its name of now every resource would be replaced, also those with users (it would be ${expected}). Fix it: give project and stack their old names back (\`pulumi stack rename\`, the \`name\` in Pulumi.yaml), run \`pulumi up\` once, which makes the stack remember its names, and rename it again`,
  );
}

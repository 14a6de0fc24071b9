import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { problem, showProblems } from "../../contract/checks/problem.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import { ROUTE_TAGS } from "../../contract/route/route.ts";
import { isRouteOf } from "../../contract/route/route-tags.ts";
import type { Place } from "../component/place.ts";
import { identityOf } from "../names.ts";

/**
 * Refuses to take a model for a new one whose route has had a release: its outputs are lost, because a program that did
 * not export them was deployed once, and the update could move its users unseen. Asked only where the names are in the
 * state and no outputs are; a first update that failed half way leaves the same, but no release.
 * @throws pulumi.RunError
 */
export async function refuseForgotten(place: Place, { network }: StackConfig): Promise<void> {
  const listeners = network.listenerArn === undefined ? await ownListeners(place) : [network.listenerArn];
  const tags = await Promise.all(listeners.map((arn) => tagsOf(place, arn, network.priority)));
  const release = tags
    .filter((found) => isRouteOf(found, identityOf(place)))
    .map((found) => found[ROUTE_TAGS.releaseId])
    .find((id) => id !== undefined && id !== "none");
  if (release === undefined) return;
  const allowed =
    "what the last update exported, for the route has had a release, and without them nobody can tell what this update does to its users";
  const fix =
    "export them (`export const bluegreen = <the BlueGreenService>.outputs`) and bring back the state of before they were lost: pulumi stack export --version <n> | pulumi stack import, then pulumi refresh";
  const got = `lost (release ${release})`;
  throw new pulumi.RunError(showProblems([problem(`${place.model}.outputs`, got, allowed, fix)]));
}

async function ownListeners({ names, asking }: Place): Promise<readonly string[]> {
  const found = await unlessGone(aws.lb.getLoadBalancer({ name: names.loadBalancer }, asking));
  if (found === undefined) return [];
  const at = (port: number) => unlessGone(aws.lb.getListener({ loadBalancerArn: found.arn, port }, asking));
  const listeners = await Promise.all([at(443), at(80)]);
  return listeners.flatMap((listener) => (listener === undefined ? [] : [listener.arn]));
}

async function tagsOf({ asking }: Place, listenerArn: string, priority: number) {
  const rule = await unlessGone(aws.lb.getListenerRule({ listenerArn, priority }, asking));
  return rule?.tags ?? {};
}

/**
 * AWS's answer that there is no such thing comes as an error in words of the provider. One of another kind is no sign of
 * a release either: the update, which makes or reads the very same, ends with it.
 */
const unlessGone = <T>(asked: Promise<T>): Promise<T | undefined> => asked.catch(() => undefined);

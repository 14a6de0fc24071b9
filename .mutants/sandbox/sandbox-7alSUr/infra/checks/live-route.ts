import * as aws from "@pulumi/aws";
import type { Home } from "../component/place.ts";
import { isRecord } from "../../contract/config/field.ts";
import { liveSplit } from "../../contract/route/live-route.ts";
import { perSlot, type PerSlot } from "../../contract/slot.ts";
import type { RouteReading } from "../../contract/transition/rolled-back.ts";

/** Where the last update left the route: undefined before the first one, or by a version that did not say. */
export function whereRouteIs(
  outputs: Readonly<Record<string, unknown>>,
): { readonly arn: string; readonly groups: PerSlot<string> } | undefined {
  const { routeArn, slots } = outputs;
  if (typeof routeArn !== "string" || !isRecord(slots)) return undefined;
  const groups = perSlot((slot) => {
    const own = slots[slot];
    const arn = isRecord(own) ? own["targetGroupArn"] : undefined;
    return typeof arn === "string" ? arn : "";
  });
  return { arn: routeArn, groups };
}

/** The route as it is now, whatever Pulumi's state says. */
export async function readLiveRoute(
  route: NonNullable<ReturnType<typeof whereRouteIs>>,
  asking: Home["asking"],
): Promise<RouteReading> {
  try {
    const { actions = [] } = await aws.lb.getListenerRule({ arn: route.arn }, asking);
    const groups = actions[0]?.forwards?.[0]?.targetGroups ?? [];
    return { readable: true, split: liveSplit({ groups }, route.groups) };
  } catch (error) {
    // The rule is gone, or nobody answers. Which of it decides nothing here: it is no news of where users are.
    return {
      readable: false,
      why: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error),
    };
  }
}

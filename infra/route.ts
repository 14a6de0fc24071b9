import * as aws from "@pulumi/aws";
import { typedFor } from "../contract/names/local-cloud.ts";
import { routeTags } from "../contract/route/route-tags.ts";
import { renderForward } from "../contract/route/route.ts";
import type { NetworkConfig } from "../contract/config/sections.ts";
import { perSlot, type PerSlot } from "../contract/slot.ts";
import type { StackConfig } from "../contract/config/stack-config.ts";
import { protectedIf, type Place } from "./component/place.ts";
import type { Entrance } from "./network/load-balancer.ts";
import { healthyFirst, type StackBefore } from "./checks/healthy-first.ts";
import { primaryDeployment } from "./checks/primary-deployment.ts";
import { targetStates } from "./checks/target-health.ts";
import { identityOf } from "./names.ts";
import type { TargetGroups } from "./slot/target-groups.ts";

export interface RouteParts {
  readonly rule: aws.lb.ListenerRule;
}

/** The route: the one resource that a change of weights or roles updates. */
export function createRoute(
  place: Place,
  config: StackConfig,
  entrance: Entrance,
  groups: PerSlot<TargetGroups>,
  standing: StackBefore,
): RouteParts {
  const { split, service, network, rollout, localCloud } = config;
  const questions = { targets: targetStates(localCloud), primary: primaryDeployment(localCloud) };
  const arns = perSlot((slot) => groups[slot].production.arn);
  const asked = healthyFirst(place.name("healthy-first"), arns, standing, questions, typedFor(localCloud));
  const forward = renderForward(split, arns, service.stickinessSeconds);
  const rule = new aws.lb.ListenerRule(
    place.name("route"),
    place.transform("listenerRule", "route", {
      listenerArn: entrance.listenerArn,
      priority: network.priority,
      conditions: routeConditions(network),
      actions: [
        {
          type: "forward",
          forward: {
            targetGroups: [...forward.groups],
            stickiness: {
              enabled: forward.stickiness.enabled,
              duration: forward.stickiness.durationSeconds,
            },
          },
        },
      ],
      tags: { ...routeTags(identityOf(place), config) },
    }),
    {
      ...place.options("route"),
      ...protectedIf(rollout.protect),
      hooks: { beforeCreate: [asked], beforeUpdate: [asked] },
    },
  );
  return { rule };
}

/** Which requests are the route's own: all of them, unless the listener is shared. */
export function routeConditions({ listenerArn, hostHeaders, pathPatterns }: NetworkConfig) {
  const conditions: aws.types.input.lb.ListenerRuleCondition[] = [];
  const paths = listenerArn === undefined ? ["/*"] : pathPatterns;
  if (listenerArn !== undefined && hostHeaders.length > 0) {
    conditions.push({ hostHeader: { values: [...hostHeaders] } });
  }
  if (paths.length > 0) conditions.push({ pathPattern: { values: [...paths] } });
  return conditions;
}

import { ROUTE_TAGS } from "../contract/route/route.ts";
import type { Described, PolicyRule } from "./rule.ts";
import { bag, list, text } from "./values.ts";

const RULE = "aws:lb/listenerRule:ListenerRule";
const SERVICE = "aws:ecs/service:Service";

/** The route carries the tag that no other rule has. */
export const isRoute = ({ type, props }: Described) =>
  type === RULE && bag(props["tags"])[ROUTE_TAGS.activeSlot] !== undefined;

export const routeRules: readonly PolicyRule[] = [
  {
    name: "route-lists-both-slots",
    description:
      "The route forwards to two target groups with explicit weights and an explicit stickiness block: ELB and the provider fill in others for what is left out.",
    each: (resource) => (isRoute(resource) ? forwardProblems(resource) : []),
  },
  {
    name: "weights-are-pulumis",
    description:
      "No change of a listener rule is ignored: Pulumi is the only owner of the weights (with ignoreChanges the provider turns a weight of 0 into 1: pulumi/pulumi-aws#5772).",
    each: ({ type, ignoreChanges }) =>
      type === RULE && ignoreChanges.length > 0
        ? [`ignores changes of ${ignoreChanges.join(", ")}; a listener rule must not`]
        : [],
  },
  {
    name: "one-route",
    description:
      "A stack with tasks has one route; with two of them, or none by its tags, nobody knows where its users are.",
    all: (resources) => {
      const [route, ...others] = resources.filter(isRoute);
      const service = resources.find(({ type }) => type === SERVICE);
      if (route === undefined && service !== undefined) {
        return [{ urn: service.urn, message: "has no route: no rule of the stack has the route's tags" }];
      }
      return others.map(({ urn }) => ({ urn, message: "is a second route of the stack" }));
    },
  },
];

function forwardProblems({ props }: Described): readonly string[] {
  const actions = list(props["actions"]).map(bag);
  const [action = {}] = actions;
  const forward = bag(action["forward"]);
  const groups = list(forward["targetGroups"]).map(bag);
  const stickiness = bag(forward["stickiness"]);
  const arns = new Set(groups.map(({ arn }) => text(arn)));
  const weights = groups.map(({ weight }) => weight);
  const sum = weights.reduce<number>((all, weight) => all + Number(weight), 0);
  const broken: readonly (readonly [boolean, string])[] = [
    [actions.length !== 1 || action["type"] !== "forward", "has no single forward action"],
    [action["targetGroupArn"] !== undefined, "forwards to one target group beside the weighted ones"],
    [
      groups.length !== 2 || arns.size !== 2,
      `forwards to ${arns.size} target groups, must be the two of the slots`,
    ],
    [
      !weights.every(Number.isInteger) || sum !== 100,
      `has the weights ${weights.join(", ")}, must be whole percents that sum to 100`,
    ],
    [
      typeof stickiness["enabled"] !== "boolean" || typeof stickiness["duration"] !== "number",
      "has no explicit stickiness with enabled and duration",
    ],
  ];
  return broken.filter(([isBroken]) => isBroken).map(([, message]) => message);
}

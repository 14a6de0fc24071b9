import { ROUTE_TAGS, SLOT_TAG } from "../contract/route/route.ts";
import { type Described, type PolicyRule, stackOf } from "./rule.ts";
import { isRoute } from "./route.ts";
import { bag, list, text } from "./values.ts";

const SERVICE = "aws:ecs/service:Service";
const TARGET = "aws:appautoscaling/target:Target";

/** Where a stack may be thrown away, a zone that is lost may take it along. */
export const zoneRules: readonly PolicyRule[] = [
  {
    name: "tasks-spread-over-zones",
    description:
      "Outside stacks that may be thrown away, tasks stand in two subnets or more, and ECS keeps them spread over the zones.",
    each: ({ type, urn, props }, { throwawayStacks }) => {
      if (type !== SERVICE || throwawayStacks.includes(stackOf(urn))) return [];
      const subnets = new Set(list(bag(props["networkConfiguration"])["subnets"]).map(text));
      return [
        ...(subnets.size < 2 ? ["has its tasks in one subnet, and so in one zone"] : []),
        ...(props["availabilityZoneRebalancing"] === "ENABLED"
          ? []
          : ["does not spread its tasks again when a zone was lost (availabilityZoneRebalancing)"]),
      ];
    },
  },
  {
    name: "active-slot-survives-a-zone",
    description:
      "Outside stacks that may be thrown away, the active slot has two tasks or more: one alone goes with its zone.",
    all: (resources, { throwawayStacks }) => {
      const route = resources.find(isRoute);
      const active = route && tagsOf(route)[ROUTE_TAGS.activeSlot];
      return resources
        .filter(({ type, urn }) => type === TARGET && !throwawayStacks.includes(stackOf(urn)))
        .filter((target) => tagsOf(target)[SLOT_TAG] === active && !(Number(target.props["minCapacity"]) > 1))
        .map(({ urn }) => ({
          urn,
          message: `may have fewer than two tasks: ${text(active)}.minTasks must be 2 or more`,
        }));
    },
  },
];

const tagsOf = ({ props }: Described) => bag(props["tags"]);

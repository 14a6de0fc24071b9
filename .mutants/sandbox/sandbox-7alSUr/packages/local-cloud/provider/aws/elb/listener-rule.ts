import { ifThere, first, made, type Call } from "../../calls.ts";
import { api, changedMembers, resource } from "../../record-shape.ts";
import type { ResourceType } from "../../resource-type.ts";
import { asProperties, members, number, text } from "../../shape.ts";
import { actions, conditions } from "./actions.ts";
import { elbTags, elbTagStep, readElbTags } from "./tags.ts";

const inputs = resource({
  listenerArn: api("ListenerArn", text()),
  priority: api("Priority", number()),
  conditions: api("Conditions", conditions, []),
  actions: api("Actions", actions, []),
  tags: api("Tags", elbTags, {}),
});
const MODIFIABLE = ["conditions", "actions"];

export function listenerRuleType(call: Call): ResourceType {
  return {
    inputs,
    replacedBy: ["listenerArn", "region"],
    identity: ["listenerArn", "priority"],
    async create(wanted) {
      // ELB API: CreateRule needs a priority; the AWS provider takes the next free one when none is given.
      const input = { Priority: await nextPriority(call, wanted["listenerArn"]), ...inputs.toApi(wanted) };
      const arn = String(made(await call("CreateRule", input), "Rules")["RuleArn"]);
      return { id: arn, arn };
    },
    async find({ listenerArn, priority }) {
      const { Rules } = await call("DescribeRules", { ListenerArn: listenerArn });
      const found = members(Rules).find((rule) => Number(asProperties(rule)["Priority"]) === priority);
      const arn = String(asProperties(found)["RuleArn"]);
      return found === undefined ? undefined : { id: arn, arn };
    },
    steps: [
      {
        properties: ["priority"],
        async apply({ arn, news }) {
          await call("SetRulePriorities", {
            RulePriorities: [{ RuleArn: arn, Priority: news["priority"] }],
          });
        },
      },
      {
        properties: MODIFIABLE,
        async apply({ arn, news, changed }) {
          // ELB API, ModifyRule: what is not specified keeps its current value.
          const modified = new Set([...changed].filter((name) => MODIFIABLE.includes(name)));
          await call("ModifyRule", { RuleArn: arn, ...changedMembers(inputs, news, modified) });
        },
      },
      elbTagStep(call),
    ],
    async describe({ arn }) {
      const answer = await ifThere(call("DescribeRules", { RuleArns: [arn] }));
      const found = answer && first(answer, "Rules");
      if (found === undefined) return undefined;
      const read = inputs.fromApi({ ...found, ListenerArn: listenerOf(arn) });
      return { ...read, ...(await readElbTags(call, arn)), arn };
    },
    async delete({ arn }) {
      await ifThere(call("DeleteRule", { RuleArn: arn }));
    },
  };
}

async function nextPriority(call: Call, listenerArn: unknown): Promise<number> {
  const { Rules } = await call("DescribeRules", { ListenerArn: listenerArn });
  const taken = members(Rules)
    .map((rule) => Number(asProperties(rule)["Priority"]))
    .filter(Number.isInteger);
  return Math.max(0, ...taken) + 1;
}

/** A rule's ARN is its listener's, with another kind and one more id. */
function listenerOf(ruleArn: string): string {
  return ruleArn.replace(":listener-rule/", ":listener/").split("/").slice(0, -1).join("/");
}

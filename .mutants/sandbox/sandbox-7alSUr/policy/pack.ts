import { PolicyPack, type Policies, type PolicyResource, type ResourceValidationArgs } from "@pulumi/policy";
import type { Described, Related, PolicyRule, Settings } from "./rule.ts";
import { RULES, USUAL } from "./rules.ts";

/** Serves the rules to an engine: `pulumi preview --policy-pack policy`. */
export function serve(): PolicyPack {
  return new PolicyPack("ml-blue-green", {
    description: "What a stack of ml-blue-green must be, whoever changes its program.",
    enforcementLevel: "mandatory",
    policies: RULES.map(policyOf),
  });
}

const CONFIG = {
  properties: {
    throwawayStacks: {
      type: "array" as const,
      items: { type: "string" as const },
      default: [...USUAL.throwawayStacks],
      description: "Stacks of which nothing has to be protected.",
    },
  },
};

function policyOf(rule: PolicyRule): Policies[number] {
  const { name, description } = rule;
  const base = { name, description, configSchema: CONFIG };
  return "each" in rule
    ? {
        ...base,
        validateResource: (args, report) => {
          for (const message of rule.each(described(args), settingsOf(args))) report(message);
        },
      }
    : {
        ...base,
        validateStack: (args, report) => {
          const found = rule.all(args.resources.map(related), settingsOf(args));
          for (const { message, urn } of found) report(message, urn);
        },
      };
}

const settingsOf = (args: { getConfig<T extends object>(): T }): Settings => ({
  ...USUAL,
  ...args.getConfig<Partial<Settings>>(),
});

function described({ type, name, urn, props, opts }: ResourceValidationArgs | PolicyResource): Described {
  const { protect, ignoreChanges } = opts;
  return { type, name, urn, props, protect, ignoreChanges };
}

function related(resource: PolicyResource): Related {
  return { ...described(resource), dependencies: resource.dependencies.map(({ urn }) => urn) };
}

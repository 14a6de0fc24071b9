import { requiredPermissions } from "./access/required-permissions.ts";
import type { RequiredPermission } from "./access/policy.ts";
import type { Rate } from "./access/rate.ts";
import type { DefinedOperation } from "./aws-api/define-operation.ts";
import { OPERATIONS } from "./operations/index.ts";

/** A list of structures; the other lists in inputs are of texts. */
const RULE_PRIORITIES = [{ RuleArn: "{RuleArn}" }];
// ELB and CloudWatch write the members of a tag with capitals, ECS does not.
const TAGS = [{ Key: "k", Value: "v", key: "k", value: "v" }];

/** An input that has each member, with its own name in braces for a value; what ends in s is a list. */
function sampleInput(withTags: boolean): Readonly<Record<string, unknown>> {
  return new Proxy<Record<string, unknown>>(
    {},
    {
      get(_, member) {
        const name = String(member);
        if (name.toLowerCase() === "tags") return withTags ? TAGS : undefined;
        if (name === "RulePriorities") return RULE_PRIORITIES;
        return name.endsWith("s") ? [`{${name}}`] : `{${name}}`;
      },
    },
  );
}

function permissionsOf({ service, name }: DefinedOperation, withTags: boolean) {
  const input = sampleInput(withTags);
  return requiredPermissions({ service, operation: name, input, role: undefined }, "{region}");
}

/** Without the start that all ARNs share; what the service gives a random id ends in `new` or `any` here. */
function resourceText(arn: string): string {
  const parts = arn.split(":");
  return (parts.length > 5 ? parts.slice(5).join(":") : arn).replace(/\b(new|any)$/, "*");
}

function permissionText({ action, resource, context }: RequiredPermission): string {
  const keys = Object.keys(context).map((key) => `\`${key}\``);
  const given = keys.length === 0 ? "" : `, with the condition key ${keys.join(", ")}`;
  return `\`${action}\` on \`${resourceText(resource)}\`${given}`;
}

function permissionsText(operation: DefinedOperation): string {
  const plain = permissionsOf(operation, false);
  const known = plain.map(({ action }) => action);
  const more = permissionsOf(operation, true).filter(({ action }) => !known.includes(action));
  return [
    ...plain.map(permissionText),
    ...more.map(({ action }) => `when it brings tags \`${action}\``),
  ].join("; ");
}

function rateText(rate: Rate | undefined): string {
  if (rate === undefined) return "";
  const { burst, perSecond, sharedBy } = rate;
  const figures = burst === perSecond ? `${burst} a second` : `${burst} at once, then ${perSecond} a second`;
  return sharedBy === undefined ? figures : `${figures}, all ${sharedBy} together`;
}

/** What this cloud simulates of AWS, as a document. */
export function operationsDocument(): string {
  return [
    "# Operations",
    "",
    "Every operation of AWS's APIs that this cloud answers; another one it refuses by name. Made from the files of this folder by `npm run generate -w packages/local-cloud`.",
    "",
    "What IAM is asked holds with the option `authorize`, the rate with `apiRates`; without a figure no limit is known. Resources stand without their start (`arn:aws:service:region:account:`); `{name}` is a member of the input.",
    "",
    "| service | operation | what IAM is asked | rate |",
    "|---|---|---|---|",
    ...OPERATIONS.map((one) =>
      ["", one.service, `\`${one.name}\``, permissionsText(one), rateText(one.rate), ""].join(" | ").trim(),
    ),
    "",
  ].join("\n");
}

import type { Properties, RegisterChild } from "../../../pulumi-engine/values/provider.ts";
import { asProperties, members } from "../shape.ts";
import { output, refuseArgs, shortHash, type Child } from "./child.ts";

/** Lets ECS tasks take the role. */
const ASSUME_ROLE = {
  Version: "2012-10-17",
  Statement: [
    { Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" }, Effect: "Allow", Sid: "" },
  ],
};

/** A role of a task definition with its policies: the one given, or one that awsx makes, or none. */
export async function addRole(
  name: string,
  given: Properties,
  defaultPolicyArns: readonly string[],
  register: RegisterChild,
): Promise<{ arn?: unknown; made?: Child }> {
  refuseArgs(`role ${name}`, given, ["skip", "roleArn", "args"]);
  if (given["skip"] === true) return {};
  if (given["roleArn"] !== undefined) return { arn: given["roleArn"] };
  const {
    policyArns = defaultPolicyArns,
    assumeRolePolicy = ASSUME_ROLE,
    ...args
  } = asProperties(given["args"]);
  const policy = typeof assumeRolePolicy === "string" ? assumeRolePolicy : JSON.stringify(assumeRolePolicy);
  const role = await register({
    type: "aws:iam/role:Role",
    name,
    inputs: { ...args, assumeRolePolicy: policy },
  });
  for (const policyArn of members(policyArns).map(String)) {
    await register({
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      name: `${name}-${shortHash(policyArn)}`,
      inputs: { role: output(role, "name"), policyArn },
      dependsOn: [role.urn],
    });
  }
  return { arn: output(role, "arn"), made: role };
}

import {
  autoNamed,
  isBlock,
  listOf,
  mapped,
  OWN,
  tagList,
  type Json,
  type Resource,
  type ResourceCall,
  type Table,
} from "./table.ts";

// By terraform-provider-aws, internal/service/iam: a role's inline and managed policies are calls of their own.
const ROLE: Table = {
  name: OWN,
  path: "Path",
  description: "Description",
  maxSessionDuration: "MaxSessionDuration",
  permissionsBoundary: "PermissionsBoundary",
  assumeRolePolicy: "AssumeRolePolicyDocument",
  tags: tagList(),
  inlinePolicies: OWN,
  policyArns: OWN,
};

// What awsx gives a task's role (awsx/utils, defaultRoles).
const TASKS = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" }, Effect: "Allow", Sid: "" },
  ],
});

export function role(resource: Resource): readonly ResourceCall[] {
  const { inputs } = resource;
  const RoleName = autoNamed(resource);
  const inline = listOf(inputs["inlinePolicies"] ?? []).map((policy) =>
    mapped(policy, { name: "PolicyName", policy: "PolicyDocument" }),
  );
  const arns = listOf(inputs["policyArns"] ?? []);
  return [
    { service: "iam", operation: "CreateRole", input: { RoleName, ...mapped(inputs, ROLE) } },
    ...inline.map((policy): ResourceCall => ({
      service: "iam",
      operation: "PutRolePolicy",
      input: { RoleName, ...policy },
    })),
    ...arns.map((PolicyArn): ResourceCall => ({
      service: "iam",
      operation: "AttachRolePolicy",
      input: { RoleName, PolicyArn },
    })),
  ];
}

/** A role that awsx makes: `{ args }` of a task definition. */
export function roleCalls(name: string, given: unknown): { arn: string; calls: readonly ResourceCall[] } {
  const args = isBlock(given) ? given["args"] : undefined;
  if (!isBlock(args)) throw new Error(`${name} without args`);
  const inputs: Json = { assumeRolePolicy: TASKS, ...args };
  const path = String(args["path"] ?? "/");
  return {
    arn: `arn:aws:iam::123456789012:role${path}${name}-0123456`,
    calls: role({ name, inputs }),
  };
}

export const managedPolicy = ({ inputs }: Resource): readonly ResourceCall[] => [
  {
    service: "iam",
    operation: "CreatePolicy",
    input: mapped(inputs, { name: "PolicyName", path: "Path", policy: "PolicyDocument" }),
  },
];

export const attachment = ({ inputs }: Resource): readonly ResourceCall[] => [
  {
    service: "iam",
    operation: "AttachRolePolicy",
    input: mapped(inputs, { role: "RoleName", policyArn: "PolicyArn" }),
  },
];

export const oidcProvider = ({ inputs }: Resource): readonly ResourceCall[] => [
  {
    service: "iam",
    operation: "CreateOpenIDConnectProvider",
    input: mapped(inputs, { url: "Url", clientIdLists: "ClientIDList" }),
  },
];

import type { Grant, PolicyPlace } from "./place.ts";

/**
 * Service Authorization Reference, IAM: CreateRole, PutRolePolicy, DeleteRolePolicy, AttachRolePolicy, DetachRolePolicy
 * and PutRolePermissionsBoundary know `iam:PermissionsBoundary`; no other call of a role does.
 */
export const withBoundary = (
  { permissionsBoundaryArn }: PolicyPlace,
  { resources, conditions = {} }: Grant,
): Grant => {
  const bound =
    permissionsBoundaryArn === undefined
      ? conditions
      : { ...conditions, StringEquals: { "iam:PermissionsBoundary": permissionsBoundaryArn } };
  return { resources, ...(Object.keys(bound).length === 0 ? {} : { conditions: bound }) };
};

import { AwsError } from "../aws-api/errors.ts";
import type { Guard } from "../aws-api/guard.ts";
import { ACCOUNT } from "../arn.ts";
import { requiredPermissions, type TagsOf } from "./required-permissions.ts";
import { allows, type PolicyDocument, type RequiredPermission } from "./policy.ts";

/** The policies of each role. */
export type Roles = ReadonlyMap<string, readonly PolicyDocument[]>;

/**
 * Lets a call pass that the policies of its role allow, and refuses every other as AWS does. Without a role it is the
 * account's owner, who may do everything.
 */
export function authorization(roles: Roles, region: string, tagsOf: TagsOf): Guard {
  return (call) => {
    const { role } = call;
    if (role === undefined) return;
    const documents = roles.get(role);
    if (documents === undefined) {
      throw new AwsError(
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
        403,
      );
    }
    for (const needed of requiredPermissions(call, region)) {
      const context = { ...needed.context, ...resourceTags(needed.resource, tagsOf) };
      if (!allows(documents, { ...needed, context })) throw denied(call.service, role, needed);
    }
  };
}

function resourceTags(resource: string, tagsOf: TagsOf): RequiredPermission["context"] {
  return Object.fromEntries(
    Object.entries(tagsOf(resource)).map(([key, value]) => [`aws:ResourceTag/${key}`, value]),
  );
}

/** How services name a denial: the query protocol `AccessDenied` with 403, AWS JSON the exception with 400. */
function denied(service: string, role: string, { action, resource }: RequiredPermission): AwsError {
  const user = `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/local`;
  const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
  return service === "elasticloadbalancing"
    ? new AwsError("AccessDenied", message, 403)
    : new AwsError("AccessDeniedException", message, 400);
}

import { randomUUID } from "node:crypto";
import { AwsError, notSimulated } from "./errors.ts";
import { OWNER, type Admission } from "./json-protocol.ts";
import type { Operations } from "./operations.ts";
import { decodeQuery, encodeAnswer, encodeError } from "./query-protocol.ts";
import type { QueryAnswer, QueryTypes } from "./query-protocol.ts";

const VERSION = "2015-12-01";
const NAMESPACE = `http://elasticloadbalancing.amazonaws.com/doc/${VERSION}/`;

/**
 * The members of ELBv2 inputs that are not text. A test compares this with the SDK's own schemas, for all operations
 * of the service; the schemas are internal to the SDK and would cost its import at run time.
 */
export const ELBV2_TYPES: QueryTypes = {
  integers: new Set([
    "DurationSeconds",
    "HealthCheckIntervalSeconds",
    "HealthCheckTimeoutSeconds",
    "HealthyThresholdCount",
    "Order",
    "PageSize",
    "Port",
    "Priority",
    "TargetControlPort",
    "UnhealthyThresholdCount",
    "Weight",
  ]),
  booleans: new Set(["Enabled", "HealthCheckEnabled"]),
  lists: new Set([
    "Actions",
    "Attributes",
    "Conditions",
    "DefaultActions",
    "ListenerArns",
    "LoadBalancerArns",
    "Names",
    "ResourceArns",
    "RuleArns",
    "RulePriorities",
    "SecurityGroups",
    "Subnets",
    "TagKeys",
    "Tags",
    "TargetGroupArns",
    "TargetGroups",
    "Targets",
    "Values",
  ]),
  texts: new Set(["RedirectConfig.Port"]),
};

/** Answers one ELBv2 request, given as the raw form body. Never throws: our own faults are answers with status 500. */
export async function handleQuery(
  operations: Operations,
  body: URLSearchParams | string,
  { role, refusal, guard }: Admission = OWNER,
): Promise<QueryAnswer> {
  const requestId = randomUUID();
  const answer = (status: number, xml: string): QueryAnswer => ({
    status,
    contentType: "text/xml",
    body: xml,
    requestId,
  });
  try {
    if (refusal !== undefined) throw refusal;
    const form = typeof body === "string" ? new URLSearchParams(body) : body;
    refuseOtherService(form.get("Version"));
    const { action, input } = decodeQuery(form, ELBV2_TYPES);
    const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
    if (operation === undefined) throw notSimulated("Elastic Load Balancing", action);
    await guard?.({ service: "elasticloadbalancing", operation: action, input, role });
    return answer(200, encodeAnswer(action, await operation(input), requestId, NAMESPACE));
  } catch (error) {
    const fault =
      error instanceof AwsError ? error : new AwsError("InternalFailure", describeFault(error), 500);
    const { code, message, status } = fault;
    return answer(status, encodeError({ code, message, sender: status < 500 }, requestId, NAMESPACE));
  }
}

/** Older clients of CloudWatch speak this protocol too. */
function refuseOtherService(version: string | null): void {
  if (version === null || version === VERSION) return;
  throw new AwsError(
    "NoSuchVersion",
    `the local cloud speaks the query protocol of Elastic Load Balancing (${VERSION}) alone; this request is of version ${version}: newer clients speak JSON`,
  );
}

function describeFault(error: unknown): string {
  return `the local cloud failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

import { isRecord } from "../../../contract/config/field.ts";
import type { Json } from "../aws/raw.ts";
import type { RightsSeen } from "../observations.ts";
import type { Context } from "./context.ts";

/** CloudTrail guide: events are there some five minutes after a call, on average. */
const WAIT_MS = 6 * 60_000;
// LookupEvents: two calls a second in an account and region.
const BETWEEN_MS = 600;
const MOST_PAGES = 120;
/** Where the events of IAM, which has no region, are kept (CloudTrail guide, "Global service events"). */
const GLOBAL_REGION = "us-east-1";

/** What Pulumi called since `sinceMs`, and ELB in its name, by CloudTrail's history of the last ninety days, which costs nothing. */
export async function rights(context: Context, sinceMs: number): Promise<RightsSeen> {
  const { clock, region } = context;
  await clock.sleep(WAIT_MS);
  const called = new Set<string>();
  const denied = new Set<string>();
  for (const place of new Set([region, GLOBAL_REGION])) {
    for (const event of await eventsOf(context, place, sinceMs)) {
      if (!isOfTheRun(event)) continue;
      const action = actionOf(event);
      called.add(action);
      if (/AccessDenied|Unauthorized/.test(String(event["errorCode"] ?? ""))) denied.add(action);
    }
  }
  return { called: [...called].toSorted(), denied: [...denied].toSorted() };
}

async function eventsOf({ clients: { raw }, clock }: Context, region: string, sinceMs: number) {
  const events: Json[] = [];
  let NextToken: unknown;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await raw.json(
      "cloudtrail",
      "LookupEvents",
      { StartTime: Math.floor(sinceMs / 1000), ...(NextToken === undefined ? {} : { NextToken }) },
      region,
    );
    const found: unknown = answer["Events"];
    for (const event of Array.isArray(found) ? found : []) {
      const text: unknown = isRecord(event) ? event["CloudTrailEvent"] : undefined;
      const parsed: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
      if (isRecord(parsed)) events.push(parsed);
    }
    NextToken = answer["NextToken"];
    if (NextToken === undefined || NextToken === null) break;
    await clock.sleep(BETWEEN_MS);
  }
  return events;
}

/** The provider names itself in the user agent; what ELB looks at in the caller's name has ELB there. */
function isOfTheRun(event: Json): boolean {
  const agent = String(event["userAgent"] ?? "");
  const identity = event["userIdentity"];
  const isRole = isRecord(identity) && identity["type"] === "AWSService";
  return !isRole && /pulumi|terraform|elasticloadbalancing\.amazonaws/i.test(agent);
}

/** `ec2.amazonaws.com` and `DescribeVpcs` as IAM writes it. Lambda and others add the date of their API to the name. */
export function actionOf(event: Json): string {
  const source = String(event["eventSource"] ?? "").replace(/\.amazonaws\.com(\.cn)?$/, "");
  const service = SERVICES[source] ?? source;
  return `${service}:${String(event["eventName"] ?? "").replace(/\d{8}(v\d)?$/, "")}`;
}

// Whose prefix in IAM is another than its name in CloudTrail (Service Authorization Reference).
const SERVICES: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

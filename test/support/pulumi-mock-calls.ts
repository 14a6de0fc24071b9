import { isRecord } from "../../contract/config/field.ts";
import { perSlot, SLOTS, type PerSlot } from "../../contract/slot.ts";

/** Region and account of the mocks' ARNs. */
export const ACCOUNT = "us-east-1:000000000000";

/** Where the program thinks that it stands. */
export interface MockPlace {
  readonly partition: string;
  readonly region: string;
  /** Another project than that of the tests. */
  readonly project?: string;
  /** A stack whose state has its names, and whose outputs do not: what they were made of, and its route's tags. */
  readonly forgotten?: { readonly names: unknown; readonly tags: Readonly<Record<string, string>> };
}
export const HOME: MockPlace = { partition: "aws", region: "us-east-1" };

/** Weights of the route behind Pulumi's back. */
export type LiveWeights = PerSlot<number> | "unreadable";

/** What a data source answers. `last`: the stack's outputs; `live`: the route. */
export function answerCall(
  token: string,
  asked: Readonly<Record<string, unknown>>,
  last: unknown,
  live: LiveWeights,
  { partition, region, forgotten }: MockPlace = HOME,
): Record<string, unknown> {
  if (token === "aws:index/getRegion:getRegion") return { region };
  if (token === "aws:index/getPartition:getPartition") return { partition };
  const answer = token === "aws:lb/getListenerRule:getListenerRule" ? ruleOf(last, live) : CALLS[token];
  if (forgotten !== undefined && asked["priority"] !== undefined) return { ...answer, tags: forgotten.tags };
  if (answer === undefined) throw new Error(`the mocks have no answer for ${token}`);
  if (asked["zoneId"] === PRIVATE_ZONE) return { ...answer, privateZone: true };
  return asked["arn"] === PLAIN_LISTENER ? { ...answer, protocol: "HTTP" } : answer;
}

/** A listener that speaks plain HTTP; every other one speaks HTTPS. */
export const PLAIN_LISTENER = `arn:aws:elasticloadbalancing:${ACCOUNT}:listener/app/plain/2/3`;

/** A hosted zone that only a VPC sees; every other one is public, and that of example.com. */
export const PRIVATE_ZONE = "ZPRIVATE";

/** As the outputs say, unless a test has the route changed behind Pulumi's back. */
export function splitOfOutputs(last: unknown): LiveWeights {
  return isRecord(last) && isRecord(last["split"])
    ? perSlot((slot) => Number(Object(last["split"])[slot]))
    : "unreadable";
}

/** The route that the outputs name, as the data source shows it. */
function ruleOf(last: unknown, live: LiveWeights): Record<string, unknown> {
  if (live === "unreadable") throw new Error("reading ELBv2 Listener Rule: couldn't find resource");
  const slots = isRecord(last) && isRecord(last["slots"]) ? last["slots"] : {};
  const targetGroups = SLOTS.map((slot) => {
    const own = slots[slot];
    return { arn: isRecord(own) ? own["targetGroupArn"] : undefined, weight: live[slot] };
  });
  return { actions: [{ type: "forward", forwards: [{ targetGroups, stickinesses: [] }] }] };
}

const CALLS: Readonly<Record<string, Record<string, unknown>>> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": {
    names: ["us-east-1a", "us-east-1b", "us-east-1c"],
    zoneIds: ["use1-az4", "use1-az6", "use1-az1"],
  },
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "000000000000" },
  "aws:route53/getZone:getZone": { name: "example.com", privateZone: false },
  "aws:lb/getListener:getListener": {
    loadBalancerArn: `arn:aws:elasticloadbalancing:${ACCOUNT}:loadbalancer/app/shared/2`,
    protocol: "HTTPS",
    port: 8443,
  },
  // As version 0.1 made every group, with its defaults.
  "aws:lb/getTargetGroup:getTargetGroup": {
    protocolVersion: "HTTP1",
    deregistrationDelay: "60",
    healthCheck: {
      path: "/health",
      matcher: "200",
      interval: 10,
      timeout: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
    },
  },
  "aws:lb/getLoadBalancer:getLoadBalancer": {
    arnSuffix: "app/shared/2",
    dnsName: "shared.example.com",
    securityGroups: ["sg-shared"],
  },
};

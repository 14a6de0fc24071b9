import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { isRecord } from "../../../contract/config/field.ts";

/** One of the two clouds that get the same calls, and what it has called its things. */
export interface Side {
  readonly elb: ElasticLoadBalancingV2Client;
  readonly ecs: ECSClient;
  readonly scaling: ApplicationAutoScalingClient;
  readonly cloudWatch: CloudWatchClient;
  readonly subnets: readonly string[];
  readonly securityGroup: string;
  readonly vpcId: string;
  /** ARNs, by names that the calls give them. */
  readonly arns: Map<string, string>;
}

export interface CloudEndpoint {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export const sideAt = (
  target: CloudEndpoint,
  network: Pick<Side, "subnets" | "securityGroup" | "vpcId">,
): Side => ({
  elb: new ElasticLoadBalancingV2Client(target),
  ecs: new ECSClient(target),
  scaling: new ApplicationAutoScalingClient(target),
  cloudWatch: new CloudWatchClient(target),
  arns: new Map(),
  ...network,
});

/** A call that both get. `name` says what is special about it: `CreateRule, priority in use`. */
export interface SharedCall {
  readonly name: string;
  readonly call: (side: Side) => Promise<unknown>;
}

/** Paths of an answer with the type of what stands there; values do not count. */
export type Outcome = { readonly error: string } | { readonly shape: ReadonlySet<string> };

export async function play(side: Side, steps: readonly SharedCall[]): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  for (const { name, call } of steps) {
    outcomes.set(
      name,
      await call(side).then(
        (answer) => ({ shape: new Set(shapeOf(answer, "")) }),
        (error: unknown) => ({ error: error instanceof Error ? error.name : String(error) }),
      ),
    );
  }
  return outcomes;
}

function shapeOf(value: unknown, path: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one) => shapeOf(one, `${path}[]`));
  if (value instanceof Date) return [`${path}: time`];
  if (!isRecord(value)) return [`${path}: ${typeof value}`];
  return Object.entries(value)
    .filter(([key]) => key !== "$metadata")
    .flatMap(([key, inner]) => shapeOf(inner, path === "" ? key : `${path}.${key}`));
}

/** What the two answered differently, one line each: `CreateRule, priority in use: local PriorityInUse, moto answers`. */
export function differences(
  local: ReadonlyMap<string, Outcome>,
  moto: ReadonlyMap<string, Outcome>,
): readonly string[] {
  return [...local].flatMap(([name, ours]) => {
    const theirs = moto.get(name);
    if (theirs === undefined) return [`${name}: moto was not asked`];
    if ("error" in ours || "error" in theirs) {
      const words = (outcome: Outcome) => ("error" in outcome ? outcome.error : "answers");
      return words(ours) === words(theirs) ? [] : [`${name}: local ${words(ours)}, moto ${words(theirs)}`];
    }
    const only = (some: ReadonlySet<string>, others: ReadonlySet<string>) =>
      [...some].filter((path) => !others.has(path));
    return [
      ...only(ours.shape, theirs.shape).map((path) => `${name}: local alone ${path}`),
      ...only(theirs.shape, ours.shape).map((path) => `${name}: moto alone ${path}`),
    ];
  });
}

import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { isRouteOf, modelOfRoute } from "../../contract/route/route-tags.ts";
import { forwardAction, ROUTE_TAGS } from "../../contract/route/route.ts";
import { UserError } from "../errors.ts";
import type { LiveRoute } from "../../contract/route/live-route.ts";
import type { Route } from "../ports.ts";
import { whileThrottled, type Backoff } from "./backoff.ts";

// ELB API: DescribeTags takes 20 ARNs.
const ARNS_PER_CALL = 20;

/** The client, and the patience for throttling. */
interface Elb {
  readonly client: () => Promise<ElasticLoadBalancingV2Client>;
  readonly backoff: Backoff | undefined;
}
const sdk = () => import("@aws-sdk/client-elastic-load-balancing-v2");

export function elbRoute(client: Elb["client"], backoff?: Backoff): Route {
  const elb: Elb = { client, backoff };
  const tags: Route["tags"] = (arns) => readTags(elb, arns);
  return {
    tags,
    read: (routeArn) => readRule(elb, routeArn),
    async write(routeArn, forward) {
      const { ModifyRuleCommand } = await sdk();
      const command = new ModifyRuleCommand({ RuleArn: routeArn, Actions: [forwardAction(forward)] });
      const sender = await client();
      await whileThrottled(() => sender.send(command), backoff);
    },
    async tag(routeArn, Key, Value) {
      const { AddTagsCommand } = await sdk();
      const sender = await client();
      const command = new AddTagsCommand({ ResourceArns: [routeArn], Tags: [{ Key, Value }] });
      await whileThrottled(() => sender.send(command), backoff);
    },
    async untag(routeArn, key) {
      const { RemoveTagsCommand } = await sdk();
      const sender = await client();
      const command = new RemoveTagsCommand({ ResourceArns: [routeArn], TagKeys: [key] });
      await whileThrottled(() => sender.send(command), backoff);
    },
    async find(stack) {
      const found = await search(elb, (own) => isRouteOf(own, stack));
      // A route that names no project may be another project's: it counts only where none names this one.
      const named = found.filter(isNamed);
      return (named.length > 0 ? named : found).map(({ arn }) => arn);
    },
    async models(stack) {
      const found = await search(elb, (own) => modelOfRoute(own, stack) !== undefined);
      return [...new Set(found.flatMap(({ own }) => modelOfRoute(own, stack) ?? []))].toSorted();
    },
  };
}

interface TaggedRule {
  readonly arn: string;
  readonly own: Readonly<Record<string, string>>;
}

const isNamed = ({ own }: TaggedRule) => ROUTE_TAGS.project in own;

/** Every rule of the account and region whose tags are wanted. */
async function search(elb: Elb, isWanted: (own: TaggedRule["own"]) => boolean): Promise<TaggedRule[]> {
  const found: TaggedRule[] = [];
  for (const listener of await listeners(elb)) {
    const rules = await ruleArns(elb, listener);
    const tagged = await readTags(elb, rules);
    for (const arn of rules) {
      const own = tagged.get(arn) ?? {};
      if (isWanted(own)) found.push({ arn, own });
    }
  }
  return found;
}

async function readRule({ client, backoff }: Elb, routeArn: string): Promise<LiveRoute> {
  const { DescribeRulesCommand } = await sdk();
  const sender = await client();
  const command = new DescribeRulesCommand({ RuleArns: [routeArn] });
  const read = whileThrottled(() => sender.send(command), backoff);
  const { Rules = [] } = await read.catch((error: unknown) => {
    throw isUnknownRule(error) ? new UserError("BG122", error.message) : error;
  });
  const rule = Rules[0];
  if (rule === undefined) throw new Error(`the load balancer does not know the rule ${routeArn}`);
  const groups = rule.Actions?.find(({ Type }) => Type === "forward")?.ForwardConfig?.TargetGroups ?? [];
  return {
    routeArn,
    // ELB API: a weight that was not given is 1.
    groups: groups.map(({ TargetGroupArn, Weight }) => ({ arn: TargetGroupArn ?? "", weight: Weight ?? 1 })),
  };
}

/** ELB API, DescribeRules: the one has no such rule, the other is no ARN of one. */
const isUnknownRule = (error: unknown): error is Error =>
  error instanceof Error && /^(RuleNotFound|ValidationError)/.test(error.name);

async function readTags({ client, backoff }: Elb, arns: readonly string[]) {
  const { DescribeTagsCommand } = await sdk();
  const sender = await client();
  const tags = new Map<string, Readonly<Record<string, string>>>();
  for (let from = 0; from < arns.length; from += ARNS_PER_CALL) {
    const command = new DescribeTagsCommand({ ResourceArns: arns.slice(from, from + ARNS_PER_CALL) });
    const { TagDescriptions = [] } = await whileThrottled(() => sender.send(command), backoff);
    for (const { ResourceArn, Tags = [] } of TagDescriptions) {
      tags.set(ResourceArn ?? "", Object.fromEntries(Tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""])));
    }
  }
  return tags;
}

/** Collects what a paged call lists. */
async function paged<T>(
  page: (marker: string | undefined) => Promise<{ items: readonly T[]; next: string | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  do {
    const { items, next } = await page(marker);
    all.push(...items);
    marker = next;
  } while (marker !== undefined);
  return all;
}

async function listeners({ client, backoff }: Elb): Promise<readonly string[]> {
  const { DescribeListenersCommand, DescribeLoadBalancersCommand } = await sdk();
  const sender = await client();
  const balancers = await paged(async (Marker) => {
    const command = new DescribeLoadBalancersCommand({ Marker });
    const page = await whileThrottled(() => sender.send(command), backoff);
    const application = (page.LoadBalancers ?? []).filter(({ Type }) => Type === "application");
    return { items: application.map(({ LoadBalancerArn }) => LoadBalancerArn ?? ""), next: page.NextMarker };
  });
  const found: string[] = [];
  for (const LoadBalancerArn of balancers) {
    const own = await paged(async (Marker) => {
      const command = new DescribeListenersCommand({ LoadBalancerArn, Marker });
      const page = await whileThrottled(() => sender.send(command), backoff);
      return {
        items: (page.Listeners ?? []).map(({ ListenerArn }) => ListenerArn ?? ""),
        next: page.NextMarker,
      };
    });
    found.push(...own);
  }
  return found;
}

async function ruleArns({ client, backoff }: Elb, ListenerArn: string): Promise<readonly string[]> {
  const { DescribeRulesCommand } = await sdk();
  const sender = await client();
  return paged(async (Marker) => {
    const command = new DescribeRulesCommand({ ListenerArn, Marker });
    const page = await whileThrottled(() => sender.send(command), backoff);
    const own = (page.Rules ?? []).filter(({ IsDefault }) => IsDefault !== true);
    return { items: own.map(({ RuleArn }) => RuleArn ?? ""), next: page.NextMarker };
  });
}

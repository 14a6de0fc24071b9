import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateRuleCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  ModifyListenerCommand,
  ModifyTargetGroupAttributesCommand,
  type Action,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { RouteSeen, Try } from "../observations.ts";
import { attempt, Unlike } from "./attempt.ts";
import { targetGroup } from "./base.ts";
import { secondsUntil, tagsOf, type Context } from "./context.ts";
import { forwardTo } from "./forward.ts";
import { refused } from "./refused.ts";

/** What a rule is after it was written, and which forms ELB takes. */
export async function route(context: Context): Promise<RouteSeen> {
  const { clients, run } = context;
  const { elb } = clients;
  const base = await context.base();
  const rule = async (ListenerArn: string, Priority: number, action: Action) => {
    const { Rules } = await elb.send(
      new CreateRuleCommand({
        ListenerArn,
        Priority,
        Actions: [action],
        Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: [`/bgtest-${Priority}`] } }],
        Tags: tagsOf(run),
      }),
    );
    return Rules?.[0]?.RuleArn ?? "";
  };
  const weighted = await rule(base.listenerArn, 200, forwardTo(base.groups, { blue: 100, green: 0 }, false));
  const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [weighted] }));
  const weights = (Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? []).map(({ Weight }) => Weight);
  const singleSticky = await attempt(async () => {
    const sticky = await targetGroup(context, base.network, "stick");
    await elb.send(
      new ModifyTargetGroupAttributesCommand({
        TargetGroupArn: sticky.arn,
        Attributes: [
          { Key: "stickiness.enabled", Value: "true" },
          { Key: "stickiness.type", Value: "lb_cookie" },
        ],
      }),
    );
    await rule(base.listenerArn, 201, { Type: "forward", TargetGroupArn: sticky.arn });
    return "the rule was taken";
  });
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: base.loadBalancerArn,
      Protocol: "HTTP",
      Port: 81,
      DefaultActions: [REDIRECT],
      Tags: tagsOf(run),
    }),
  );
  const listenerArn = Listeners?.[0]?.ListenerArn ?? "";
  const secondListener = await attempt(async () => {
    await rule(listenerArn, 202, forwardTo(base.groups, { blue: 100, green: 0 }, false));
    return "a rule of each listener leads to the same group";
  });
  const defaultAction = await changed(context, listenerArn);
  const tagSeconds = await tagSeen(context, weighted);
  const refusals = await refused(context, base);
  return { weights, singleSticky, secondListener, defaultAction, tagSeconds, refused: refusals };
}

const MARK = { Key: "bgtest-mark", Value: "told" };

/** Two answers of one and the same part of ELB prove nothing: twenty in a row are asked for. */
async function tagSeen({ clients: { elb }, clock }: Context, rule: string): Promise<number | undefined> {
  await elb.send(new AddTagsCommand({ ResourceArns: [rule], Tags: [MARK] }));
  const isThere = async () => {
    const { TagDescriptions = [] } = await elb.send(new DescribeTagsCommand({ ResourceArns: [rule] }));
    return (
      TagDescriptions[0]?.Tags?.some(({ Key, Value }) => Key === MARK.Key && Value === MARK.Value) === true
    );
  };
  const look = async () => (await Promise.all(Array.from({ length: 20 }, isThere))).every((is) => is);
  return secondsUntil(clock, look, 30);
}

const REDIRECT: Action = {
  Type: "redirect",
  RedirectConfig: { Protocol: "HTTP", Port: "80", StatusCode: "HTTP_301" },
};
const FIXED: Action = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "503" } };

/** The listener was made with a redirect. */
const changed = ({ clients: { elb } }: Context, ListenerArn: string): Promise<Try> =>
  attempt(async () => {
    const actions: string[] = [];
    for (const action of [FIXED, REDIRECT, FIXED]) {
      const { Listeners } = await elb.send(
        new ModifyListenerCommand({ ListenerArn, DefaultActions: [action] }),
      );
      const listener = Listeners?.[0];
      if (listener?.ListenerArn !== ListenerArn) throw new Unlike("it is another listener afterwards");
      actions.push(listener.DefaultActions?.[0]?.Type ?? "none");
    }
    const words = `redirect, then ${actions.join(", then ")}`;
    if (actions.join() !== "fixed-response,redirect,fixed-response") throw new Unlike(words);
    return words;
  });

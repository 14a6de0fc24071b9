import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError, notSimulated } from "../../aws-api/errors.ts";
import { find, loadBalancersByGroup } from "../model.ts";
import type { FixedResponseAction, ForwardAction, Model, RedirectAction, RuleAction } from "../model.ts";
import { integerIn, refuseOthers, requireText, simulatedOnly, validationError } from "./input.ts";

/** ELB quotas: target groups per forward action. */
const MAX_GROUPS = 5;

/** ELB API, TargetGroupTuple: the weight when none is given. */
const DEFAULT_WEIGHT = 1;

const PARSERS: Readonly<
  Record<string, (model: Model, loadBalancerArn: string, action: Action) => RuleAction>
> = {
  forward: forwardFrom,
  "fixed-response": (_model, _arn, action) => fixedResponseFrom(action),
  redirect: (_model, _arn, action) => redirectFrom(action),
};

/** The one action of a rule on a listener of this load balancer. Throws the service's errors. */
export function actionFrom(
  model: Model,
  loadBalancerArn: string,
  actions: readonly Action[] | undefined,
): RuleAction {
  const [action] = actions ?? [];
  if (action === undefined) throw validationError("An action is required");
  for (const { Type } of actions ?? []) {
    if (Type === undefined || !Object.hasOwn(PARSERS, Type))
      throw notSimulated("Elastic Load Balancing", `action ${Type}`);
  }
  if (actions?.length !== 1)
    throw new AwsError(
      "InvalidLoadBalancerAction",
      "A rule has exactly one action of type forward, redirect or fixed-response",
    );
  const parse = PARSERS[action.Type ?? ""];
  if (parse === undefined) throw notSimulated("Elastic Load Balancing", `action ${action.Type}`);
  return parse(model, loadBalancerArn, action);
}

/** The action as the API shows it. Weights and stickiness are exactly what was written. */
export function describeAction(action: RuleAction): Action {
  const order = action.order === undefined ? {} : { Order: action.order };
  switch (action.type) {
    case "forward": {
      const { enabled, durationSeconds } = action.stickiness;
      const [only] = action.groups;
      return {
        Type: "forward",
        ...order,
        // The short form is shown as well where it says the same.
        ...(action.groups.length === 1 && only !== undefined ? { TargetGroupArn: only.arn } : {}),
        ForwardConfig: {
          TargetGroups: action.groups.map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight })),
          TargetGroupStickinessConfig: {
            Enabled: enabled,
            ...(durationSeconds === undefined ? {} : { DurationSeconds: durationSeconds }),
          },
        },
      };
    }
    case "fixed-response":
      return {
        Type: "fixed-response",
        ...order,
        FixedResponseConfig: {
          StatusCode: action.statusCode,
          ContentType: action.contentType,
          MessageBody: action.messageBody,
        },
      };
    case "redirect":
      return {
        Type: "redirect",
        ...order,
        RedirectConfig: {
          StatusCode: action.statusCode,
          Protocol: action.protocol,
          Port: action.port,
          Host: action.host,
          Path: action.path,
          Query: action.query,
        },
      };
  }
}

function forwardFrom(model: Model, loadBalancerArn: string, action: Action): ForwardAction {
  refuseOthers("forward action", action, new Set(["Type", "Order", "TargetGroupArn", "ForwardConfig"]));
  const config = action.ForwardConfig;
  const groups = groupsOf(action);
  const associations = loadBalancersByGroup(model);
  for (const { arn } of groups) {
    find(model, "targetGroups", arn);
    // ELB quotas: a target group belongs to at most one load balancer.
    if ((associations.get(arn) ?? loadBalancerArn) !== loadBalancerArn)
      throw new AwsError(
        "TargetGroupAssociationLimit",
        `The following target groups cannot be associated with more than one load balancer: ${arn}`,
      );
  }
  const stickiness = config?.TargetGroupStickinessConfig;
  const enabled = stickiness?.Enabled ?? false;
  const durationSeconds =
    stickiness?.DurationSeconds === undefined && !enabled
      ? undefined
      : integerIn("Target group stickiness duration", stickiness?.DurationSeconds, 1, 604_800);
  return {
    type: "forward",
    ...orderOf(action),
    groups,
    stickiness: { enabled, ...(durationSeconds === undefined ? {} : { durationSeconds }) },
  };
}

function groupsOf({ TargetGroupArn: short, ForwardConfig: config }: Action): ForwardAction["groups"] {
  const tuples = config?.TargetGroups ?? (short === undefined ? [] : [{ TargetGroupArn: short }]);
  const groups = tuples.map(({ TargetGroupArn: arn, Weight: weight }) => ({
    arn: requireText("TargetGroupArn", arn),
    weight: integerIn("Target group weight", weight, 0, 999, DEFAULT_WEIGHT),
  }));
  if (groups.length === 0) throw validationError("A target group ARN must be specified for a forward action");
  if (groups.length > MAX_GROUPS)
    throw new AwsError(
      "TooManyTargetGroups",
      `A forward action can have at most ${MAX_GROUPS} target groups, this one has ${groups.length}`,
    );
  if (new Set(groups.map(({ arn }) => arn)).size < groups.length)
    throw validationError("A target group can be specified only once in a forward action");
  if (short !== undefined && (groups.length > 1 || groups[0]?.arn !== short))
    throw validationError("TargetGroupArn and ForwardConfig must name the same, single target group");
  // Nothing could be answered but 503: ELB asks for at least one group that takes traffic.
  if (groups.length > 1 && groups.every(({ weight }) => weight === 0))
    throw validationError("The weights of a forward action's target groups cannot all be 0");
  return groups;
}

function fixedResponseFrom(action: Action): FixedResponseAction {
  refuseOthers("fixed-response action", action, new Set(["Type", "Order", "FixedResponseConfig"]));
  const config = action.FixedResponseConfig;
  const statusCode = requireText("Fixed-response status code", config?.StatusCode);
  if (!/^[245]\d\d$/.test(statusCode))
    throw validationError(`Fixed-response status code '${statusCode}' must be 2XX, 4XX or 5XX`);
  const messageBody = config?.MessageBody;
  if (messageBody !== undefined && messageBody.length > 1024)
    throw validationError("The message body of a fixed response has at most 1024 characters");
  const contentType = config?.ContentType;
  return {
    type: "fixed-response",
    ...orderOf(action),
    statusCode,
    ...(contentType === undefined ? {} : { contentType }),
    ...(messageBody === undefined ? {} : { messageBody }),
  };
}

/** ELB API, RedirectActionConfig: what is not given stays as the request has it. */
function redirectFrom(action: Action): RedirectAction {
  refuseOthers("redirect action", action, new Set(["Type", "Order", "RedirectConfig"]));
  const config = action.RedirectConfig;
  const redirect: RedirectAction = {
    type: "redirect",
    ...orderOf(action),
    statusCode: simulatedOnly(
      "redirect status code",
      requireText("Redirect status code", config?.StatusCode),
      ["HTTP_301", "HTTP_302"],
    ),
    protocol: config?.Protocol ?? "#{protocol}",
    port: config?.Port ?? "#{port}",
    host: config?.Host ?? "#{host}",
    path: config?.Path ?? "/#{path}",
    query: config?.Query ?? "#{query}",
  };
  const changes = [
    redirect.protocol !== "#{protocol}",
    redirect.port !== "#{port}",
    redirect.host !== "#{host}",
    redirect.path !== "/#{path}",
  ];
  if (!changes.includes(true))
    throw new AwsError(
      "InvalidLoadBalancerAction",
      "A redirect must change at least one of protocol, port, host and path, or it would loop",
    );
  return redirect;
}

function orderOf({ Order: order }: Action): { order?: number } {
  return order === undefined ? {} : { order: integerIn("Action order", order, 1, 50_000) };
}

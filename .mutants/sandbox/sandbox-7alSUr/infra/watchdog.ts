import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { permissionsOf, statementsOf } from "../contract/iam/policy.ts";
import { SLOTS } from "../contract/slot.ts";
import { WATCHDOG_ENVIRONMENT, WATCHDOG_TIMEOUT_SECONDS } from "../contract/alarms/watchdog.ts";
import type { Place } from "./component/place.ts";
import type { LastingConfig } from "./config.ts";
import { boundaryOf } from "./slot/execution-role.ts";
import type { RouteParts } from "./route.ts";
import { stackTags } from "./tags.ts";
import { watchdogCode } from "./watchdog-code.ts";

/**
 * The function that moves users back when nobody else does: called by the slots' composite alarms, whichever of them
 * is the candidate's, and every minute for deadlines. undefined: `rollout.watchdog` is false. Whom it acts on stands in
 * the route's tags, so a change of traffic leaves it as it is.
 */
export function createWatchdog(
  place: Place,
  config: LastingConfig,
  route: RouteParts,
): pulumi.Output<string> | undefined {
  if (!config.rollout.watchdog) return undefined;
  const { names } = place;
  const tags = { ...stackTags(place) };
  const logGroup = new aws.cloudwatch.LogGroup(
    place.name("watchdog"),
    { name: names.watchdogLogGroup, retentionInDays: Number(config.service.logDays), tags },
    place.options("watchdog"),
  );
  const where = pulumi
    .all([
      aws.getPartitionOutput({}, place.asking),
      aws.getRegionOutput({}, place.asking),
      aws.getCallerIdentityOutput({}, place.asking),
    ])
    .apply(([{ partition }, { region }, { accountId }]) => ({ partition, region, accountId }));
  const role = createRole(place, config, where);
  const { notifyUrl, rollout } = config;
  const { routeArn, blueAlarm, greenAlarm, topicArn, notifyUrl: urlName } = WATCHDOG_ENVIRONMENT;
  const code = [...watchdogCode()].map(([path, text]) => [path, new pulumi.asset.StringAsset(text)]);
  const watchdog = new aws.lambda.Function(
    place.name("watchdog"),
    {
      name: names.watchdog,
      description: "Moves users back from a candidate when nobody else does.",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "watchdog/lambda.handler",
      code: new pulumi.asset.AssetArchive(Object.fromEntries(code)),
      role: role.arn,
      memorySize: 256,
      timeout: WATCHDOG_TIMEOUT_SECONDS,
      // Lambda developer guide, "Configuring reserved concurrency": 100 of the account's executions stay unreserved, and
      // a new account may have 10 in all. So nothing leans on it (watchdog/telling.ts).
      ...(rollout.watchdogReserved ? { reservedConcurrentExecutions: 1 } : {}),
      environment: {
        variables: {
          [routeArn]: route.rule.arn,
          [blueAlarm]: names.slotAlarms.blue,
          [greenAlarm]: names.slotAlarms.green,
          ...(rollout.notifyTopicArn === undefined ? {} : { [topicArn]: rollout.notifyTopicArn }),
          ...(notifyUrl === undefined ? {} : { [urlName]: pulumi.secret(notifyUrl) }),
        },
      },
      tags,
    },
    { ...place.options("watchdog"), dependsOn: [logGroup] },
  );
  // An alarm's call that Lambda could not carry out for longer belongs to what was; the next minute looks anew.
  new aws.lambda.FunctionEventInvokeConfig(
    place.name("watchdog"),
    { functionName: watchdog.name, maximumEventAgeInSeconds: 300, maximumRetryAttempts: 2 },
    place.options("watchdog"),
  );
  allowAlarms(place, watchdog, where);
  schedule(place, watchdog, tags);
  return watchdog.arn;
}

type AccountPlace = pulumi.Output<{
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}>;

function createRole(place: Place, config: LastingConfig, account: AccountPlace): aws.iam.Role {
  const { network, rollout } = config;
  const { names } = place;
  return new aws.iam.Role(
    place.name("watchdog"),
    {
      path: names.rolePath,
      ...boundaryOf(config),
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
      inlinePolicies: [
        {
          name: "watchdog",
          policy: account.apply((where) => {
            const { listenerArn } = network;
            const { notifyTopicArn } = rollout;
            const whose = { project: pulumi.getProject(), stack: pulumi.getStack(), names };
            const here = { ...where, ...whose, listenerArn, notifyTopicArn };
            // An inline policy, and so one, however long: IAM takes 10,240 characters of them for a role.
            return JSON.stringify({
              Version: "2012-10-17",
              Statement: statementsOf(permissionsOf("watchdog"), here),
            });
          }),
        },
      ],
      tags: { ...stackTags(place) },
    },
    place.options("watchdog"),
  );
}

/** CloudWatch calls a function in its own name, so the function says which alarms may. */
function allowAlarms(place: Place, watchdog: aws.lambda.Function, account: AccountPlace): void {
  for (const slot of SLOTS) {
    new aws.lambda.Permission(
      place.name(`watchdog-${slot}`),
      {
        action: "lambda:InvokeFunction",
        function: watchdog.name,
        principal: "lambda.alarms.cloudwatch.amazonaws.com",
        sourceAccount: account.accountId,
        // By name: the alarm itself names the function, and may not be there while the slot is empty.
        sourceArn: account.apply(
          ({ partition, region, accountId }) =>
            `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${place.names.slotAlarms[slot]}`,
        ),
      },
      place.options(`watchdog-${slot}`),
    );
  }
}

function schedule(place: Place, watchdog: aws.lambda.Function, tags: Record<string, string>): void {
  const minute = new aws.cloudwatch.EventRule(
    place.name("watchdog"),
    {
      name: place.names.watchdog,
      description: "Deadlines of releases that nobody decides.",
      scheduleExpression: "rate(1 minute)",
      tags,
    },
    place.options("watchdog"),
  );
  const permission = new aws.lambda.Permission(
    place.name("watchdog-schedule"),
    {
      action: "lambda:InvokeFunction",
      function: watchdog.name,
      principal: "events.amazonaws.com",
      sourceArn: minute.arn,
    },
    place.options("watchdog-schedule"),
  );
  new aws.cloudwatch.EventTarget(
    place.name("watchdog"),
    { rule: minute.name, targetId: "watchdog", arn: watchdog.arn },
    { ...place.options("watchdog"), dependsOn: [permission] },
  );
}

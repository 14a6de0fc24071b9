import type { Permission, TypePermissions } from "./type-permissions.ts";
import type { ScopeName } from "./scopes.ts";

const of =
  (scope: ScopeName, service: string) =>
  (...names: readonly string[]): readonly Permission[] =>
    names.map((name) => [`${service}:${name}`, scope] as const);
const lambda = of("watchdogFunction", "lambda");
const events = of("watchdogSchedule", "events");

/** The types that the watchdog is made of; of the same sources as the others. */
export const WATCHDOG_TYPES: Readonly<Record<string, TypePermissions>> = {
  "aws:lambda/function:Function": {
    read: lambda("GetFunction", "GetFunctionCodeSigningConfig", "ListVersionsByFunction", "ListTags"),
    write: [
      ...lambda(
        "CreateFunction",
        "UpdateFunctionCode",
        "UpdateFunctionConfiguration",
        "PutFunctionConcurrency",
        "DeleteFunctionConcurrency",
        "TagResource",
        "UntagResource",
        "DeleteFunction",
      ),
      ...of("passedRoles", "iam")("PassRole"),
    ],
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    read: lambda("GetFunctionEventInvokeConfig"),
    write: lambda("PutFunctionEventInvokeConfig", "DeleteFunctionEventInvokeConfig"),
  },
  "aws:lambda/permission:Permission": {
    read: lambda("GetPolicy"),
    write: lambda("AddPermission", "RemovePermission"),
  },
  "aws:cloudwatch/eventRule:EventRule": {
    read: events("DescribeRule", "ListTagsForResource"),
    write: events("PutRule", "DeleteRule", "TagResource", "UntagResource"),
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    read: events("ListTargetsByRule"),
    write: events("PutTargets", "RemoveTargets"),
  },
};

import { describe, expect, it } from "vitest";
import { NOWHERE, anyPath, expectRefusal, fixed, forward, rule } from "./operations-support.ts";
import type { Refusal } from "./operations-support.ts";

const refusals: readonly Refusal[] = [
  ["a weight of 1000", "ModifyRule", (w) => forward(w, [1000, 0]), "ValidationError", /between 0 and 999/],
  ["a weight of -1", "ModifyRule", (w) => forward(w, [-1, 100]), "ValidationError", /between 0 and 999/],
  ["a weight of 0.5", "ModifyRule", (w) => forward(w, [0.5, 100]), "ValidationError", /integer/],
  ["weights that are all 0", "ModifyRule", (w) => forward(w, [0, 0]), "ValidationError", /cannot all be 0/],
  [
    "a stickiness of 0 seconds",
    "ModifyRule",
    (w) => forward(w, [1, 1], { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 0 } }),
    "ValidationError",
    /604800/,
  ],
  [
    "a stickiness of 604801 seconds",
    "ModifyRule",
    (w) => forward(w, [1, 1], { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 604_801 } }),
    "ValidationError",
    /604800/,
  ],
  [
    "stickiness without a duration",
    "ModifyRule",
    (w) => forward(w, [1, 1], { TargetGroupStickinessConfig: { Enabled: true } }),
    "ValidationError",
    /required/,
  ],
  [
    "six target groups in a forward",
    "ModifyRule",
    (w) => forward(w, [1], { TargetGroups: [1, 2, 3, 4, 5, 6].map((i) => ({ TargetGroupArn: `${i}` })) }),
    "TooManyTargetGroups",
    /at most 5/,
  ],
  [
    "the same target group twice",
    "ModifyRule",
    (w) => forward(w, [1], { TargetGroups: [{ TargetGroupArn: w.blue }, { TargetGroupArn: w.blue }] }),
    "ValidationError",
    /only once/,
  ],
  [
    "an unknown target group in a forward",
    "ModifyRule",
    (w) => forward(w, [1], { TargetGroups: [{ TargetGroupArn: `${NOWHERE}:targetgroup/x/1` }] }),
    "TargetGroupNotFound",
    /targetgroup\/x/,
  ],
  [
    "two actions",
    "CreateRule",
    (w) => rule(w, { Actions: [fixed, fixed] }),
    "InvalidLoadBalancerAction",
    /exactly one/,
  ],
  [
    "an action that is not simulated",
    "CreateRule",
    (w) => rule(w, { Actions: [{ Type: "authenticate-oidc" }] }),
    "NotSimulated",
    /action authenticate-oidc/,
  ],
  [
    "a redirect to itself",
    "CreateRule",
    (w) => rule(w, { Actions: [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301" } }] }),
    "InvalidLoadBalancerAction",
    /loop/,
  ],
  [
    "a fixed response 302",
    "CreateRule",
    (w) => rule(w, { Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "302" } }] }),
    "ValidationError",
    /2XX, 4XX or 5XX/,
  ],
  ["a priority in use", "CreateRule", (w) => rule(w, { Priority: 10 }), "PriorityInUse", /'10'/],
  [
    "a priority of 0",
    "CreateRule",
    (w) => rule(w, { Priority: 0 }),
    "ValidationError",
    /between 1 and 50000/,
  ],
  [
    "no condition",
    "CreateRule",
    (w) => rule(w, { Conditions: [] }),
    "ValidationError",
    /at least one condition/,
  ],
  [
    "six condition values",
    "CreateRule",
    (w) => rule(w, { Conditions: [{ Field: "path-pattern", Values: ["/1", "/2", "/3", "/4", "/5", "/6"] }] }),
    "ValidationError",
    /at most '5'/,
  ],
  [
    "two path conditions",
    "CreateRule",
    (w) => rule(w, { Conditions: [...anyPath, ...anyPath] }),
    "ValidationError",
    /at most one/,
  ],
  [
    "a source that is no block",
    "CreateRule",
    (w) => rule(w, { Conditions: [{ Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.1"] } }] }),
    "ValidationError",
    /CIDR/,
  ],
  [
    "a regular expression",
    "CreateRule",
    (w) => rule(w, { Conditions: [{ Field: "path-pattern", RegexValues: [".*"] }] }),
    "NotSimulated",
    /RegexValues/,
  ],
  [
    "a transform",
    "CreateRule",
    (w) => rule(w, { Transforms: [{ Type: "url-rewrite" }] }),
    "NotSimulated",
    /CreateRule parameter Transforms/,
  ],
  [
    "an unknown listener",
    "CreateRule",
    (w) => rule(w, { ListenerArn: `${NOWHERE}:listener/app/x/1/2` }),
    "ListenerNotFound",
    /listener\/app/,
  ],
  [
    "an unknown rule",
    "ModifyRule",
    (w) => ({ ...forward(w, [1, 1]), RuleArn: `${NOWHERE}:listener-rule/app/x/1/2/3` }),
    "RuleNotFound",
    /listener-rule/,
  ],
];

describe("a rule is refused for", () => {
  it.each(refusals)("%s", async (...refusal) => {
    expect.assertions(2);
    await expectRefusal(refusal);
  });
});

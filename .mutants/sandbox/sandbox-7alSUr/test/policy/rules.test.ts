import { describe, expect, test } from "vitest";
import type { Related, Settings, Violation } from "../../policy/rule.ts";
import { RULES, USUAL } from "../../policy/rules.ts";
import {
  STACK,
  alarm,
  balancer,
  definition,
  group,
  groups,
  listener,
  logs,
  onGroup,
  onService,
  resource,
  route,
  scaling,
  service,
  tasks,
} from "./support/stack.ts";

/** Every violation of a stack, with the rule that it breaks. */
function violations(
  resources: readonly Related[],
  settings: Settings = USUAL,
): readonly (Violation & { rule: string })[] {
  return RULES.flatMap((rule) => {
    const found =
      "all" in rule
        ? rule.all(resources, settings)
        : resources.flatMap((one) => rule.each(one, settings).map((message) => ({ urn: one.urn, message })));
    return found.map((one) => ({ ...one, rule: rule.name }));
  });
}

test("A stack as the program makes it breaks no rule", () => {
  expect(violations(STACK)).toEqual([]);
});

test("Every rule has a name of its own and says why it is there", () => {
  expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
  for (const { name, description } of RULES) {
    // Pulumi: `all` is reserved.
    expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
    expect(description.length).toBeGreaterThan(40);
  }
});

const open = (ingress: object) => ({ ...tasks, props: { ingress: [ingress] } });
const ingressRule = (props: object) =>
  resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "extra", props, {
    dependencies: [tasks.urn],
  });

/** The rule that must speak, what was changed, and words of what it says. */
const BROKEN: readonly (readonly [string, string, Related | readonly Related[], string])[] = [
  [
    "route-lists-both-slots",
    "one slot alone",
    route({ targetGroups: [{ arn: "arn:blue", weight: 100 }] }),
    "1 target groups",
  ],
  [
    "route-lists-both-slots",
    "the same group twice",
    route({ targetGroups: [groups[0], groups[0]] }),
    "1 target groups",
  ],
  [
    "route-lists-both-slots",
    "a weight left out",
    route({ targetGroups: [groups[0], { arn: "arn:green" }] }),
    "weights",
  ],
  [
    "route-lists-both-slots",
    "weights that are no percents",
    route({ targetGroups: [groups[0], { arn: "arn:green", weight: 20 }] }),
    "90, 20",
  ],
  [
    "route-lists-both-slots",
    "no stickiness block",
    route({ stickiness: undefined }),
    "no explicit stickiness",
  ],
  [
    "route-lists-both-slots",
    "stickiness without its duration",
    route({ stickiness: { enabled: true } }),
    "no explicit stickiness",
  ],
  [
    "route-lists-both-slots",
    "a fixed response",
    { ...route(), props: { tags: { "deploy:active-slot": "blue" }, actions: [{ type: "fixed-response" }] } },
    "no single forward action",
  ],
  [
    "weights-are-pulumis",
    "ignored changes",
    route({}, { ignoreChanges: ["actions"] }),
    "ignores changes of actions",
  ],
  ["one-route", "a second route", [route(), { ...route(), urn: "urn:second" }], "second route"],
  [
    "tasks-spread-over-zones",
    "one subnet, twice",
    service({ networkConfiguration: { subnets: ["subnet-1", "subnet-1"] } }),
    "in one subnet",
  ],
  [
    "tasks-spread-over-zones",
    "tasks that stay where they are",
    service({ availabilityZoneRebalancing: undefined }),
    "availabilityZoneRebalancing",
  ],
  [
    "active-slot-survives-a-zone",
    "one task",
    scaling("blue", 1),
    "may have fewer than two tasks: blue.minTasks must be 2 or more",
  ],
  ["active-slot-survives-a-zone", "a number that is none", scaling("blue", "two"), "blue.minTasks"],
  ["tls-policy-explicit", "ELB's own policy", listener({ sslPolicy: undefined }), "ELB's default"],
  ["tls-policy-explicit", "an old policy", listener({ sslPolicy: "ELBSecurityPolicy-2016-08" }), "2016-08"],
  [
    "invalid-headers-dropped",
    "headers kept",
    balancer({ dropInvalidHeaderFields: undefined }),
    "keeps invalid headers",
  ],
  [
    "no-sticky-groups",
    "a sticky group",
    group({ stickiness: { enabled: true, type: "lb_cookie" } }),
    "stickiness of its own",
  ],
  [
    "entrance-protected",
    "no deletion protection",
    balancer({ enableDeletionProtection: false }),
    "no deletion protection",
  ],
  ["entrance-protected", "a group that is not protected", group({}, { protect: false }), "is not protected"],
  ["entrance-protected", "a route that is not protected", route({}, { protect: false }), "is not protected"],
  ["images-by-digest", "a tag", definition("repo:v1"), "repo:v1"],
  ["images-by-digest", "a digest that is cut off", definition("repo@sha256:a1"), "must be pinned"],
  ["images-by-digest", "no image at all", definition(undefined), "(none)"],
  ["logs-have-an-end", "no retention", logs(), "for ever"],
  ["logs-have-an-end", "a retention of 0, AWS's for ever", logs(0), "for ever"],
  [
    "deployments-give-up",
    "no circuit breaker",
    service({ deploymentCircuitBreaker: undefined }),
    "circuit breaker",
  ],
  [
    "deployments-give-up",
    "one without rollback",
    service({ deploymentCircuitBreaker: { enable: true, rollback: false } }),
    "circuit breaker",
  ],
  [
    "deployments-give-up",
    "a shell into the tasks",
    service({ enableExecuteCommand: true }),
    "enableExecuteCommand",
  ],
  ["tasks-closed", "tasks open to the world", open({ cidrBlocks: ["0.0.0.0/0"] }), "0.0.0.0/0"],
  ["tasks-closed", "tasks open to the world by IPv6", open({ ipv6CidrBlocks: ["::/0"] }), "::/0"],
  [
    "tasks-closed",
    "tasks open to a network",
    open({ securityGroups: ["sg-lb"], cidrBlocks: ["10.0.0.0/8"] }),
    "10.0.0.0/8",
  ],
  ["tasks-closed", "a rule of its own", ingressRule({ cidrIpv4: "0.0.0.0/0" }), "0.0.0.0/0"],
  ["missing-data-decided", "an alarm that leaves it open", alarm(), "silence"],
  ["missing-data-decided", "an alarm that has the provider's default", alarm("missing"), "silence"],
  [
    "missing-data-decided",
    "one with a metric of its own that does",
    alarm(undefined, { namespace: "AWS/ApplicationELB" }),
    "silence",
  ],
  ["missing-data-decided", "one that ignores it", alarm("ignore", onService), "ignores missing data"],
];

describe("A rule", () => {
  test.each(BROKEN)("%s speaks of %s, and no other does", (rule, _what, changed, words) => {
    const all = Array.isArray(changed) ? changed : [changed];
    const urns = new Set(all.map(({ urn }) => urn));
    const found = violations([...STACK.filter(({ urn }) => !urns.has(urn)), ...all]);
    expect([...new Set(found.map((one) => one.rule))]).toEqual([rule]);
    expect(found.map(({ message }) => message).join("\n")).toContain(words);
    expect(all.map(({ urn }) => urn)).toContain(found[0]?.urn);
  });

  test("lets an alarm on a service have no answer where there is no data", () => {
    expect(violations([...STACK, alarm("missing", onService)])).toEqual([]);
    const hosts = { metric: { namespace: "AWS/ApplicationELB", metricName: "HealthyHostCount" } };
    const published = { metricQueries: [...onGroup.metricQueries, hosts] };
    expect(violations([...STACK, alarm("missing", published)])).toEqual([]);
  });

  test("lets rules of the load balancer that are no route be what they are", () => {
    const testRule = resource(
      "aws:lb/listenerRule:ListenerRule",
      "blue-test",
      { actions: [{ type: "forward" }] },
      { protect: false },
    );
    expect(violations([...STACK, testRule])).toEqual([]);
  });

  test("lets the load balancer's own group take addresses: users come that way", () => {
    const lb = resource("aws:ec2/securityGroup:SecurityGroup", "lb", {
      ingress: [{ cidrBlocks: ["0.0.0.0/0"] }],
    });
    expect(violations([...STACK, lb])).toEqual([]);
  });

  test("asks no protection of a stack that may be thrown away, whichever that is", () => {
    const bare = balancer({ enableDeletionProtection: false }, { protect: false });
    const inStack = (stack: string) => ({ ...bare, urn: bare.urn.replace("prod", stack) });
    const found = (stack: string, throwawayStacks = USUAL.throwawayStacks) =>
      violations([inStack(stack)], { throwawayStacks }).length;
    expect([found("prod"), found("dev"), found("local"), found("dev", []), found("try", ["try"])]).toEqual([
      2, 0, 0, 2, 0,
    ]);
  });

  test("misses the route of a stack whose rules do not have its tags", () => {
    const untagged = { ...route(), props: { ...route().props, tags: {} } };
    const found = violations([untagged, service(), scaling("blue", 2)]);
    expect(found).toMatchObject([{ rule: "one-route", urn: service().urn }]);
  });

  test("asks nothing of the zones of a stack that may be thrown away", () => {
    const small = [route(), service({ networkConfiguration: {} }), scaling("blue", 1)];
    const dev = small.map((one) => ({ ...one, urn: one.urn.replace("prod", "dev") }));
    expect(violations(dev)).toEqual([]);
  });

  test("takes tags on the local cloud, where an image is a command", () => {
    const local = definition("digits:1");
    expect(violations([{ ...local, urn: local.urn.replace("prod", "local") }])).toEqual([]);
  });
});

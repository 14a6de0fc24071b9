import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALARM_KEYS } from "../../contract/alarms/alarm-catalog.ts";
import { namePatterns, namesOf, readOrigin, roleName, type Names } from "../../contract/names/names.ts";
import { SLOTS } from "../../contract/slot.ts";

/** Pulumi: letters, digits, hyphens, underscores and periods, at most 100; projects and stacks alike. */
const called = fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/);
const ids = fc.stringMatching(/^[a-z0-9]{6}$/);
const origins = fc.record({ project: called, stack: called, id: fc.option(ids, { nil: undefined }) });

/** Those that AWS makes by upsert, or of which it has one alone. */
const allOf = (names: Names): readonly string[] => [
  names.cluster,
  names.loadBalancer,
  names.watchdog,
  names.watchdogLogGroup,
  names.rolePath,
  ...SLOTS.flatMap((slot) => [
    names.logGroups[slot],
    names.slotAlarms[slot],
    ...ALARM_KEYS.map((key) => names.alarm(slot, key)),
    ...(["production", "test"] as const).map((use) => names.targetGroup(slot, use, ["8080"])),
  ]),
];

/** IAM's wildcards. */
const matches = (pattern: string, name: string) =>
  new RegExp(`^${pattern.replaceAll(/[.+^$()|[\]\\]/g, "\\$&").replaceAll("?", ".")}$`).test(name);

describe("the names of a stack of version 0.1", () => {
  const names = namesOf({ project: "ml-blue-green", stack: "prod" });

  it("are byte for byte what that version gave: to a cluster, a load balancer, target groups, roles, alarms and logs", () => {
    expect(names).toMatchObject({
      cluster: "ml-blue-green-prod",
      dashboard: "ml-blue-green-prod",
      loadBalancer: "bluegreen-9bc22984",
      watchdog: "ml-blue-green-prod-watchdog",
      watchdogLogGroup: "/aws/lambda/ml-blue-green-prod-watchdog",
      rolePath: "/ml-blue-green-prod/",
      services: { blue: "ml-blue-green-prod-blue", green: "ml-blue-green-prod-green" },
      logGroups: { blue: "/ecs/ml-blue-green-prod-blue", green: "/ecs/ml-blue-green-prod-green" },
      slotAlarms: { blue: "ml-blue-green-prod-blue", green: "ml-blue-green-prod-green" },
    });
    expect(names.alarm("green", "cpu")).toBe("ml-blue-green-prod-green-cpu");
    const forcing = ["8080", "HTTP", "HTTP1", "ip", "10.0.0.0/16"];
    expect(names.targetGroup("blue", "production", forcing)).toBe("prod-blue-live-b956d806");
    expect(names.targetGroup("green", "test", forcing)).toBe("prod-green-test-61c1dd29");
    expect(roleName(names.origin, "deploy")).toBe("ml-blue-green-prod-deploy");
  });

  it.each([
    ["Prod", "ml-blue-green-prod-b846cb6a"],
    ["prod_eu", "ml-blue-green-prod-eu-af838330"],
    ["a".repeat(90), "ml-blue-green-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-3a130130"],
  ])("have a hash where AWS could not take %s", (stack, cluster) => {
    expect(namesOf({ project: "ml-blue-green", stack }).cluster).toBe(cluster);
  });
});

describe("the names of a new stack", () => {
  it("say project, stack and id", () => {
    const names = namesOf({ project: "fraud-model", stack: "prod-eu", id: "k3f9ab" });
    expect(names.cluster).toBe("fraud-model_prod-eu_k3f9ab");
    expect(names.alarm("green", "cpu")).toBe("fraud-model_prod-eu_k3f9ab-green-cpu");
  });

  it("are never another stack's: not of the same stack in another project, nor of a second one of the same name", () => {
    fc.assert(
      fc.property(origins, origins, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        // Two stacks of 0.1 are of one project; `a-b` of `c` and `b-c` of `a` would have one name there.
        fc.pre(one.id !== undefined || other.id !== undefined || one.project === other.project);
        // Two stacks that are new at the same time draw different ids.
        fc.pre(one.id === undefined || one.id !== other.id);
        const taken = new Set(allOf(namesOf(one)));
        expect(allOf(namesOf(other)).filter((name) => taken.has(name))).toEqual([]);
      }),
    );
  });

  it("are matched by the patterns of their own stack, which exist before they do, and of no other one", () => {
    fc.assert(
      fc.property(origins, origins, (one, other) => {
        const [, pattern] = namePatterns(one);
        const own = namesOf({ ...one, id: one.id ?? "k3f9ab" });
        const cut = (name: string) => name.replace(/-[0-9a-f]{8}$/, "");
        expect(
          allOf(pattern)
            .map(cut)
            .map((each, at) => matches(each, cut(allOf(own)[at] ?? ""))),
        ).not.toContain(false);
        fc.pre(one.project !== other.project || one.stack !== other.stack);
        expect(allOf(namesOf(other)).filter((name) => matches(pattern.cluster, name))).toEqual([]);
        expect(matches(pattern.rolePath, namesOf(other).rolePath)).toBe(false);
      }),
    );
  });
});

describe("every name", () => {
  it("fits AWS's limits, whatever Pulumi takes for the name of a project and of a stack", () => {
    fc.assert(
      fc.property(origins, (origin) => {
        const names = namesOf(origin);
        // ECS and CloudWatch's dashboards: letters, digits, hyphens, underscores.
        expect(names.cluster).toMatch(/^[a-z0-9][a-z0-9_-]*$/);
        // IAM: a role's name has at most 64 characters; so have Lambda's functions and EventBridge's rules.
        for (const name of [roleName(origin, "preview"), names.watchdog]) {
          expect(name.length).toBeLessThanOrEqual(64);
        }
        const groups = SLOTS.flatMap((slot) =>
          (["production", "test"] as const).map((use) => names.targetGroup(slot, use, ["8080"])),
        );
        // ELB: at most 32 letters, digits and hyphens, none of these at the ends.
        for (const name of [...groups, names.loadBalancer, `${names.loadBalancer}-unused`]) {
          expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
        }
      }),
    );
  });
});

describe("what outputs and stash remember", () => {
  it("is read back as it was, and anything else is nothing", () => {
    fc.assert(
      fc.property(origins, (origin) => {
        expect(readOrigin(JSON.parse(JSON.stringify(origin)))).toEqual(origin);
      }),
    );
    for (const odd of [undefined, "prod", {}, { project: "a" }, { project: "a", stack: "b", id: "UPPER1" }]) {
      expect(readOrigin(odd)).toBeUndefined();
    }
  });
});

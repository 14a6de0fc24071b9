import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestCloud, makeRoute, makeService, type Resource, type TestCloud } from "./cloud.ts";

let cloud: TestCloud;
beforeEach(() => {
  cloud = createTestCloud();
});
afterEach(() => cloud.close());

/** Creates it again, as an engine does that was killed before it knew of the first time. */
const again = ({ type, urn, inputs }: Resource, changed = {}) =>
  cloud.provider.create({ type, urn, inputs: { ...inputs, ...changed }, begun: true });

describe("a creation whose answer was lost", () => {
  it("answers what it made, whatever the type", async () => {
    const route = await makeRoute(cloud);
    const service = await makeService(cloud, route);
    const made = [
      route.loadBalancer,
      route.groups.blue,
      route.listener,
      route.rule,
      ...Object.values(service),
    ];
    const resources = made.filter((each): each is Resource => typeof each === "object" && "urn" in each);
    expect(resources.map(({ type }) => type.split(":").at(-1))).toEqual(
      expect.arrayContaining([
        "LoadBalancer",
        "TargetGroup",
        "Listener",
        "ListenerRule",
        "Cluster",
        "Service",
      ]),
    );
    for (const resource of resources) {
      const { id } = await again(resource);
      expect({ type: resource.type, id }).toEqual({ type: resource.type, id: resource.id });
    }
  });

  it("takes over nothing that is not just as it was asked for", async () => {
    const route = await makeRoute(cloud);
    const { service } = await makeService(cloud, route);
    await expect(again(route.rule, route.ruleInputs(50, 50))).rejects.toThrow("PriorityInUse");
    await expect(again(route.listener, { tags: { other: "stack" } })).rejects.toThrow("DuplicateListener");
    await expect(again(service, { tags: { other: "stack" } })).rejects.toThrow("not idempotent");
  });

  it("is made when it never reached the cloud", async () => {
    const route = await makeRoute(cloud);
    const { rule } = route;
    await cloud.provider.delete(rule);
    const { id } = await again(rule);
    expect(id).not.toBe(rule.id);
  });
});

it("a creation that was not begun before is refused, as on AWS, where something has its place", async () => {
  const { rule } = await makeRoute(cloud);
  await expect(cloud.provider.create(rule)).rejects.toThrow("PriorityInUse");
});

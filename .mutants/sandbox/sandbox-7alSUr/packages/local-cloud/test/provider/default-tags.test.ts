import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../pulumi-engine/values/provider.ts";
import { takingDefaultTags } from "../../provider/default-tags.ts";
import { asProperties } from "../../provider/shape.ts";
import { takesDefaultTags } from "../../provider/sdk-types.ts";
import { change, createTestCloud, make, makeRoute, makeService, urnOf, type TestCloud } from "./cloud.ts";

let cloud: TestCloud;
beforeEach(() => {
  cloud = createTestCloud();
});
afterEach(() => cloud.close());

const CLUSTER = "aws:ecs/cluster:Cluster";
const TOPIC = "aws:sns/topic:Topic";
const inTeam = (config: Readonly<Record<string, string>>) => ({
  ...cloud,
  provider: { ...cloud.provider, ...takingDefaultTags(cloud.provider).configure?.(config) },
});
const tags = (values: Readonly<Record<string, string>>) =>
  inTeam({ "aws:defaultTags": JSON.stringify({ tags: values }) });

describe("aws:defaultTags", () => {
  it.each([CLUSTER, TOPIC])(
    "stand beneath a resource's own tags in tagsAll, and are what AWS has: %s",
    async (type) => {
      const made = await make(tags({ team: "ml", stage: "dev" }), type, "own", {
        name: "own",
        tags: { stage: "prod" },
      });
      expect(made.inputs).toMatchObject({ tags: { stage: "prod" }, tagsAll: { team: "ml", stage: "prod" } });
      expect(made.outputs).toMatchObject({ tags: { stage: "prod" }, tagsAll: { team: "ml", stage: "prod" } });
      // Read by somebody without the configuration.
      const live = await cloud.provider.read({ ...made, inputs: {} });
      expect(live?.outputs["tagsAll"]).toEqual({ team: "ml", stage: "prod" });
    },
  );

  it("reach everything of a route and a service, and leave out what AWS gives no tags", async () => {
    const mine = tags({ team: "ml" });
    const route = await makeRoute(mine);
    const { service } = await makeService(mine, route);
    const { rule, groups } = route;
    for (const { type, outputs } of [rule, groups.blue, groups.green, service]) {
      expect([type, asProperties(outputs["tagsAll"])["team"]]).toEqual([type, "ml"]);
    }
    expect(takesDefaultTags("aws:appautoscaling/policy:Policy")).toBe(false);
    expect(takesDefaultTags("aws:iam/rolePolicyAttachment:RolePolicyAttachment")).toBe(false);
  });

  it("that change are an update of tagsAll alone, and of nothing when they do not", async () => {
    const made = await make(tags({ team: "ml" }), CLUSTER, "own", { name: "own", tags: { a: "1" } });
    const news = { name: "own", tags: { a: "1" } };
    expect((await change(tags({ team: "ml" }), made, news)).changes).toEqual([]);
    const changed = await change(tags({ team: "search" }), made, news);
    expect(changed.changes).toEqual(["tagsAll.team"]);
    expect(changed.outputs).toMatchObject({ tags: { a: "1" }, tagsAll: { a: "1", team: "search" } });
    const gone = await change(inTeam({}), changed, news);
    expect(gone.outputs["tagsAll"]).toEqual({ a: "1" });
  });

  it("are no drift in a refresh, and somebody else's tag is", async () => {
    const mine = tags({ team: "ml" });
    const made = await make(mine, CLUSTER, "own", { name: "own", tags: { a: "1" } });
    expect(await mine.provider.read(made)).toMatchObject({ inputs: made.inputs, outputs: made.outputs });
    await cloud.ecs["TagResource"]?.({ resourceArn: made.id, tags: [{ key: "b", value: "2" }] });
    expect((await mine.provider.read(made))?.inputs).toMatchObject({
      tags: { a: "1", b: "2" },
      tagsAll: { a: "1", b: "2", team: "ml" },
    });
  });

  it("are not known while one of the resource's own is not", async () => {
    const { provider } = tags({ team: "ml" });
    const news = { name: "own", tags: { a: UNKNOWN } };
    const { inputs } = await provider.check({ type: CLUSTER, urn: urnOf(CLUSTER, "own"), news });
    expect(inputs["tagsAll"]).toBe(UNKNOWN);
  });

  it("that are none leave everything as it is without them", async () => {
    const made = await make(inTeam({}), CLUSTER, "own", { name: "own", tags: { a: "1" } });
    expect(made.inputs).not.toHaveProperty("tagsAll");
  });

  it.each(["ml", '{"tags": "ml"}', '{"tags": {"a": {}}}', "[]"])("are refused as %s", (text) => {
    expect(() => inTeam({ "aws:defaultTags": text })).toThrow(
      `aws:defaultTags is ${text}; allowed: {"tags": {"<name>": "<text>"}}. Fix it: pulumi config set --path aws:defaultTags.tags.<name> <text>`,
    );
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { serviceOf } from "../../../contract/config/model-service.ts";
import { deploy } from "../../../validation/deploy/deploy.ts";
import { newStackValues } from "../../../validation/stack/init/new-stack.ts";
import type { TestTools } from "../../../validation/suite/test-candidate.ts";
import { asking, RECORDED } from "../protocols/support/recorded-servers.ts";
import { counts, DIGEST, oneModel } from "../support/samples.ts";
import { World } from "../support/world.ts";

const TOKEN = "t".repeat(32);
const GOLDEN = '{"features":[0,5,13,9],"label":0}\n';
const stack = (service: object = {}, tokens: object = { testToken: TOKEN }) => {
  const suite = { goldenSet: "golden.jsonl" };
  const own = { service: { testCidrs: ["192.0.2.0/24"], ...service }, suite };
  const world = new World({ ...oneModel(), ...own, ...tokens });
  world.health = { blue: counts(2), green: counts(2) };
  return world;
};
const toolsFor = (name: string, more: Readonly<Record<string, string>> = {}): TestTools => ({
  connect: () => {
    const { pages, other } = RECORDED.find((one) => one.name === name) ?? {
      pages: {},
      other: "404 nothing here",
    };
    return asking({ pages: { ...pages, ...more }, other });
  },
  readFile: async () => GOLDEN,
});
const optionsFor = (name: string, service: Readonly<Record<string, unknown>> = {}, pages = {}) => ({
  image: DIGEST("b"),
  modelVersion: "2",
  minTasks: undefined,
  maxTasks: undefined,
  overrides: {},
  service,
  askBy: toolsFor(name, pages),
});
const put = (world: World, ...asked: Parameters<typeof optionsFor>) =>
  deploy(world.context(), optionsFor(...asked));
const ofGreen = (world: World) => serviceOf(world.config, "green");
/** `service` of a stack of which nobody has said the health check. */
const initialised = () => {
  const said = {
    "aws:region": "us-east-1",
    "blue.image": DIGEST("a"),
    "service.allowedCidrs": ["0.0.0.0/0"],
    "service.testCidrs": ["192.0.2.10/32"],
  };
  return sectionOf(newStackValues(said));
};
const developed = () =>
  sectionOf(parse(readFileSync(join(import.meta.dirname, "../../../Pulumi.dev.yaml"), "utf8")).config);
const sectionOf = ({ service }: Readonly<Record<string, unknown>>): object =>
  typeof service === "object" && service !== null ? service : {};
const notes = ({ events }: World) =>
  events.flatMap((event) => (event.kind === "note" ? [event.message] : []));

describe("a deploy of a model whose server nobody has described", () => {
  it("finds out how it is asked, and copies protocol, name and health check into the slot", async () => {
    const world = stack();
    await put(world, "MLServer");
    expect(ofGreen(world)).toMatchObject({
      servingProtocol: "open-inference",
      modelName: "digits",
      healthPath: "/v2/health/ready",
      healthMatcher: "200",
    });
    expect(world.log).toEqual([
      `everything: bluegreen: 2 (${DIGEST("b")}) onto green`,
      "everything: bluegreen: green is asked as open-inference",
    ]);
    expect(notes(world)).toContain(
      "green is asked as open-inference (Open Inference Protocol v2): POST /v2/models/digits/infer, and its health check is GET /v2/health/ready from now on",
    );
  });

  it.each([
    ["the file that init makes", initialised()],
    ["a new project's stack", developed()],
  ])("finds out a server that has no /health on %s, where only a port is said", async (_, config) => {
    const world = stack(config);
    await put(world, "MLServer");
    expect(ofGreen(world)).toMatchObject({ healthPath: "/v2/health/ready", healthMatcher: "200" });
  });

  it("does nothing when it is given again", async () => {
    const world = stack();
    await put(world, "MLServer");
    const updates = world.updates;
    await put(world, "MLServer");
    expect(world.updates).toBe(updates);
  });

  it("keeps any answer as a sign of life of a server that has no page to be read", async () => {
    const world = stack();
    await put(world, "Flask as in the tutorials");
    expect(ofGreen(world)).toMatchObject({
      servingProtocol: "flask",
      healthPath: "/",
      healthMatcher: "200-499",
    });
    expect(world.log.at(-1)).toBe("route: bluegreen: green is asked as flask");
  });

  it("keeps any answer as a sign of life where it asks with a key that the load balancer has not", async () => {
    const world = stack();
    await deploy(world.context(), {
      ...optionsFor("LiteLLM"),
      askBy: { ...toolsFor("LiteLLM"), isKeyed: true },
    });
    expect(ofGreen(world)).toMatchObject({
      servingProtocol: "openai",
      healthPath: "/",
      healthMatcher: "200-499",
    });
  });

  it("listens on the port of its image, unless somebody has said another one", async () => {
    const portOf = async (own: object, said = {}) => {
      const world = stack(own);
      await deploy(world.context(), { ...optionsFor("MLServer", said), imagePort: 9000 });
      return ofGreen(world).port;
    };
    expect([await portOf({}), await portOf({ port: 7000 }), await portOf({}, { port: 5000 })]).toEqual([
      9000, 7000, 5000,
    ]);
  });

  it("says what was tried where it knows none by it, and does not fail", async () => {
    const world = stack();
    expect(await put(world, "nobody's")).toMatchObject({ exitCode: 0 });
    expect(ofGreen(world)).toMatchObject({
      servingProtocol: "auto",
      healthPath: "/",
      healthMatcher: "200-499",
    });
    expect(notes(world).at(-1)).toMatch(
      /^nobody knows yet how the server on green is asked: .*GET \/v2: 404: nothing here/,
    );
  });

  it.each([
    ["MLServer", ["POST /v2/repository/index"], '[{"name":"a","version":"1"},{"name":"b","version":"2"}]'],
    ["KServe", ["GET /v1/models", "GET /v2/models"], '{"models":["a","b"]}'],
    ["LiteLLM", ["GET /v1/models"], '{"object":"list","data":[{"id":"a"},{"id":"b"}]}'],
  ])("names the option that %s with several models needs, and the models", async (name, pages, body) => {
    const world = stack();
    await put(world, name, {}, Object.fromEntries(pages.map((page) => [page, `200 ${body}`])));
    expect(notes(world).at(-1)).toMatch(/with several models \(a, b\).*deploy … --model-name <name>/);
    expect(notes(world).at(-1)).not.toContain("404");
  });

  it("names the option that a server with several routes needs, and the routes", async () => {
    const world = stack({ predictPath: "/none" });
    await put(world, "BentoML");
    expect(notes(world).at(-1)).toMatch(
      /with several routes \(\/classify, \/predict\).*deploy … --predict-path <path>/,
    );
  });

  it("leaves a health path that somebody has said as it is", async () => {
    const world = stack({ healthPath: "/ready" });
    await put(world, "MLServer");
    expect(ofGreen(world)).toMatchObject({
      servingProtocol: "open-inference",
      healthPath: "/ready",
      healthMatcher: "200",
    });
    expect(world.log.at(-1)).toBe("route: bluegreen: green is asked as open-inference");
  });

  it("asks nobody where the protocol is said, and its health path, too", async () => {
    const world = stack();
    await put(world, "MLServer", { servingProtocol: "mlflow", healthPath: "/ping" });
    expect(ofGreen(world)).toMatchObject({ servingProtocol: "mlflow", healthPath: "/ping" });
    expect(world.updates).toBe(1);
  });

  it("keeps the documented health check where the stack has no test rules to ask through", async () => {
    const world = stack({}, {});
    await put(world, "MLServer");
    expect(ofGreen(world)).toMatchObject({
      servingProtocol: "auto",
      healthPath: "/health",
      healthMatcher: "200",
    });
    expect(notes(world)).toContainEqual(expect.stringContaining("the stack has no testToken"));
  });
});

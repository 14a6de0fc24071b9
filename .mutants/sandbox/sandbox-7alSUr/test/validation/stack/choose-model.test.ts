import { describe, expect, test } from "vitest";
import { chooseModel, modelOfNamedRoute } from "../../../validation/stack/choose-model.ts";
import { ROUTE_TAGS } from "../../../contract/route/route.ts";
import { PROJECT } from "../../support/project.ts";
import { ROUTE_ARN, STACK, World } from "../support/world.ts";
import { oneModel } from "../support/samples.ts";

/** @param models that the stack has; undefined: nobody may ask. */
function choose(
  models: readonly string[] | undefined,
  own: { named?: string; isProjectKnown?: boolean } = {},
) {
  return chooseModel({
    project: PROJECT,
    named: own.named,
    isProjectKnown: async () => own.isProjectKnown ?? false,
    models: async () => {
      if (models === undefined) throw new Error("the stack was asked");
      return models;
    },
  });
}

describe("the model that a verb works on", () => {
  test.each([
    ["the one that is named, without asking anybody", "fraud", undefined, { named: "fraud" }],
    [
      "the project's where this machine knows it, without asking",
      PROJECT,
      undefined,
      { isProjectKnown: true },
    ],
    ["the project's where the stack has it among others", PROJECT, ["churn", PROJECT], {}],
    ["the stack's only one", "fraud", ["fraud"], {}],
    ["the project's where nothing is deployed yet", PROJECT, [], {}],
    ["the stack's only one where the environment names an empty text", "fraud", ["fraud"], { named: "" }],
  ] as const)("is %s", async (_title, expected, models, own) => {
    expect(await choose(models, own)).toBe(expected);
  });

  test("is nobody's guess: with several, none of them called as the project, the names are told", async () => {
    await expect(choose(["churn", "fraud"])).rejects.toMatchObject({
      code: "BG401",
      message: expect.stringContaining("They are churn, fraud."),
      fix: expect.stringContaining("--model"),
    });
  });
});

describe("the model of a route that is named by its ARN", () => {
  const routeOf = (model: string | undefined) => {
    const world = new World(oneModel());
    if (model !== undefined) world.tags = { ...world.tags, [ROUTE_TAGS.model]: model };
    return world.context();
  };

  test("is told by the route's tags, and is the project's where they name none", async () => {
    expect(await modelOfNamedRoute(routeOf("fraud"), ROUTE_ARN, undefined)).toBe("fraud");
    expect(await modelOfNamedRoute(routeOf(undefined), ROUTE_ARN, PROJECT)).toBe(PROJECT);
  });

  test("is never another one than --model names", async () => {
    await expect(modelOfNamedRoute(routeOf("fraud"), ROUTE_ARN, "churn")).rejects.toMatchObject({
      code: "BG402",
    });
  });

  test("is none where the route is another stack's", async () => {
    const context = { ...routeOf("fraud"), stack: `${STACK}-2` };
    await expect(modelOfNamedRoute(context, ROUTE_ARN, undefined)).rejects.toMatchObject({ code: "BG122" });
  });
});

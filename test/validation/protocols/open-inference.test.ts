import { describe, expect, it } from "vitest";
import { isRecord } from "../../../contract/config/field.ts";
import type { NamedInput, ServedModel } from "../../../validation/protocols/define.ts";
import { detect } from "../../../validation/protocols/detect.ts";
import { definition } from "../../../validation/protocols/open-inference.ts";
import { asking, RECORDED } from "./support/recorded-servers.ts";

const modelWith = (...inputs: NamedInput[]): ServedModel => ({
  predictPath: "/v2/models/digits/infer",
  healthPath: "/v2/health/ready",
  contentType: "application/json",
  inputs,
});
/** Name and shape of each tensor of a request. */
function shapesOf(model: ServedModel, inputs: readonly unknown[]) {
  const body: unknown = JSON.parse(definition.body(model, inputs));
  const tensors = isRecord(body) && Array.isArray(body["inputs"]) ? body["inputs"].filter(isRecord) : [];
  return tensors.map(({ name, shape }) => ({ name, shape }));
}
const row = (length: number) => ({ features: Array.from({ length }, (_, index) => index) });

describe("a model of a server of the Open Inference Protocol", () => {
  it("is asked for its inputs, too, where the server alone says its name", async () => {
    const triton = RECORDED.find(({ name }) => name === "Triton");
    const found = await detect(asking(triton ?? { pages: {}, other: "" }), "green", [definition], {}, {});
    expect(found).toMatchObject({
      model: { name: "digits", inputs: [{ name: "pixels", datatype: "FP32", shape: [-1, 4] }] },
    });
  });

  it("is known by its name where a server lists several versions of it", async () => {
    const index = '200 [{"name":"digits","version":"3"},{"name":"digits","version":"4"}]';
    const triton = RECORDED.find(({ name }) => name === "Triton");
    const pages = { ...triton?.pages, "POST /v2/repository/index": index };
    const found = await detect(asking({ pages, other: "404 " }), "green", [definition], {}, {});
    expect(found).toMatchObject({ model: { name: "digits", predictPath: "/v2/models/digits/infer" } });
  });

  it.each([
    ["an image for a row of its pixels", [-1, 8, 8], 64, 2, [2, 8, 8]],
    ["one of whatever length", [-1, -1], 5, 3, [3, 5]],
    ["an image without a place for a batch", [3, 2, 2], 12, 1, [3, 2, 2]],
    ["a vector without a place for a batch", [-1], 4, 1, [4]],
    ["what a batch of one has", [1, 4], 4, 1, [1, 4]],
    ["the example's own sizes where the values do not fill it", [-1, 5], 4, 2, [2, 4]],
    ["the example's own sizes where several are open", [-1, -1, -1], 4, 2, [2, 4]],
  ])("gets %s", (_, shape, length, count, wanted) => {
    const inputs = Array.from({ length: count }, () => row(length));
    expect(shapesOf(modelWith({ name: "pixels", shape }), inputs)).toEqual([
      { name: "pixels", shape: wanted },
    ]);
  });

  it("gets columns and texts in the shape that it tells", () => {
    const columns = modelWith({ name: "age", shape: [-1] }, { name: "income", shape: [-1, 1] });
    expect(shapesOf(columns, [{ age: 41, income: 5 }])).toEqual([
      { name: "age", shape: [1] },
      { name: "income", shape: [1, 1] },
    ]);
    expect(shapesOf(modelWith({ name: "text", shape: [-1, 1] }), ["a", "b"])).toEqual([
      { name: "text", shape: [2, 1] },
    ]);
  });

  it("is told that columns of one value each are a table, whether it names them or not", () => {
    const table = { content_type: "pd" };
    const example = { age: 41, income: 5 };
    const named = modelWith({ name: "age" }, { name: "income" });
    for (const model of [modelWith(), named])
      expect(JSON.parse(definition.body(model, [example]))).toMatchObject({ parameters: table });
    const tensors = modelWith({ name: "left", shape: [-1, 2] }, { name: "right", shape: [-1, 2] });
    const pair = { left: [1, 2], right: [3, 4] };
    expect(JSON.parse(definition.body(tensors, [pair]))).not.toHaveProperty("parameters");
  });
});

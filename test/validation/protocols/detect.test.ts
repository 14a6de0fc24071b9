import { describe, expect, it } from "vitest";
import { ALL_PROTOCOLS } from "../../../validation/protocols/all.ts";
import { detect, type Detected } from "../../../validation/protocols/detect.ts";
import type { ToldModel } from "../../../validation/protocols/define.ts";
import { asking, RECORDED, TENSORFLOW, type RecordedServer } from "./support/recorded-servers.ts";

const EXAMPLE = { features: [0, 5, 13, 9] };

async function detected(
  server: Pick<RecordedServer, "pages" | "other">,
  said: ToldModel = {},
  example: unknown = EXAMPLE,
): Promise<Detected> {
  const found = await detect(asking(server), "green", ALL_PROTOCOLS, said, example);
  if ("asked" in found) throw new Error(`not recognised: ${found.asked.join("; ")}`);
  return found;
}

describe("detection", () => {
  it.each(RECORDED)("knows $name by what it answers", async (server) => {
    const { protocol } = await detected(server);
    expect(protocol.name).toBe(server.protocol);
  });

  const pairs = RECORDED.flatMap((one) =>
    RECORDED.filter(({ protocol }) => protocol !== one.protocol).map((other) => ({ one, other })),
  );
  it.each(pairs)(
    "takes $one.name for nothing else though it answers 200 on every page of $other.name",
    async (pair) => {
      const { one, other } = pair;
      const ok = Object.fromEntries(Object.keys(other.pages).map((page) => [page, '200 {"status":"ok"}']));
      const { protocol } = await detected({ ...one, pages: { ...ok, ...one.pages } });
      expect(protocol.name).toBe(one.protocol);
    },
  );

  it("takes no server for anything that answers 200 to everything", async () => {
    const answers = ["200 ", "200 ok", '200 {"status":"ok"}', "200 <html></html>", "200 []"];
    const taken = answers.map(async (other) => {
      const found = await detect(asking({ pages: {}, other }), "green", ALL_PROTOCOLS, {}, EXAMPLE);
      return "protocol" in found ? [`${other} for ${found.protocol.name}`] : [];
    });
    expect((await Promise.all(taken)).flat()).toEqual([]);
  });

  it("finds TensorFlow Serving's model when its name is said, with the version that is available", async () => {
    const { protocol, model } = await detected(TENSORFLOW, { name: "digits" });
    expect(protocol.name).toBe("kserve-v1");
    expect(model).toMatchObject({ version: "4", predictPath: "/v1/models/digits:predict" });
  });

  it("takes no page that has a name for a server of the Open Inference Protocol", async () => {
    const server = { other: '200 {"name":"shop","version":"3"}', pages: {} };
    const found = await detect(asking(server), "green", ALL_PROTOCOLS, { name: "digits" }, EXAMPLE);
    expect(found).toHaveProperty("asked");
  });

  it("shows what was asked and answered when it knows no protocol by it", async () => {
    const found = await detect(
      asking({ pages: {}, other: "404 nothing here" }),
      "green",
      ALL_PROTOCOLS,
      {},
      EXAMPLE,
    );
    expect(found).toMatchObject({ asked: expect.arrayContaining(["GET /v2: 404: nothing here"]) });
  });

  it("asks a name when a server has several models", async () => {
    const mlserver = RECORDED[0];
    const several = '200 [{"name":"a","version":"1"},{"name":"b","version":"2"}]';
    const server = {
      other: mlserver?.other ?? "",
      pages: { ...mlserver?.pages, "POST /v2/repository/index": several },
    };
    expect(await detect(asking(server), "green", ALL_PROTOCOLS, {}, EXAMPLE)).toHaveProperty("asked");
    const { model } = await detected(server, { name: "b" });
    expect(model).toMatchObject({ version: "2", predictPath: "/v2/models/b/infer" });
  });
});

describe("an example through each protocol", () => {
  it.each(RECORDED)("is asked of $name and answered", async (server) => {
    const ask = asking(server);
    const { protocol, model } = await detected(server);
    const body = protocol.body(model, [EXAMPLE]);
    const reply = await ask("green", {
      method: "POST",
      path: model.predictPath,
      contentType: model.contentType,
      body,
    });
    expect(reply.status).toBe(200);
    const read = protocol.read(reply, 1, model);
    expect(read).toHaveProperty("values");
    expect("values" in read ? read.values : []).toHaveLength(1);
  });
});

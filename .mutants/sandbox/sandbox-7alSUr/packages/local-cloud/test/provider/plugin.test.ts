import { credentials, type ServiceError } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NoAnswer, PartialFailure, UNKNOWN } from "../../../pulumi-engine/values/provider.ts";
import { resourceMethods } from "../../provider/plugin/resources.ts";
import { servePlugin } from "../../provider/plugin/server.ts";
import { fromStruct, toStruct } from "../../provider/plugin/wire.ts";
import { fakeCloud } from "../../../pulumi-engine/test/support/fake-provider.ts";

type Client = InstanceType<typeof services.ResourceProviderClient>;
const urn = (name: string) => `urn:pulumi:dev::shop::test:index:Thing::${name}`;
const cloud = fakeCloud();
let client: Client;

beforeAll(async () => {
  const port = await servePlugin({
    version: "1.2.3",
    acceptsSecrets: false,
    checkConfig: async () => [{ property: "region", reason: "elsewhere" }],
    methods: resourceMethods(cloud.provider),
  });
  client = new services.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
});
afterAll(() => client.close());

/** One call, as the engine makes it. */
function call<Answer>(
  make: (done: (error: ServiceError | null, answer: Answer) => void) => unknown,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    make((error, answer) => (error === null ? resolve(answer) : reject(error)));
  });
}
const create = (name: string, inputs: Record<string, unknown>, preview = false) =>
  call<InstanceType<typeof messages.CreateResponse>>((done) =>
    client.create(
      new messages.CreateRequest().setUrn(urn(name)).setProperties(toStruct(inputs)).setPreview(preview),
      done,
    ),
  );
const diff = (olds: Record<string, unknown>, news: Record<string, unknown>) =>
  call<InstanceType<typeof messages.DiffResponse>>((done) =>
    client.diff(
      new messages.DiffRequest()
        .setUrn(urn("a"))
        .setId("id-1")
        .setOlds(toStruct(olds))
        .setOldInputs(toStruct(olds))
        .setNews(toStruct(news)),
      done,
    ),
  );

describe("the local cloud as a plugin of the Pulumi CLI", () => {
  it("creates, and plans without creating: what is missing is not known yet", async () => {
    const planned = await create("a", { size: 1, from: UNKNOWN }, true);
    expect([planned.getId(), fromStruct(planned.getProperties())]).toEqual(["", { size: 1, from: UNKNOWN }]);
    expect(cloud.log).toEqual([]);
    const made = await create("a", { size: 1 });
    expect([made.getId(), fromStruct(made.getProperties())]).toEqual(["id-1", { size: 1, arn: "arn:id-1" }]);
  });

  it("says of each property how it changes, and which changes need a new resource", async () => {
    cloud.replaceOn.add("zone");
    const answer = await diff({ size: 1, old: true, zone: "a" }, { size: 2, fresh: true, zone: "b" });
    const kinds: Record<string, number> = {};
    answer.getDetaileddiffMap().forEach((change, path) => (kinds[path] = change.getKind()));
    const { Kind } = messages.PropertyDiff;
    expect(kinds).toEqual({
      size: Kind.UPDATE,
      old: Kind.DELETE,
      fresh: Kind.ADD,
      zone: Kind.UPDATE_REPLACE,
    });
    expect(answer.getReplacesList()).toEqual(["zone"]);
    expect(answer.getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_SOME);
    const same = await diff({ size: 1 }, { size: 1 });
    expect(same.getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_NONE);
  });

  it("lets the engine record what a half-made resource has become", async () => {
    cloud.failOn.set("create half", new PartialFailure("the last step failed", "id-half", { size: 1 }));
    // What the promise rejects with is gRPC's own error.
    const error = (await create("half", { size: 1 }).catch((thrown: unknown) => thrown)) as ServiceError;
    const [packed] = error.metadata.get("grpc-status-details-bin");
    const [detail] = statusMessages.Status.deserializeBinary(Buffer.from(packed ?? "")).getDetailsList();
    const half = messages.ErrorResourceInitFailed.deserializeBinary(
      detail?.getValue_asU8() ?? new Uint8Array(),
    );
    expect([half.getId(), fromStruct(half.getProperties()), half.getReasonsList()]).toEqual([
      "id-half",
      { size: 1 },
      ["the last step failed"],
    ]);
  });

  it.each([
    ["a refusal: nothing has happened", new Error("AccessDenied: not you"), 9],
    ["a broken connection: it may have happened", new NoAnswer("ECONNRESET"), 2],
  ])("tells the engine by the code what an error means: %s", async (_, thrown, code) => {
    cloud.failOn.set("create b", thrown);
    await expect(create("b", {})).rejects.toMatchObject({ code, details: thrown.message });
  });

  it("refuses a configuration that the local cloud cannot have", async () => {
    const answer = await call<InstanceType<typeof messages.CheckResponse>>((done) =>
      client.checkConfig(new messages.CheckRequest().setNews(toStruct({ region: "x" })), done),
    );
    expect(answer.getFailuresList().map((failure) => failure.toObject())).toEqual([
      { property: "region", reason: "elsewhere" },
    ]);
  });
});

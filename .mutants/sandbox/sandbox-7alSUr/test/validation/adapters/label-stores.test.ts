import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { labelFiles } from "../../../cli/local/label-files.ts";
import { s3Client } from "../../../validation/adapters/aws.ts";
import { s3Labels } from "../../../validation/adapters/labels/s3-labels.ts";
import type { LabelStore } from "../../../validation/ports.ts";
import { TEST_KEYS } from "../../support/local-keys.ts";

async function files(): Promise<LabelStore> {
  const directory = await mkdtemp(join(tmpdir(), "labels-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return labelFiles(directory);
}

/**
 * S3 as its API reference has it: PutObject with `If-None-Match: *` is 412 PreconditionFailed where there is an object,
 * the first write of a name is met by another one (409 ConditionalRequestConflict), and a list has one name a page.
 */
async function bucket(): Promise<LabelStore> {
  const objects = new Map<string, string>();
  let conflicts = 1;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://s3");
    const key = decodeURIComponent(url.pathname.replace(/^\/labels\/?/, ""));
    const error = (status: number, code: string) =>
      response.writeHead(status).end(`<Error><Code>${code}</Code></Error>`);
    if (request.method === "PUT") {
      const body = await text(request);
      if (request.headers["if-none-match"] !== "*") return error(400, "InvalidRequest");
      if (conflicts-- > 0) return error(409, "ConditionalRequestConflict");
      if (objects.has(key)) return error(412, "PreconditionFailed");
      // The SDK sends a body in chunks, with its checksum after them.
      objects.set(key, /^[0-9a-f]+(;[^\r]*)?\r\n/.test(body) ? (body.split("\r\n")[1] ?? "") : body);
      return response.end();
    }
    if (key !== "") return response.end(objects.get(key));
    const names = [...objects.keys()].filter((name) => name.startsWith(url.searchParams.get("prefix") ?? ""));
    const at = Number(url.searchParams.get("continuation-token") ?? 0);
    const more = at + 1 < names.length;
    return response.end(
      `<ListBucketResult><IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${at + 1}</NextContinuationToken>` : ""}${names[at] === undefined ? "" : `<Contents><Key>${names[at]}</Key></Contents>`}</ListBucketResult>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  // A listening TCP server has a socket address.
  const { port } = server.address() as AddressInfo;
  const target = { region: "us-east-1", endpoint: `http://127.0.0.1:${port}`, credentials: TEST_KEYS };
  return s3Labels(s3Client(target), "labels");
}

describe.each([
  ["in files", files],
  ["in S3", bucket],
])("labels %s", (_, open) => {
  it("an object is written once: the second writer is told, and the first text stays", async () => {
    const store = await open();
    expect(await store.create("labels/p/s/2026-11-29/a.json", "first")).toBe(true);
    expect(await store.create("labels/p/s/2026-11-29/a.json", "second")).toBe(false);
    expect(await store.read(["labels/p/s/2026-11-29/a.json"])).toEqual(["first"]);
  });

  it("lists what begins so, all of it, and nothing where there is nothing", async () => {
    const store = await open();
    const names = ["a", "b", "c"].map((name) => `labels/p/s/2026-11-29/${name}.json`);
    for (const name of names) await store.create(name, name);
    await store.create("labels/p/s/2026-11-30/d.json", "d");
    expect((await store.list("labels/p/s/2026-11-29/")).toSorted()).toEqual(names);
    expect(await store.read(names)).toEqual(names);
    expect(await store.list("labels/p/s/2026-11-28/")).toEqual([]);
  });
});

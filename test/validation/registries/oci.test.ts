import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askOverHttp } from "../../../validation/adapters/registries/http.ts";
import { definition } from "../../../validation/registries/oci.ts";
import { imageReference } from "../../../validation/registries/oci/reference.ts";

const digest = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const CONFIG = JSON.stringify({
  architecture: "amd64",
  config: {
    Labels: { "org.opencontainers.image.version": "7", "org.opencontainers.image.revision": "0123abcd" },
    ExposedPorts: { "9000/tcp": {}, "9001/udp": {} },
  },
});
// As `docker buildx build --push` leaves it: an index of the image and of its attestation.
const IMAGE = JSON.stringify({
  schemaVersion: 2,
  config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digest(CONFIG) },
});
const INDEX = JSON.stringify({
  schemaVersion: 2,
  manifests: [
    { digest: digest("attestation"), platform: { os: "unknown", architecture: "unknown" } },
    { digest: digest(IMAGE), platform: { os: "linux", architecture: "amd64" } },
  ],
});
// ModelPack, model-spec: weights with a configuration of their own.
const WEIGHTS = JSON.stringify({
  schemaVersion: 2,
  artifactType: "application/vnd.cncf.model.manifest.v1+json",
  config: { mediaType: "application/vnd.cncf.model.config.v1+json", digest: digest("{}") },
});
const ANNOTATED = JSON.stringify({
  schemaVersion: 2,
  annotations: { "org.opencontainers.image.version": "8" },
  config: { mediaType: "application/vnd.docker.container.image.v1+json", digest: digest("{}") },
});

/**
 * A registry as the OCI Distribution Specification has it, with the token protocol of Docker Hub and GHCR: 401 with a
 * challenge, a token for anybody, and blobs that lie elsewhere.
 */
describe("an image that says its own version", () => {
  let server: Server;
  let host: string;
  let manifests: Record<string, string>;
  let blobs: Record<string, string>;
  let isPublic = true;
  const asked: string[] = [];

  beforeEach(async () => {
    manifests = {
      v7: INDEX,
      [digest(INDEX)]: INDEX,
      [digest(IMAGE)]: IMAGE,
      weights: WEIGHTS,
      eight: ANNOTATED,
    };
    blobs = { [digest(CONFIG)]: CONFIG, [digest("{}")]: "{}" };
    isPublic = true;
    asked.length = 0;
    server = createServer(({ url = "", headers }, response) => {
      asked.push(`${url} ${headers.authorization ?? "nobody"}`);
      const answer = (status: number, text = "", own = {}) => response.writeHead(status, own).end(text);
      if (url.startsWith("/token?")) return isPublic ? answer(200, '{"token":"t"}') : answer(401);
      if (url.startsWith("/elsewhere/")) return answer(200, blobs[url.slice("/elsewhere/".length)]);
      if (headers.authorization !== "Bearer t") {
        const challenge = `Bearer realm="http://${host}/token",service="s",scope="repository:fraud:pull"`;
        return answer(401, "{}", { "www-authenticate": challenge });
      }
      const [, kind, version = ""] = /^\/v2\/fraud\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
      const found = kind === "manifests" ? manifests[version] : blobs[version];
      if (found === undefined) return answer(404);
      if (kind === "blobs") return answer(307, "", { location: `/elsewhere/${version}` });
      return answer(200, found, { "docker-content-digest": digest(found) });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // A TCP server that listens has an address with a port.
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });
  const nobody = async () => Promise.reject(new Error("an image asks its own registry alone"));
  const resolve = (reference: string) =>
    definition.resolve(reference, {
      readFile: nobody,
      variable: () => undefined,
      ask: askOverHttp(),
      packages: { list: nobody, describe: nobody, update: nobody },
    });

  it("is deployed by its digest, with the version and the revision of its labels, and its only port", async () => {
    const wanted = {
      image: `${host}/fraud@${digest(INDEX)}`,
      modelVersion: "7",
      revision: "0123abcd",
      port: 9000,
    };
    expect(await resolve(`${host}/fraud:v7`)).toEqual(wanted);
    expect(await resolve(`${host}/fraud@${digest(INDEX)}`)).toEqual(wanted);
  });

  it("tells the token to nobody but the registry", async () => {
    await resolve(`${host}/fraud:v7`);
    expect(asked.filter((one) => one.startsWith("/elsewhere/"))).toEqual([
      `/elsewhere/${digest(CONFIG)} nobody`,
    ]);
  });

  it("has the version of its annotations when its labels have none", async () => {
    expect(await resolve(`${host}/fraud:eight`)).toEqual({
      image: `${host}/fraud@${digest(ANNOTATED)}`,
      modelVersion: "8",
    });
  });

  it("is refused when it is weights without a server, or says no version", async () => {
    await expect(resolve(`${host}/fraud:weights`)).rejects.toThrow("is a ModelPack artifact");
    manifests["plain"] = ANNOTATED.replace("org.opencontainers.image.version", "x");
    await expect(resolve(`${host}/fraud:plain`)).rejects.toMatchObject({ code: "BG331" });
  });

  it("is refused when what comes is not what was asked for", async () => {
    manifests[digest(INDEX)] = IMAGE;
    await expect(resolve(`${host}/fraud@${digest(INDEX)}`)).rejects.toThrow("its manifest is");
    blobs[digest(CONFIG)] = "{}";
    await expect(resolve(`${host}/fraud:v7`)).rejects.toThrow("its configuration is not");
  });

  it("is refused when not anybody may read it, and when there is none", async () => {
    await expect(resolve(`${host}/fraud:v9`)).rejects.toThrow("answers 404 for fraud/manifests/v9");
    isPublic = false;
    await expect(resolve(`${host}/fraud:v7`)).rejects.toThrow("it wants credentials");
    const ecr = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/fraud:7";
    await expect(resolve(ecr)).rejects.toThrow("ECR answers nobody without a token");
  });

  it("is one of Docker Hub when its name has no registry", () => {
    expect(imageReference("fraud:7")).toMatchObject({
      host: "registry-1.docker.io",
      repository: "library/fraud",
    });
    expect(imageReference("ann/fraud")).toMatchObject({ repository: "ann/fraud", version: "latest" });
    expect(imageReference("ghcr.io/ann/fraud:7")).toMatchObject({
      host: "ghcr.io",
      scheme: "https",
      version: "7",
    });
    expect(imageReference("https://ghcr.io/ann/fraud")).toBeUndefined();
  });
});

import { createHash } from "node:crypto";
import * as v from "valibot";
import type { RegistryReply, RegistryTools } from "../define.ts";
import type { ImageReference } from "./reference.ts";

/** What an image says of itself. */
export interface DescribedImage {
  /** Of what the reference names: of the index where the image is for several platforms. */
  readonly digest: string;
  /** Labels, and below them annotations, by name. */
  readonly words: Readonly<Record<string, string>>;
  /** That it exposes, when it exposes one alone by TCP. */
  readonly port?: number;
  /** Empty: it is an image. */
  readonly artifactType: string;
}

const Words = v.optional(v.nullable(v.record(v.string(), v.string())), {});
const Descriptor = v.object({
  digest: v.string(),
  mediaType: v.optional(v.string(), ""),
  platform: v.optional(v.object({ os: v.string() })),
});
const Manifest = v.object({
  annotations: Words,
  artifactType: v.optional(v.string(), ""),
  manifests: v.optional(v.array(Descriptor), []),
  config: v.optional(Descriptor),
});
/** OCI image specification, "Image Configuration": names like `8080/tcp`, and without a protocol it is TCP. */
const Ports = v.optional(v.nullable(v.record(v.string(), v.unknown())), {});
const Config = v.object({
  config: v.optional(v.nullable(v.object({ Labels: Words, ExposedPorts: Ports })), {}),
});
const Token = v.object({ token: v.optional(v.string()), access_token: v.optional(v.string()) });

const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Labels and annotations of an image, by the OCI Distribution Specification; throws when they are not to be had. */
export async function describedImage(at: ImageReference, { ask }: RegistryTools): Promise<DescribedImage> {
  const get = reader(at, ask);
  const { manifest, digest } = await manifestOf(get, at.version);
  // What an index says is said of each of its images; those of attestations have no system.
  const one = manifest.manifests.find(({ platform }) => platform !== undefined && platform.os !== "unknown");
  const image = one === undefined ? manifest : (await manifestOf(get, one.digest)).manifest;
  const artifactType = image.artifactType || image.config?.mediaType || "";
  const isArtifact = !/\.image\.config\.|\.container\.image\./.test(artifactType);
  const config = image.config;
  const said = config === undefined || isArtifact ? undefined : await configOf(get, config.digest);
  const port = onlyPort(Object.keys(said?.ExposedPorts ?? {}));
  return {
    digest,
    words: { ...manifest.annotations, ...image.annotations, ...said?.Labels },
    ...(port === undefined ? {} : { port }),
    artifactType: isArtifact ? artifactType : "",
  };
}

async function manifestOf(get: Get, version: string) {
  const { text, headers } = await get(`manifests/${version}`);
  const digest = digestOf(text);
  const said = version.startsWith("sha256:") ? version : (headers["docker-content-digest"] ?? digest);
  if (said !== digest) throw new Error(`its manifest is ${digest} and not ${said}`);
  return { manifest: v.parse(Manifest, JSON.parse(text)), digest };
}

function onlyPort(exposed: readonly string[]): number | undefined {
  const ports = exposed.flatMap((one) => /^(\d{1,5})(?:\/tcp)?$/.exec(one)?.[1] ?? []);
  const [port] = ports;
  return ports.length === 1 && Number(port) >= 1 && Number(port) <= 65_535 ? Number(port) : undefined;
}

async function configOf(get: Get, digest: string) {
  const { text } = await get(`blobs/${digest}`);
  if (digestOf(text) !== digest) throw new Error(`its configuration is not ${digest}`);
  return v.parse(Config, JSON.parse(text)).config ?? undefined;
}

const digestOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

type Get = (path: string) => Promise<RegistryReply>;

function reader({ scheme, host, repository }: ImageReference, ask: RegistryTools["ask"]): Get {
  let token: string | undefined;
  return async (path) => {
    const url = `${scheme}://${host}/v2/${repository}/${path}`;
    const once = () =>
      ask({
        method: "GET",
        url,
        headers: { accept: MANIFESTS, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      });
    let reply = await once();
    if (reply.status === 401 && token === undefined) {
      token = await anonymousToken(reply.headers["www-authenticate"] ?? "", ask);
      reply = await once();
    }
    const { location } = reply.headers;
    // Contents lie elsewhere; whoever keeps them is not told the token.
    if (reply.status >= 301 && reply.status <= 308 && location !== undefined) {
      reply = await ask({ method: "GET", url: new URL(location, url).href });
    }
    if (reply.status === 200) return reply;
    throw new Error(`${host} answers ${reply.status} for ${repository}/${path}`);
  };
}

/** Distribution's token protocol, as somebody without a name: distribution.github.io/distribution/spec/auth/token. */
async function anonymousToken(challenge: string, ask: RegistryTools["ask"]): Promise<string> {
  const said = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  const { realm, service, scope } = said;
  if (!/^Bearer /i.test(challenge) || realm === undefined || !URL.canParse(realm)) {
    throw new Error("it wants credentials, and only what anybody may read can be read");
  }
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set("service", service);
  if (scope !== undefined) url.searchParams.set("scope", scope);
  const reply = await ask({ method: "GET", url: url.href });
  if (reply.status !== 200) throw new Error(`it wants credentials: ${url.host} answers ${reply.status}`);
  const { token, access_token: other } = v.parse(Token, JSON.parse(reply.text));
  const found = token ?? other;
  if (found === undefined) throw new Error(`${url.host} gives no token`);
  return found;
}

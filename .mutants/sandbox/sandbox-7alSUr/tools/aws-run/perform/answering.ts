import type { Images } from "../options.ts";

/**
 * What a task of the run does, where its image is a plain Node: answers every path with its version, /slow after so many
 * seconds. Connections are kept longer than the load balancer's 60 s, or it would meet closed ones.
 */
const SERVER = `
const { createServer } = require("node:http");
const server = createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  const seconds = url.pathname === "/slow" ? Number(url.searchParams.get("seconds")) : 0;
  setTimeout(() => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ status: "ok", model: "test", prediction: 1, modelVersion: process.argv[1] }));
  }, seconds * 1000);
});
server.keepAliveTimeout = 75000;
server.listen(Number(process.env.PORT ?? 8080), process.env.HOST);
process.on("SIGTERM", () => process.exit(0));
`;

const isPlainNode = (image: string) => /\/library\/node[:@]/.test(image);

/** The command of a container of that image; undefined: the image's own. */
export const commandOf = (image: string, version: string): string[] | undefined =>
  isPlainNode(image) ? ["node", "-e", SERVER, version] : undefined;

/** The image by its digest, which the product demands; asked of the registry where it is the public one. */
export async function byDigest(image: string, ask: typeof fetch = fetch): Promise<string> {
  if (image.includes("@")) return image;
  const [, repository = "", tag = "latest"] = /^public\.ecr\.aws\/([^:]+):(.+)$/.exec(image) ?? [];
  if (repository === "") throw new Error(`${image} has no digest: name it as <repository>@sha256:…`);
  // ECR Public, "Registry authentication": anybody gets a token; the manifest's digest is a header of the answer.
  const answer = await ask(`https://public.ecr.aws/token/?scope=repository:${repository}:pull`);
  const { token } = Object(await answer.json()) as { readonly token?: unknown };
  const manifest = await ask(`https://public.ecr.aws/v2/${repository}/manifests/${tag}`, {
    method: "HEAD",
    headers: {
      authorization: `Bearer ${String(token)}`,
      accept:
        "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json",
    },
  });
  const digest = manifest.headers.get("docker-content-digest");
  if (digest === null) throw new Error(`public.ecr.aws gave no digest of ${image} (${manifest.status})`);
  return `public.ecr.aws/${repository}@${digest}`;
}

export const versions = ({ one, two }: Images) => [
  { version: "1", image: one, slot: "blue" } as const,
  { version: "2", image: two, slot: "green" } as const,
];

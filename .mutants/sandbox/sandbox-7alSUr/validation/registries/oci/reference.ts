/** An image, as the API of a registry has it. */
export interface ImageReference {
  /** As it was given, without tag and digest. */
  readonly name: string;
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly repository: string;
  /** A tag, or `sha256:…`. */
  readonly version: string;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const NAME = /^(?!.*\/\/)\w[\w.:/-]{0,254}$/;

/** Docker's grammar of references, and its rule that a name without a registry is one of Docker Hub. */
export function imageReference(text: string): ImageReference | undefined {
  const [given = "", digest, ...more] = text.split("@");
  if (more.length > 0 || !NAME.test(given) || (digest !== undefined && !DIGEST.test(digest)))
    return undefined;
  const [, name = given, tag = "latest"] = /^(.*):([^/:]+)$/.exec(given) ?? [];
  const [start = "", ...rest] = name.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(start) || start === "localhost");
  const host = hasHost ? start : "registry-1.docker.io";
  const path = hasHost ? rest.join("/") : name;
  const isLoopback = /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host);
  return {
    name,
    // As Docker has it: a registry on this very machine needs no TLS.
    scheme: isLoopback ? "http" : "https",
    host,
    repository: hasHost || path.includes("/") ? path : `library/${path}`,
    version: digest ?? tag,
  };
}

import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** What is known of a request before anything of it is carried out. */
export interface Asking {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Refusal {
  readonly status: 401 | 403;
  readonly why: string;
}

/**
 * Why a request is refused; undefined: it may pass. Whoever asks by another name than this machine's own may be a page of
 * a stranger whose name was bound to 127.0.0.1 after it was loaded (DNS rebinding), and a browser says of every request
 * across origins where it comes from (Fetch Standard, `Origin`; Fetch Metadata, `Sec-Fetch-Site`).
 */
export function refusal(
  { method, path, headers }: Asking,
  server: { readonly port: number; readonly token: string },
): Refusal | undefined {
  const { host, origin } = headers;
  const own = [`127.0.0.1:${server.port}`, `localhost:${server.port}`];
  if (host === undefined || !own.includes(host)) {
    return { status: 403, why: `It is asked for as ${host ?? "nothing"}, and is ${own.join(" or ")}.` };
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return { status: 403, why: `A page of ${origin} asks, and only its own page may.` };
  }
  const site = headers["sec-fetch-site"];
  const isTyped = method === "GET" && !path.startsWith("/api/") && headers["sec-fetch-mode"] === "navigate";
  if (site !== undefined && site !== "same-origin" && site !== "none" && !isTyped) {
    return { status: 403, why: "Another page asks, and only its own page may." };
  }
  if (!path.startsWith("/api/")) return undefined;
  // Of a form another page could send it: it has no such header, and JSON is none of its types.
  const isJson = headers["content-type"]?.split(";")[0] === "application/json";
  if (method === "POST" && !isJson) return { status: 403, why: "What is written comes as application/json." };
  if (!isToken(headers.authorization, server.token)) {
    return {
      status: 401,
      why: "The token is missing or another one: open the address that the console printed.",
    };
  }
  return undefined;
}

/** In a time that says nothing of how much of it is right. */
function isToken(authorization: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(authorization ?? ""), digest(`Bearer ${token}`));
}

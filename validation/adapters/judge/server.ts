import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AnsweredOverHttp, AskedOverHttp } from "../../judge/http-answers.ts";
import { messageOf } from "../../reading.ts";

/** A question takes a kilobyte. */
const MOST_BYTES = 65_536;

export interface JudgeServer {
  readonly answer: (asked: AskedOverHttp) => Promise<AnsweredOverHttp>;
  /** What opens it: as `Authorization: Bearer <token>`, or as the password of an address (http://judge:<token>@…). */
  readonly token: string;
  readonly log: (line: string) => void;
}

/** The judge over HTTP; `/healthz` is open, everything else takes the token. */
export function judgeServer({ answer, token, log }: JudgeServer): Server {
  return createServer((request, response) => {
    // RFC 9112, 3.2: a target that is no path (`//`, `*`, another host's address) is of nothing that is here.
    const { url: target = "/" } = request;
    const url = target.startsWith("/") ? URL.parse(`http://judge${target}`) : null;
    if (url === null) return send(response, { status: 400, body: { error: "the request names no path" } });
    const path = url.pathname;
    if (path === "/healthz") return send(response, { status: 200, body: { ok: true } });
    if (!isOpenedBy(request.headers.authorization, token)) {
      response.setHeader("WWW-Authenticate", "Bearer");
      return send(response, { status: 401, body: { error: "a token is needed (BLUEGREEN_JUDGE_TOKEN)" } });
    }
    void bodyOf(request, url)
      .then(
        (body) => answer({ path, body }),
        (error: unknown) => ({ status: 400, body: { error: messageOf(error) } }),
      )
      .catch((error: unknown) => ({ status: 500, body: { error: messageOf(error) } }))
      .then((answered) => {
        log(`${path} ${answered.status} ${JSON.stringify(wordsIn(answered.body))}`);
        send(response, answered);
      });
  });
}

/** A GET has its question in the address: `/verdict?question=<JSON>`. */
async function bodyOf(request: IncomingMessage, url: URL): Promise<unknown> {
  if (request.method === "GET") return JSON.parse(url.searchParams.get("question") ?? "{}");
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    const chunk = Buffer.from(part);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error(`a question has at most ${MOST_BYTES} bytes`);
    parts.push(chunk);
  }
  const text = Buffer.concat(parts).toString("utf8");
  return text === "" ? {} : JSON.parse(text);
}

function isOpenedBy(header: string | undefined, token: string): boolean {
  const [, scheme = "", credentials = ""] = /^(Bearer|Basic) (.+)$/i.exec(header ?? "") ?? [];
  const given =
    scheme.toLowerCase() === "basic"
      ? Buffer.from(credentials, "base64")
          .toString("utf8")
          .replace(/^[^:]*:/, "")
      : credentials;
  // Of one length, whatever was given.
  const [a, b] = [given, token].map((text) => createHash("sha256").update(text).digest());
  return given !== "" && a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

const wordsIn = (body: unknown): unknown =>
  typeof body === "object" && body !== null ? ("sentence" in body ? body.sentence : body) : body;

function send(response: ServerResponse, { status, body }: AnsweredOverHttp): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(`${JSON.stringify(body)}\n`);
}

import { request } from "undici";
import type { Answer, Users } from "./perform/context.ts";

const BODY = JSON.stringify({ features: Array.from({ length: 64 }, () => 0) });
const USUAL_PATIENCE_MS = 15_000;

/** Users from this machine. */
export const people: Users = {
  async address() {
    // AWS's own: it answers with the address that a request comes from.
    const { body } = await request("https://checkip.amazonaws.com");
    const address = (await body.text()).trim();
    if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(address))
      throw new Error(`checkip.amazonaws.com answered "${address}"`);
    return address;
  },
  async ask(url, { cookies, patienceMs = USUAL_PATIENCE_MS } = {}): Promise<Answer | undefined> {
    try {
      const { statusCode, headers, body } = await request(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(cookies === undefined ? {} : { cookie: cookies }),
        },
        body: BODY,
        signal: AbortSignal.timeout(patienceMs),
      });
      const text = await body.text();
      return { status: statusCode, version: versionIn(text), cookies: cookiesIn(headers["set-cookie"]) };
    } catch {
      return undefined;
    }
  },
};

function versionIn(text: string): string | undefined {
  try {
    const { modelVersion } = Object(JSON.parse(text)) as { readonly modelVersion?: unknown };
    return modelVersion === undefined ? undefined : String(modelVersion);
  } catch {
    return undefined;
  }
}

const cookiesIn = (header: string | readonly string[] | undefined) =>
  [header ?? []]
    .flat()
    .map((line) => line.split(";")[0])
    .join("; ");

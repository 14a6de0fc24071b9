import { setTimeout as pause } from "node:timers/promises";
import { request } from "undici";
import type { Input, Server } from "./clients.ts";

/** Between two requests of one user, real milliseconds: what a machine of two cores takes beside the servers. */
const PACE_MS = 250;
const PATIENCE_MS = 10_000;

export interface Example {
  readonly input: Input;
  readonly label: unknown;
}

export interface Seen {
  readonly asked: number;
  readonly failures: readonly string[];
  readonly wrong: number;
  /** Which server answered each user, repeats left out: `["flask:1", "mlserver:3"]`. */
  readonly ways: readonly (readonly string[])[];
}

export interface Users {
  /** Resolves when each user has sent a request from now on, and has its answer. */
  turn(): Promise<void>;
  /** Since the last check. */
  look(): Seen;
  leave(): Promise<void>;
}

/**
 * Users whose programs speak to both servers, as they must where a release changes the protocol: who is answered with a 4xx has
 * been moved, and asks in the other way. Each keeps the load balancer's cookie.
 */
export function startUsers(
  url: () => string,
  servers: readonly [Server, Server],
  examples: readonly Example[],
  count: number,
): Users {
  const leaving = new AbortController();
  let asked = 0;
  let wrong = 0;
  let failures: string[] = [];
  const ways = Array.from({ length: count }, (): string[] => []);

  const answered = ways.map(() => 0);
  const user = async (way: string[], index: number) => {
    let cookie = "";
    let mine = servers[0];
    for (let turn = index; !leaving.signal.aborted; turn += 1) {
      const example = examples[turn % examples.length];
      if (example === undefined) throw new Error("there are no examples");
      for (const server of [mine, ...servers.filter((one) => one !== mine)]) {
        const reply = await ask(url(), server, example.input, cookie);
        cookie = reply.cookie ?? cookie;
        if (reply.status >= 400 && reply.status < 500 && server === mine) continue;
        asked += 1;
        if (reply.status !== 200)
          failures.push(`${server.image} ${reply.status}: ${reply.text.slice(0, 300)}`);
        else {
          mine = server;
          if (way.at(-1) !== server.image) way.push(server.image);
          // As the server documents its answers.
          if (server.answer(JSON.parse(reply.text) as never) !== example.label) wrong += 1;
        }
        break;
      }
      answered[index] = (answered[index] ?? 0) + 1;
      await pause(PACE_MS);
    }
  };
  const all = Promise.all(ways.map(user));
  return {
    async turn() {
      // The answer after the next one was asked for from now on.
      const wanted = answered.map((times) => times + 2);
      while (answered.some((times, index) => times < (wanted[index] ?? 0))) await pause(PACE_MS);
    },
    look() {
      const seen = { asked, failures, wrong, ways: ways.map((way) => [...way]) };
      [asked, wrong, failures] = [0, 0, []];
      // Where they are is where they begin.
      for (const way of ways) way.splice(0, way.length - 1);
      return seen;
    },
    async leave() {
      leaving.abort();
      await all;
    },
  };
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly cookie?: string;
}

async function ask(url: string, server: Server, input: Input, cookie: string): Promise<Reply> {
  const { path, body } = server.request(input);
  try {
    const response = await request(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(cookie === "" ? {} : { cookie }) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.body.text();
    const [given] = [response.headers["set-cookie"] ?? []].flat();
    const kept = given?.split(";")[0];
    return { status: response.statusCode, text, ...(kept === undefined ? {} : { cookie: kept }) };
  } catch (error) {
    // No answer is a failure of this user, and is counted.
    return { status: 0, text: String(error) };
  }
}

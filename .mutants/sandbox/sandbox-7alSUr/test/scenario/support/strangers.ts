import { once } from "node:events";
import { connect } from "node:net";
import { aStack, until, type Verdict, type World } from "./world.ts";

const PREDICT = "/predict";
const BODY = JSON.stringify({ features: Array.from({ length: 64 }, () => 0) });

/** Who takes a cookie and never waits for an answer. */
export interface Strangers {
  /** Requests that were sent whole, each on a connection that was closed right after it. */
  readonly sent: () => number;
  readonly leave: () => Promise<void>;
}

/** A cookie that names the slot on which this version of the model answers; asks as a new client until it gets one. */
export async function cookieOf(url: string, version: string): Promise<string> {
  for (;;) {
    const answer = await fetch(`${url}${PREDICT}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: BODY,
    });
    // The models of the example say their version.
    const { modelVersion } = (await answer.json()) as { readonly modelVersion?: string };
    const cookie = answer.headers.get("set-cookie")?.split(";")[0];
    if (modelVersion === version && cookie !== undefined) return cookie;
  }
}

/** Sends so many requests a second with this cookie, at fixed times, and closes each connection at once. */
export function startStrangers(url: string, cookie: string, requestsPerSecond: number): Strangers {
  const { hostname, port, host } = new URL(url);
  const request = [
    `POST ${PREDICT} HTTP/1.1`,
    `Host: ${host}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(BODY)}`,
    `Cookie: ${cookie}`,
    "",
    BODY,
  ].join("\r\n");
  let sent = 0;
  const open = new Set<Promise<unknown>>();
  const timer = setInterval(() => {
    const socket = connect(Number(port), hostname);
    // Nobody waits for what becomes of it.
    socket.on("error", () => {});
    socket.once("connect", () => {
      socket.write(request, () => {
        sent += 1;
        socket.destroy();
      });
    });
    const closed = once(socket, "close").finally(() => open.delete(closed));
    open.add(closed);
  }, 1000 / requestsPerSecond);
  return {
    sent: () => sent,
    async leave() {
      clearInterval(timer);
      await Promise.all(open);
    },
  };
}

/** Real requests a second: 600 a minute that nobody waits for, beside 60 honest ones a second. */
const HONEST = 60;
const ABANDONED = 10;
const STICKY_SECONDS = 86_400;

export interface Attacked {
  readonly release: Verdict;
  /** What honest users asked, and what of it failed. */
  readonly asked: number;
  readonly failed: number;
  readonly abandoned: number;
  readonly live: Readonly<Record<"blue" | "green", number>> | undefined;
  /** Why the digest is refused from now on; undefined: it is not. */
  readonly refused: string | undefined;
}

/**
 * A release of `image` to its end beside strangers who hold the candidate's cookie from its first share on: real
 * requests through the local cloud, on a clock that runs `speed` times as fast.
 */
export async function releaseAmongStrangers(image: string, speed: number): Promise<Attacked> {
  const world = await aStack({
    speed,
    rollout: {
      steps: [10, 100],
      bakeMinutes: 5,
      minRequests: 20,
      maxBlindSpots: [0.5],
      deadlineMinutes: 10,
    },
    blue: { image: "digits:1", modelVersion: "1" },
  });
  try {
    return await release(world, image, speed);
  } finally {
    await world.close();
  }
}

async function release(world: World, image: string, speed: number): Promise<Attacked> {
  await world.pulumi("config", "set", "--path", "service.stickinessSeconds", String(STICKY_SECONDS));
  await world.pulumi("up", "--yes", "--skip-preview");
  await world.deploy(image, "3");
  const users = world.users((HONEST * 60) / speed);
  const verb = world.start("rollout", "--skip-tests", "--json");
  await until(async () => ((await world.see.live())?.green ?? 0) > 0);
  const url = world.see.url();
  const strangers = startStrangers(url, await cookieOf(url, "3"), ABANDONED);
  const ended = await verb.ended;
  await strangers.leave();
  await users.leave();
  const config = await world.pulumi("config", "get", "release");
  return {
    release: world.verdictOf(ended),
    asked: users.answers().length,
    failed: users.failures().length,
    abandoned: strangers.sent(),
    live: await world.see.live(),
    refused: refusedOf(config.stdout),
  };
}

/** Of the release in the stack's configuration, as JSON. */
function refusedOf(text: string): string | undefined {
  const { compared } = JSON.parse(text) as { readonly compared?: { readonly refused?: string } };
  return compared?.refused;
}

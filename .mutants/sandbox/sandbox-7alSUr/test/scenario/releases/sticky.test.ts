import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, until, type World } from "../support/world.ts";

const LONG = 120_000;
const CLIENTS = 1_000;
/** Cookies are the load balancer's for a day of its time. */
const STICKY_SECONDS = 86_400;
const AT_A_TIME = 8;

/** Which model answered (its version is that of one slot), and the client's cookie from then on. */
interface Answer {
  readonly version: string;
  readonly cookie: string;
}

async function ask(url: string, cookie?: string): Promise<Answer> {
  const { statusCode, headers, body } = await request(`${url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(cookie === undefined ? {} : { cookie }) },
    body: JSON.stringify({ features: Array.from({ length: 64 }, () => 0) }),
  });
  const answer = await body.text();
  if (statusCode !== 200) throw new Error(`${statusCode}: ${answer}`);
  const [setCookie = ""] = [headers["set-cookie"] ?? []].flat();
  // The models of the example say their version.
  const { modelVersion } = JSON.parse(answer) as { readonly modelVersion: string };
  return { version: modelVersion, cookie: setCookie.split(";")[0] ?? "" };
}

/** New clients until so many of them are pinned to this version; their cookies. */
async function pinnedTo(url: string, version: string): Promise<readonly string[]> {
  const cookies: string[] = [];
  const arriving = async () => {
    while (cookies.length < CLIENTS) {
      const answer = await ask(url);
      if (answer.version === version && cookies.length < CLIENTS) cookies.push(answer.cookie);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, arriving));
  return cookies;
}

/** How many clients with these cookies each version answers. */
async function answering(url: string, cookies: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const rest = [...cookies];
  const client = async () => {
    for (let cookie = rest.pop(); cookie !== undefined; cookie = rest.pop()) {
      const { version } = await ask(url, cookie);
      counts[version] = (counts[version] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, client));
  return counts;
}

describe("given sticky users, digits:1 on blue, digits:2 on green, and half of the users shifted to green", () => {
  let world: World;
  const up = () => world.pulumi("up", "--yes", "--skip-preview");
  const shift = async (percent: number) => {
    await world.pulumi("config", "set", "greenWeight", String(percent));
    await up();
  };
  beforeAll(async () => {
    world = await aStack({
      speed: 60,
      blue: { image: "digits:1", modelVersion: "1" },
      green: { image: "digits:2", modelVersion: "2" },
    });
    await until(async () => (await world.see.healthyTargets("blue")) === 1);
    await until(async () => (await world.see.healthyTargets("green")) === 1);
    await world.pulumi("config", "set", "--path", "service.stickinessSeconds", String(STICKY_SECONDS));
    await shift(50);
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "a user stays where they are while the share that was shifted is another one between 0 and 100",
    async () => {
      const cookies = await pinnedTo(world.see.url(), "2");
      await shift(5);
      expect(await answering(world.see.url(), cookies)).toEqual({ "2": CLIENTS });
    },
    LONG,
  );

  it(
    "revert brings 1,000 of 1,000 of green's users back to blue",
    async () => {
      await shift(50);
      const cookies = await pinnedTo(world.see.url(), "2");
      expect(await world.revert("--reason", "users complain")).toMatchObject({ exitCode: 0, to: "blue" });
      expect(await answering(world.see.url(), cookies)).toEqual({ "1": CLIENTS });
    },
    LONG,
  );

  it(
    "greenWeight 0 and up does so too",
    async () => {
      await shift(50);
      const cookies = await pinnedTo(world.see.url(), "2");
      await shift(0);
      expect(await answering(world.see.url(), cookies)).toEqual({ "1": CLIENTS });
    },
    LONG,
  );

  it(
    "after promotion 1,000 of 1,000 of blue's users are on green",
    async () => {
      await shift(50);
      const cookies = await pinnedTo(world.see.url(), "1");
      await world.pulumi(
        "config",
        "set-all",
        "--plaintext",
        "activeSlot=green",
        "--plaintext",
        "greenWeight=0",
      );
      await up();
      expect(await answering(world.see.url(), cookies)).toEqual({ "2": CLIENTS });
    },
    LONG,
  );
});

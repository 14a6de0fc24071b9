import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, type World } from "../scenario/support/world.ts";
import {
  BENTOML,
  FASTAPI,
  FLASK,
  KSERVE,
  LITELLM,
  MLFLOW,
  MLSERVER,
  TEXT_FLASK,
  type Server,
} from "./support/clients.ts";
import { ROOT, without } from "./support/environments.ts";
import { startUsers, type Example, type Seen, type Users } from "./support/users.ts";

/** A Python server takes up to half a minute to start on a busy machine. */
const LONG = 400_000;
const SPEED = 40;
const USERS = 12;
/**
 * Each of them answers 5xx to some wrong input (docs/serving/protocols.md says to how many), and to other input than the
 * server that it follows, so no pair is without it.
 */
const WAIVED = { "malformed-input": "each answers 5xx to some of it" };
/** These servers are not equally fast, LiteLLM takes ten times as long as Flask. Whether a release may be slower is not asked here. */
const HOWEVER_SLOW = { latencyMargin: 90, latencySight: 95 };
const DIGITS = "examples/digits/golden.jsonl";
const TEXTS = "test/servers/golden-text.jsonl";

const PAIRS: readonly (readonly [Server, Server, string])[] = [
  [FLASK, MLSERVER, DIGITS],
  [MLFLOW, BENTOML, DIGITS],
  [FASTAPI, KSERVE, DIGITS],
  [TEXT_FLASK, LITELLM, TEXTS],
];

const measured: Record<string, unknown>[] = [];
afterAll(() => {
  for (const one of measured) console.log(JSON.stringify(one));
});

function examplesOf(golden: string): readonly Example[] {
  const lines = readFileSync(join(ROOT, golden), "utf8").trim().split("\n");
  return lines.map((line) => {
    // Lines of `{"features", "label"}` or `{"text", "label"}`.
    const { label, ...input } = JSON.parse(line) as Example["input"] & { readonly label: unknown };
    return { input, label };
  });
}

const askedAs = (stderr: string) => /is asked as (\S+)/.exec(stderr)?.[1];

for (const [one, other, golden] of PAIRS) {
  const why = without([one.environment, other.environment]);
  describe.skipIf(why !== "")(`given ${one.image} on the stack, and ${other.image}${why}`, () => {
    let world: World;
    let users: Users;
    beforeAll(async () => {
      world = await aStack({
        speed: SPEED,
        cloud: ["--images", "test/servers/images.json"],
        rollout: { steps: [50, 100], minRequests: 20, compareClientErrors: false },
        service: { startupSeconds: 900, stickinessSeconds: 86_400, servingProtocol: "auto" },
        suite: { goldenSet: golden, waive: WAIVED, ...HOWEVER_SLOW },
      });
    }, LONG);
    afterAll(async () => {
      await users?.leave();
      await world?.close();
    }, LONG);

    const deploy = async (server: Server, ...flags: string[]) => {
      const version = ["--model-version", server.modelVersion];
      const { exitCode, stdout, stderr } = await world.run(
        "deploy",
        server.image,
        ...version,
        ...flags,
        "--json",
      );
      const protocol = askedAs(stderr);
      if (exitCode !== 0 || protocol === undefined) throw new Error(`deploy: ${stdout}${stderr}`);
      return protocol;
    };
    /** Deploys, tests and rolls out under users who stay where they are put. */
    const release = async (from: Server, to: Server, ...flags: string[]) => {
      const protocol = await deploy(to, ...flags);
      const tested = await world.test();
      if (tested.exitCode !== 0) throw new Error(`test: ${tested.sentence}`);
      const rolled = await world.rollout();
      if (rolled.exitCode !== 0) throw new Error(`rollout: ${rolled.sentence}`);
      const { failures, ways, asked, wrong } = await settled(`${from.image} → ${to.image}`, tested.sentence);
      return { protocol, result: rolled.result, failures, ways, isMostlyRight: wrong < asked / 10 };
    };
    const everyoneMoved = (from: Server, to: Server) =>
      Array.from({ length: USERS }, () => [from.image, to.image]);
    const released = (from: Server, to: Server) => ({
      protocol: to.protocol,
      result: "promoted",
      failures: [],
      ways: everyoneMoved(from, to),
      isMostlyRight: true,
    });
    /** What users saw, once each has been answered since the last change. */
    const settled = async (change: string, tests: string): Promise<Seen> => {
      await users.turn();
      const seen = users.look();
      const moves = seen.ways.reduce((sum, way) => sum + way.length - 1, 0);
      const { asked, wrong, failures } = seen;
      measured.push({ change, asked, failures: failures.length, wrong, users: USERS, moves, tests });
      return seen;
    };

    it(
      "deploy finds out how the first is asked, and gives it all users",
      async () => {
        expect(await deploy(one)).toBe(one.protocol);
        users = startUsers(() => world.see.url(), [one, other], examplesOf(golden), USERS);
      },
      LONG,
    );

    it(
      "the other, which is asked in another way, follows it, and each user moves once",
      async () => {
        expect(await release(one, other)).toEqual(released(one, other));
      },
      LONG,
    );

    it(
      "and the other way round, the one follows the other",
      async () => {
        expect(await release(other, one, "--env", "ROUND=2")).toEqual(released(other, one));
      },
      LONG,
    );

    it(
      "revert takes every user back at once",
      async () => {
        expect(await world.revert("--reason", "the numbers look odd")).toMatchObject({ exitCode: 0 });
        const seen = await settled(`${one.image} reverted to ${other.image}`, "");
        expect(seen.ways).toEqual(everyoneMoved(one, other));
        expect(seen.failures).toEqual([]);
      },
      LONG,
    );
  });
}

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, type World } from "../support/world.ts";

const LONG = 120_000;
/** A gate of the user's own: a program that reads the question and answers about it. */
const GATE = `
let text = "";
process.stdin.on("data", (part) => { text += part; }).on("end", () => {
  const { candidate } = JSON.parse(text);
  const isKnown = candidate.modelVersion === "2";
  const reason = "version " + candidate.modelVersion + (isKnown ? " is known" : " is not known");
  console.log(JSON.stringify({ answer: isKnown ? "pass" : "fail", reason }));
});`;

describe("given a stack without users, a synthetic load and a gate that knows version 2 alone", () => {
  let world: World;
  const rollout = async () => {
    const ran = await world.run("rollout", "--skip-tests", "--json");
    return { ...world.verdictOf(ran), all: JSON.parse(ran.stdout) };
  };
  beforeAll(async () => {
    world = await aStack({
      speed: 60,
      rollout: {
        steps: [50, 100],
        minRequests: 100,
        syntheticLoad: { requestsPerMinute: 600 },
        customGates: [{ name: "registry", command: [process.execPath, "-e", GATE], timeoutSeconds: 60 }],
      },
      blue: { image: "digits:1", modelVersion: "1" },
    });
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "a release that the gate passes is promoted on synthetic requests, which are named apart",
    async () => {
      await world.deploy("digits:2", "2");
      const done = await rollout();
      expect(done).toMatchObject({ exitCode: 0, result: "promoted" });
      expect(done.all).toMatchObject({ synthetic: { sent: expect.any(Number), failed: 0 } });
      expect(done.all.synthetic.sent).toBeGreaterThan(100);
      expect(done.all.last.verdict.reasons).toContainEqual(
        expect.stringMatching(/^\d+ requests, synthetic ones among them, 100 needed$/),
      );
      expect(done.all.last.verdict.reasons).toContain("registry: version 2 is known");
    },
    LONG,
  );

  it(
    "a release that the gate fails is rolled back, with the gate's own reason",
    async () => {
      await world.deploy("digits:1", "3");
      const back = await rollout();
      expect(back).toMatchObject({ exitCode: 20, result: "rolledBack" });
      expect(back.sentence).toContain("registry: version 3 is not known");
      expect(await world.see.live()).toEqual({ blue: 0, green: 100 });
    },
    LONG,
  );
});

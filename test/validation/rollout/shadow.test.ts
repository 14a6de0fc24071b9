import { describe, expect, test } from "vitest";
import { showStatus } from "../../../cli/view/status.ts";
import { status } from "../../../validation/insight/status.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { step } from "../../../validation/rollout/step.ts";
import { candidateReady, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const MINUTE = 60_000;
const AGENT = { front: {}, shadow: { paths: ["/predict"] } };
const SERVED = { testToken: "t".repeat(32), service: { testCidrs: ["192.0.2.0/24"] } };
const POLL = { pollMs: MINUTE };

/** v2 waits on green, and blue's agent shadows it, unless it has none; a minute's counts from the deployment's end on. */
function world(shadow: object, minute: Readonly<Record<string, number>> | undefined, agent: object = AGENT) {
  const { blue, rollout: policy, ...others } = candidateReady();
  const one = new World({
    ...others,
    ...SERVED,
    blue: { ...blue, service: { agent } },
    rollout: { ...policy, metricLagSeconds: 0, shadow },
  });
  const completed = "(service green) (deployment ecs-svc/2) deployment completed.";
  one.ecsEvents = [{ atMs: one.bornMs + 3 * MINUTE, message: completed }];
  // Before it the agent asked the model that stood on green until then: it answered everything otherwise.
  const before = { ...minute, ShadowDisagreed: minute?.["ShadowPairs"] ?? 0 };
  one.signals = (atMs, { metricName, dimensions }) => {
    if (dimensions["Stack"] !== "test" || dimensions["Slot"] !== "blue") return undefined;
    const said: Readonly<Record<string, number>> = atMs < one.bornMs + 3 * MINUTE ? before : (minute ?? {});
    return said[metricName];
  };
  return one;
}
const ALIKE = {
  ShadowPairs: 100,
  ShadowDisagreed: 1,
  ShadowSelfDisagreed: 1,
  ShadowBothDisagreed: 1,
  ShadowSlower: 3,
  ShadowFaster: 2,
  ShadowRequests: 100,
  ShadowFailed: 0,
  ShadowBothFailed: 0,
  ShadowSampled: 100,
  ShadowDropped: 0,
};
const OTHERWISE = { ...ALIKE, ShadowDisagreed: 40 };

const firstUsersMs = (one: World) => {
  const at = Array.from({ length: 200 }, (_, minute) => one.bornMs + minute * MINUTE);
  return at.find((atMs) => one.liveAt(atMs).green > 0);
};
const sentences = ({ events }: World) =>
  events.flatMap((event) => (event.kind === "checked" ? [event.sentence] : []));

describe("a release whose policy wants a shadow", () => {
  test("gives the first users to a candidate that answers alike, after its pairs, and no minute of the model before counts", async () => {
    const one = world({ pairs: 1000, action: "hold" }, ALIKE);
    expect(await rollout(one.context(), POLL)).toMatchObject({ result: "promoted" });
    const first = firstUsersMs(one);
    // Ten minutes of a hundred pairs after the third.
    expect(first).toBeGreaterThanOrEqual(one.bornMs + 13 * MINUTE);
    expect(first).toBeLessThanOrEqual(one.bornMs + 16 * MINUTE);
    const [waits, starts] = [sentences(one)[6], sentences(one).find((one) => /advances from 0/.test(one))];
    expect(waits).toMatch(/green at 0 %: not ready for users: shadow: \d+ of 1000 pairs/);
    expect(starts).toMatch(/shadow: green answers 1 % of 1\d00 requests otherwise than blue/);
    expect(starts).toMatch(/green took clearly longer in \d\d of 1\d00, blue in \d\d when asked again;/);
  });

  test("counts what something else has put there from its pre-traffic tests on: ECS tells nothing of it", async () => {
    const { blue, green, release, rollout: policy, ...others } = candidateReady();
    const { bornMs } = new World(candidateReady());
    const at = new Date(bornMs + 5 * MINUTE).toISOString();
    const one = new World({
      ...others,
      ...SERVED,
      blue: { ...blue, service: { agent: AGENT } },
      green: { ...green, service: { kind: "external" } },
      release: { ...release, tested: { ...release.tested, taskDefinition: green.image, at } },
      rollout: { ...policy, metricLagSeconds: 0, shadow: { pairs: 1000, action: "hold" } },
    });
    one.signals = (atMs, { metricName, dimensions }) => {
      if (dimensions["Slot"] !== "blue") return undefined;
      const said: Readonly<Record<string, number>> = atMs < bornMs + 5 * MINUTE ? OTHERWISE : ALIKE;
      return said[metricName];
    };
    expect(await rollout(one.context(), POLL)).toMatchObject({ result: "promoted" });
    expect(firstUsersMs(one)).toBeGreaterThanOrEqual(bornMs + 15 * MINUTE);
  });

  test("gives none to one that is shown to differ, and calls a person at the deadline of the start", async () => {
    const one = world({ pairs: 1000, action: "hold" }, OTHERWISE);
    const ended = await rollout(one.context(), POLL);
    expect(ended).toMatchObject({ result: "waits", exitCode: 10 });
    expect(ended.sentence).toMatch(
      /not ready for users, and the deadline has passed: shadow: green answers 40 %/,
    );
    expect(ended.last.verdict?.evidence).toContainEqual(
      expect.objectContaining({ gate: "shadow", answer: expect.objectContaining({ kind: "fail" }) }),
    );
    expect(one.live).toEqual({ blue: 100, green: 0 });
    expect(one.config.release?.state).toBe("deployed");
  });

  test("only tells of it where that is what is wanted, and gives the users", async () => {
    const one = world({ pairs: 500 }, OTHERWISE);
    expect(await rollout(one.context(), POLL)).toMatchObject({ result: "promoted" });
    expect(sentences(one).join()).toContain("green answers 40 % of");
  });

  test("has as many minutes more to start as it wants to watch", async () => {
    const one = world({ pairs: 10, minutes: 60 }, ALIKE);
    expect(await rollout(one.context(), POLL)).toMatchObject({ result: "promoted" });
    expect(firstUsersMs(one)).toBeGreaterThanOrEqual(one.bornMs + 63 * MINUTE);
  });

  test.each([
    [
      "whose active model was deployed without a shadow",
      { front: {} },
      /blue was deployed without service\.agent\.shadow/,
    ],
    [
      "whose agent finds nobody to ask",
      AGENT,
      /0 of 500 pairs since .*; the agent of blue has sampled no request/,
    ],
  ])("%s waits until the deadline, and says what to do", async (_title, agent, says) => {
    const one = world({ pairs: 500 }, undefined, agent);
    const ended = await rollout(one.context(), POLL);
    expect(ended).toMatchObject({ result: "waits" });
    expect(ended.exitCode).not.toBe(0);
    expect(ended.sentence).toMatch(says);
    expect(one.live.green).toBe(0);
  });

  test("waits while the counts cannot be read, and while ECS still replaces tasks", async () => {
    const one = world({ pairs: 10 }, ALIKE);
    one.clock.advance(20 * MINUTE);
    const once = { start: true, startDeadlineMs: Infinity, agreed: undefined };
    one.rollout.green = { state: "IN_PROGRESS" };
    expect((await step(one.context(), once)).sentence).toContain("tasks of green are still being replaced");
    one.rollout.green = { state: "COMPLETED" };
    one.failing = { metrics: "throttled" };
    expect(await step(one.context(), once)).toMatchObject({ split: { green: 0 } });
    one.failing = {};
    expect(await step(one.context(), once)).toMatchObject({ split: { green: 10 } });
  });

  test("is told by status as far as it has come, while the candidate waits, and also when it cannot be read", async () => {
    const one = world({ pairs: 3000 }, OTHERWISE);
    one.clock.advance(9 * MINUTE);
    const seen = await status(one.context());
    expect(seen.shadow).toMatch(/^shadow: 600 of 3000 pairs since \S+; green answers 40 % of 600 requests/);
    expect(showStatus(seen)).toContain("shadow: 600 of 3000 pairs");
    one.failing = { metrics: "throttled" };
    expect((await status(one.context())).shadow).toContain("could not be read (throttled)");
    expect((await status(new World(candidateReady()).context())).shadow).toBeUndefined();
  });

  test("does not ask for it once the candidate has users", async () => {
    const { rollout: policy, ...others } = sharing(10);
    const one = new World({ ...others, rollout: { ...policy, shadow: {} } });
    one.clock.advance(2 * MINUTE);
    const looked = await step(one.context(), { start: false, startDeadlineMs: Infinity, agreed: undefined });
    expect(looked.verdict?.evidence.map(({ gate }) => gate)).not.toContain("shadow");
  });
});

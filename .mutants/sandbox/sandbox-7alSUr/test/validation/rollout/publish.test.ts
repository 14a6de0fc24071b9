import { afterEach, describe, expect, test } from "vitest";
import { PROJECT } from "../../support/project.ts";
import { stepNumber } from "../../../contract/release/release-metrics.ts";
import { splitOf } from "../../../contract/route/split.ts";
import { awsPorts } from "../../../validation/adapters/aws.ts";
import type { ReleaseFacts } from "../../../validation/ports.ts";
import { sparingly } from "../../../validation/rollout/publish.ts";
import { step } from "../../../validation/rollout/step.ts";
import { fakeAws, type Answered, type FakeAws } from "../support/fake-aws.ts";
import { oneModel, sharing } from "../support/samples.ts";
import { World, STACK } from "../support/world.ts";

const MINUTE = 60_000;
const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;

describe("A step tells the dashboard", () => {
  test("the shares as they are after it, the step of the schedule and the verdict", async () => {
    const world = new World(sharing(10));
    world.clock.advance(6 * MINUTE);
    await step(world.context(), ONCE);
    expect(world.published).toEqual([
      {
        stack: `${PROJECT}/${STACK}`,
        atMs: world.clock.now(),
        split: { blue: 50, green: 50 },
        step: 2,
        verdict: "advance",
      },
    ]);
  });

  test("that everyone was rolled back", async () => {
    const world = new World(sharing(50));
    world.clock.advance(6 * MINUTE);
    world.alarmStates.green["error-rate"] = { state: "ALARM" };
    await step(world.context(), ONCE);
    expect(world.published).toMatchObject([{ split: { blue: 100, green: 0 }, step: 0, verdict: "rollback" }]);
  });

  test("on a stack at rest, too, where there is nothing to decide", async () => {
    const world = new World(oneModel());
    await step(world.context(), ONCE);
    expect(world.published).toMatchObject([{ split: { blue: 100, green: 0 }, step: 0, verdict: undefined }]);
  });

  test("no share when the route cannot be read", async () => {
    const world = new World(sharing(10));
    world.failing.route = "no route";
    await step(world.context(), ONCE);
    expect(world.published).toMatchObject([{ split: undefined, verdict: undefined }]);
  });

  test("and goes on all the same when it cannot be told, and says so", async () => {
    const world = new World(sharing(10));
    world.clock.advance(6 * MINUTE);
    world.failing.publisher = "AccessDenied: not authorized to perform cloudwatch:PutMetricData";
    const outcome = await step(world.context(), ONCE);
    expect(outcome).toMatchObject({ exitCode: 0, verdict: { kind: "advance" }, split: { green: 50 } });
    const notes = world.events.filter(({ kind }) => kind === "note");
    expect(notes).toEqual([
      {
        kind: "note",
        message:
          "the dashboard was not told of this step: AccessDenied: not authorized to perform cloudwatch:PutMetricData",
      },
    ]);
  });
});

test("the number of a step counts the entries of the schedule that the candidate has reached", () => {
  const release = new World(sharing(10)).config.release;
  const at = (percent: number) => stepNumber([10, 25, 50, 100], release, splitOf("blue", percent));
  expect([0, 5, 10, 24, 25, 50, 99, 100].map(at)).toEqual([0, 0, 1, 1, 2, 3, 3, 4]);
  expect(stepNumber([10], release && { ...release, state: "promoted" }, splitOf("green", 0))).toBe(0);
});

describe("A publisher that spares calls", () => {
  const facts: ReleaseFacts = { stack: "dev", atMs: 0, split: splitOf("blue", 10), step: 1, verdict: "hold" };
  const told = async (...given: readonly ReleaseFacts[]) => {
    const times: number[] = [];
    const publisher = sparingly({ publish: async ({ atMs }) => void times.push(atMs) });
    for (const one of given) await publisher.publish(one);
    return times;
  };

  test("tells each minute once, and what differs at once", async () => {
    const at = (atMs: number) => ({ ...facts, atMs });
    expect(await told(at(0), at(5_000), at(59_999), at(60_000), at(65_000))).toEqual([0, 60_000]);
    expect(await told(at(0), { ...at(1), verdict: "rollback" }, at(2))).toEqual([0, 1, 2]);
  });

  test("does not make every step of a minute wait for a CloudWatch that is down", async () => {
    let calls = 0;
    const publisher = sparingly({
      publish: async () => {
        calls += 1;
        throw new Error("down");
      },
    });
    await expect(publisher.publish(facts)).rejects.toThrow("down");
    await publisher.publish({ ...facts, atMs: 5_000 });
    expect(calls).toBe(1);
  });
});

describe("The custom metrics", () => {
  let aws: FakeAws | undefined;
  afterEach(async () => {
    await aws?.close();
    aws = undefined;
  });
  const publish = async (facts: ReleaseFacts, answer: Answered = { json: {} }) => {
    aws = await fakeAws(() => answer);
    await awsPorts(aws.target).publisher.publish(facts);
    return aws.asked;
  };
  const of = (MetricName: string, Value: number, Unit: string, ...more: readonly object[]) => ({
    MetricName,
    Dimensions: [{ Name: "Stack", Value: "dev" }, ...more],
    Value,
    Unit,
    Timestamp: 1_700_000_000,
  });
  const facts: ReleaseFacts = {
    stack: "dev",
    atMs: 1_700_000_000_000,
    split: splitOf("blue", 25),
    step: 2,
    verdict: "rollback",
  };

  test("go out in one call, at the time of the step", async () => {
    expect(await publish(facts)).toEqual([
      {
        operation: "PutMetricData",
        input: {
          Namespace: "MlBlueGreen",
          MetricData: [
            of("Share", 75, "Percent", { Name: "Slot", Value: "blue" }),
            of("Share", 25, "Percent", { Name: "Slot", Value: "green" }),
            of("Step", 2, "None"),
            of("Verdict", 6, "None"),
          ],
        },
      },
    ]);
  });

  test("leave out what is not known", async () => {
    const [call] = await publish({ ...facts, split: undefined, verdict: undefined });
    expect(call?.input["MetricData"]).toEqual([of("Step", 2, "None")]);
  });

  test("that CloudWatch refuses are an error for the caller to tell", async () => {
    await expect(publish(facts, { error: "AccessDenied", message: "no PutMetricData" })).rejects.toThrow(
      "no PutMetricData",
    );
  });
});

import { describe, expect, it, test } from "vitest";
import { ROUTE_TAGS } from "../../contract/route/route.ts";
import { perSlot, type Slot } from "../../contract/slot.ts";
import { changeOf } from "../../infra/checks/route-change.ts";
import { proveRaise, type Questions } from "../../infra/checks/healthy-first.ts";
import { find, runProgram } from "../support/pulumi-mocks.ts";
import { TWO_SLOTS, TYPE } from "./configs.ts";

const ARNS = { blue: "arn:blue", green: "arn:green" };
/** The inputs of a listener rule; the engine may give the groups in any order. */
const inputs = (blue: number, green: number) => ({
  actions: [
    {
      type: "forward",
      forward: {
        targetGroups: [
          { arn: ARNS.green, weight: green },
          { arn: ARNS.blue, weight: blue },
        ],
      },
    },
  ],
  tags: { [ROUTE_TAGS.activeSlot]: "blue" },
});
const REVISION = "arn:aws:ecs:us-east-1:000000000000:task-definition/digits";
const requestedOf = (slot: Slot) => ({
  service: { cluster: "digits", name: `digits-${slot}` },
  model: `${REVISION}-${slot}:9`,
});
/** ECS runs on each slot what was asked for. */
const asRequested: Questions["primary"] = async (_cluster, service) => ({
  taskDefinitionArn: `${REVISION}${service.replace("digits", "")}:9`,
  rolloutState: "COMPLETED",
});
const prove = (
  from: unknown,
  to: unknown,
  targets: Questions["targets"],
  primary: Questions["primary"] = asRequested,
) => proveRaise(changeOf(from, to, ARNS), ARNS, perSlot(requestedOf), { targets, primary });

test("the route asks before each update and each creation, the test rules do not", async () => {
  const run = await runProgram({
    ...TWO_SLOTS,
    testToken: "a".repeat(32),
    localCloud: "http://127.0.0.1:4566",
  });
  expect(find(run, `${TYPE.rule}::route`).options).toMatchObject({
    beforeCreate: ["fraud-model-healthy-first"],
    beforeUpdate: ["fraud-model-healthy-first"],
  });
  expect(find(run, `${TYPE.rule}::green-test`).options).toMatchObject({
    beforeCreate: [],
    beforeUpdate: [],
  });
});

describe("an update of the route", () => {
  it("that raises a slot asks for the targets of that slot, and goes on when one is healthy", async () => {
    const asked: string[] = [];
    await prove(inputs(90, 10), inputs(50, 50), async (arn) => {
      asked.push(arn);
      return ["unhealthy", "healthy"];
    });
    expect(asked).toEqual([ARNS.green]);
  });

  it("is refused when none is healthy", async () => {
    await expect(prove(inputs(100, 0), inputs(90, 10), async () => ["initial"])).rejects.toThrow(
      "green would go from 0 to 10 % of the users, and none of its targets is healthy (initial)",
    );
  });

  it("is refused when nobody can say, because no data is not good news", async () => {
    const unreachable = () => Promise.reject(new Error("connect ECONNREFUSED"));
    await expect(prove(inputs(100, 0), inputs(90, 10), unreachable)).rejects.toThrow(
      "whether green has healthy targets could not be read (connect ECONNREFUSED), so it gets no more users",
    );
  });

  it("asks ECS for the same slot, and is refused while another model runs there", async () => {
    const asked: string[] = [];
    const former: Questions["primary"] = async (cluster, service) => {
      asked.push(`${cluster}/${service}`);
      return { taskDefinitionArn: `${REVISION}-green:8`, rolloutState: "COMPLETED" };
    };
    await expect(prove(inputs(100, 0), inputs(90, 10), async () => ["healthy"], former)).rejects.toThrow(
      "green would go from 0 to 10 % of the users, and it runs digits-green:8 where digits-green:9 was asked for",
    );
    expect(asked).toEqual(["digits/digits-green"]);
  });

  it("is refused when ECS cannot say", async () => {
    const unreachable = () => Promise.reject(new Error("AccessDeniedException"));
    await expect(prove(inputs(100, 0), inputs(90, 10), async () => ["healthy"], unreachable)).rejects.toThrow(
      "whether green runs what was asked for could not be read (AccessDeniedException)",
    );
  });

  it("that leads to another target group of the same slot asks for the new one", async () => {
    const moved = JSON.parse(JSON.stringify(inputs(100, 0)).replaceAll(ARNS.blue, "arn:former")) as unknown;
    await expect(prove(moved, inputs(100, 0), async () => [])).rejects.toThrow(
      "the route would lead 100 % of the users to a target group of blue that is new to it, and it has no registered target",
    );
  });

  it("that moves users back asks nobody, so that it works when nobody answers", async () => {
    const unreachable = () => Promise.reject(new Error("connect ECONNREFUSED"));
    await expect(prove(inputs(50, 50), inputs(100, 0), unreachable)).resolves.toBeUndefined();
  });

  it("from a rule in which nothing of ours can be read is a raise", async () => {
    await expect(prove(undefined, inputs(100, 0), async () => [])).rejects.toThrow("no registered target");
  });

  it.each([
    ["nothing at all", undefined],
    ["no weights", { actions: [{ type: "forward", forward: { targetGroups: [{ arn: ARNS.green }] } }] }],
    ["weights that are no split", inputs(0, 0)],
  ])("to a rule in which %s can be read is refused, whoever is healthy", async (_title, to) => {
    await expect(prove(inputs(100, 0), to, async () => ["healthy"])).rejects.toThrow(
      "the weights that the route would have could not be read",
    );
  });

  it("says how to roll back a switch of the active slot, too, when nobody can say", async () => {
    const switched = { ...inputs(0, 100), tags: { [ROUTE_TAGS.activeSlot]: "green" } };
    const unreachable = () => Promise.reject(new Error("connect ECONNREFUSED"));
    await expect(prove(inputs(100, 0), switched, unreachable)).rejects.toThrow(
      "undo the change: pulumi config set activeSlot blue",
    );
  });
});

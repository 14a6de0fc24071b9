import { describe, expect, it, test } from "vitest";
import { ROUTE_TAGS } from "../../contract/route.ts";
import { momentOf, proveRaise } from "../../infra/healthy-first.ts";
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
const prove = (from: unknown, to: unknown, statesOf: (arn: string) => Promise<readonly string[]>) =>
  proveRaise(momentOf(from, ARNS), momentOf(to, ARNS), ARNS, statesOf);

test("the route asks before each update, the test rules do not", async () => {
  const run = await runProgram({
    ...TWO_SLOTS,
    testToken: "a".repeat(32),
    localCloud: "http://127.0.0.1:4566",
  });
  expect(find(run, `${TYPE.rule}::route`).options.beforeUpdate).toEqual(["healthy-first"]);
  expect(find(run, `${TYPE.rule}::green-test`).options.beforeUpdate).toEqual([]);
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

  it("that takes users back asks nobody, so that it works when nobody answers", async () => {
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

  it("says how to take back a switch of the active slot, too, when nobody can say", async () => {
    const switched = { ...inputs(0, 100), tags: { [ROUTE_TAGS.activeSlot]: "green" } };
    const unreachable = () => Promise.reject(new Error("connect ECONNREFUSED"));
    await expect(prove(inputs(100, 0), switched, unreachable)).rejects.toThrow(
      "take the change back: pulumi config set activeSlot blue",
    );
  });
});

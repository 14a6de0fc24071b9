import { describe, expect, it } from "vitest";
import { showProblem } from "../../../contract/checks/problem.ts";
import { previousOf } from "../../../contract/transition/previous.ts";
import { updateProblems } from "../../../contract/transition/transition.ts";
import { blue, both, configOf, firstRelease, problemsOf } from "../support/steps.ts";

const [ONE, OTHER] = ["a".repeat(32), "b".repeat(32)];
const cidrs = { testCidrs: ["192.0.2.1/32"] };
const inside = { service: cidrs };
const none = { ...both, ...inside };
const some = { ...none, testToken: ONE };
const why =
  "as deployed while blue has users and green stands by, unless service.allowInPlace is true: ECS starts new tasks and stops the running ones, in both slots at once";

describe("the test token of a stack whose slots are in use", () => {
  it("is not the first one, which would replace the tasks of both slots", () => {
    expect(problemsOf(none, some).map(showProblem)).toEqual([
      `testToken is set; allowed: nothing ${why}. Fix it: pulumi config rm testToken`,
    ]);
  });

  it("is not taken away either", () => {
    expect(problemsOf(some, none).map(showProblem)).toEqual([
      `testToken is nothing; allowed: a token ${why}. Fix it: pulumi config set --secret testToken $(openssl rand -hex 24)`,
    ]);
  });

  it("is rotated", () => {
    expect(problemsOf(some, { ...some, testToken: `${OTHER},${ONE}` })).toEqual([]);
    expect(problemsOf(some, { ...some, testToken: OTHER })).toEqual([]);
  });

  it("comes and goes where service.allowInPlace says so", () => {
    const service = { ...cidrs, allowInPlace: true };
    expect(problemsOf(none, { ...some, service })).toEqual([]);
    expect(problemsOf(some, { ...none, service })).toEqual([]);
  });
});

it("a stack that nobody uses yet gets its first token, as does the one with a first model that is not healthy", () => {
  expect(problemsOf(undefined, some)).toEqual([]);
  expect(problemsOf(inside, { ...inside, testToken: ONE })).toEqual([]);
  const first = { blue, release: firstRelease, ...inside };
  expect(problemsOf(first, { ...first, testToken: ONE })).toEqual([]);
});

it("slots that something else fills have no service that a token changes", () => {
  const service = { ...cidrs, kind: "external" };
  expect(problemsOf({ ...none, service }, { ...some, service })).toEqual([]);
});

it("no token stands in the way of whoever moves users by the tools", () => {
  const back = { ...some, greenWeight: 10, generation: 1 };
  expect(problemsOf({ ...none, greenWeight: 50 }, back)).toEqual([]);
});

it("a stack of which no token is remembered is not compared", () => {
  const { hasTestGroup: _, ...older } = previousOf(configOf(none));
  expect(updateProblems(older, { ok: true, config: configOf(some) })).toEqual([]);
});

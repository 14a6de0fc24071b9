import { expect, test } from "vitest";
import { serversIn } from "../../../../tools/bench/suite/servers.ts";

const told = (pair: string, status: string) => ({ ancestorTitles: [pair], status });

test("a server has passed when every test of its pair has, and one that was skipped was not tried", () => {
  const assertionResults = [
    told("given flask:1 on the stack, and mlserver:3", "passed"),
    told("given flask:1 on the stack, and mlserver:3", "passed"),
    told("given text-flask:2 on the stack, and litellm:1", "passed"),
    told("given text-flask:2 on the stack, and litellm:1", "failed"),
    told("given mlflow:4 on the stack, and bentoml:5 (skipped: mlflow not installed)", "skipped"),
  ];
  expect(serversIn({ testResults: [{ assertionResults }] })).toEqual({ tried: 4, passed: 2 });
});

test("a report of another shape has no servers in it", () => {
  expect(serversIn({ testResults: "none" })).toEqual({ tried: 0, passed: 0 });
});

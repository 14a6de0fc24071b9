import { describe, expect, it } from "vitest";
import { consoleApi } from "../../../cli/console/api.ts";
import { openReports } from "../../../cli/console/http/reports.ts";
import type { Reader } from "../../../cli/console/reader.ts";
import type { Subject } from "../../../cli/console/state/read-state.ts";
import type { Playground } from "../../../cli/console/steer/playground.ts";
import { argumentsOf, readOrder } from "../../../cli/console/steer/run-verb.ts";
import { errorKinds } from "../../../cli/console/state/logs.ts";
import { toldEntries } from "../../../cli/console/state/journal.ts";
import { createProgram } from "../../../cli/program.ts";

describe("what the page may have done", () => {
  it.each([
    [
      { verb: "revert", reason: "too slow", to: "blue" },
      ["revert", "--to=blue", "--reason=too slow", "--json"],
    ],
    [{ verb: "approve", step: 25 }, ["approve", "--step=25", "--json"]],
    [
      { verb: "promote", reason: "proven elsewhere" },
      ["promote", "--now", "--reason=proven elsewhere", "--json"],
    ],
    [{ verb: "pause", reason: "--force-ownership" }, ["pause", "--reason=--force-ownership", "--json"]],
  ])("becomes one verb, and each of its words one argument: %j", (body, expected) => {
    expect(argumentsOf(readOrder(body))).toEqual(expected);
  });

  it("are verbs and flags that the command line has", () => {
    const program = createProgram(0);
    for (const verb of ["approve", "pause", "resume", "promote", "revert"]) {
      const order = readOrder({ verb, reason: "why", step: 25, to: "blue" });
      const command = program.commands.find((one) => one.name() === verb);
      const flags = argumentsOf(order).flatMap((word) => /^--[a-z-]+/.exec(word)?.[0] ?? []);
      const known = command?.options.map(({ long }) => long);
      expect(known).toEqual(expect.arrayContaining(flags));
    }
  });

  it.each([
    [undefined, /verb: approve/],
    [{ verb: "deploy" }, /verb: approve/],
    [{ verb: "promote", reason: " " }, /needs a reason/],
    [{ verb: "approve", step: 1.5 }, /step/],
    [{ verb: "revert", to: "red" }, /to: blue or green/],
    [{ verb: "pause", reason: "x".repeat(501) }, /at most 500/],
  ])("is refused when it is not whole: %j", (body, message) => {
    expect(() => readOrder(body)).toThrow(message);
  });
});

describe("faults and traffic", () => {
  it("are for a local cloud alone: a stack on AWS gets neither", async () => {
    const played: unknown[] = [];
    // Nothing else is asked of it before the kind of its stack is known.
    const subject = { target: { kind: "aws" } } as Subject;
    const reader: Reader = { subject: async () => subject, state: expect.unreachable, soon: () => {} };
    const playground: Playground = {
      state: expect.unreachable,
      play: async (body) => {
        played.push(body);
        return expect.unreachable();
      },
      close: async () => {},
    };
    const runner = { runs: () => [], start: () => expect.unreachable() };
    const api = consoleApi(reader, runner, openReports(), playground);
    const url = new URL("http://127.0.0.1/api/play");
    await expect(api({ method: "POST", url, body: { traffic: 600 } })).rejects.toMatchObject({ status: 404 });
    expect(played).toEqual([]);
  });
});

describe("the kinds of errors in a slot's output", () => {
  it("puts those first that the other slot does not have, and counts lines of one cause as one", () => {
    const candidate = [
      "12:00:01 ERROR request 7c9e6679-7425-40de-944b-e07fc1f90ae7 failed after 31 ms",
      "12:00:02 ERROR request 1c9e6679-7425-40de-944b-e07fc1f90ae7 failed after 4 ms",
      "12:00:03 listens on port 80",
      "12:00:04 KeyError: 'country'",
    ];
    const active = ["11:00:01 ERROR request 2c9e6679-7425-40de-944b-e07fc1f90ae7 failed after 2 ms"];
    const found = errorKinds(candidate, active).map(({ isNew, times, example }) => [isNew, times, example]);
    expect(found).toEqual([
      [true, 1, candidate[3]],
      [false, 2, candidate[1]],
    ]);
  });

  it("takes a line of metrics that names errors for none", () => {
    expect(errorKinds([`{"_aws":{"Timestamp":1},"Errors":0}`], [])).toEqual([]);
  });
});

describe("the journal on the page", () => {
  it("tells of looks that say the same in a row once, and of everything else", () => {
    const look = (n: number, verdict: string) => ({ n, kind: "look", at: "", verdict, sentence: "" });
    const lines = [
      { n: 0, kind: "begin", at: "" },
      look(1, "hold"),
      look(2, "hold"),
      look(3, "advance"),
      { n: 4, kind: "seal", at: "", result: "promoted" },
    ];
    expect(toldEntries(lines).map(({ n }) => n)).toEqual([0, 1, 3, 4]);
  });
});

import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scorerIn } from "../../../validation/adapters/scorer.ts";

let directory: string;
beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), "bluegreen-scorer-")));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A scorer that is a Node program; `say(lines)` in it has the lines that it was given. */
const program = (source: string, lines: readonly string[] = ["1", "2"], seconds = 20) =>
  scorerIn(directory)(
    [
      process.execPath,
      "-e",
      `let text = ""; process.stdin.on("data", (part) => { text += part; }).on("end", () => { const lines = text.trimEnd().split("\\n"); ${source} });`,
    ],
    lines,
    seconds,
  );

describe("a scorer of the user's own", () => {
  test("reads a line an answer, runs in the project, and says a number a line and what it cost", async () => {
    const said = await program(
      `for (const line of lines) console.log(JSON.parse(line) / 10); console.error("loading"); console.error("Cost: 0.12 USD in " + process.cwd());`,
    );
    expect(said).toEqual({
      lines: ["0.1", "0.2"],
      seconds: expect.any(Number),
      cost: `Cost: 0.12 USD in ${directory}`,
    });
  });

  test("gets 100,000 answers at once", async () => {
    const lines = Array.from({ length: 100_000 }, () => '{"answer":"yes"}');
    expect(await program(`process.stdout.write("1\\n".repeat(lines.length));`, lines)).toMatchObject({
      lines: { length: 100_000 },
    });
  });

  test.each([
    ["fails", `console.error("no key"); process.exitCode = 3;`, "ended with exit code 3: no key"],
    [
      "is killed",
      `process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000);`,
      "ended with signal SIGTERM",
    ],
    ["talks without end", `process.stdout.write("x".repeat(1e6));`, "said more than 192 bytes"],
  ])("that %s says why nothing is known", async (_what, source, why) => {
    expect(await program(source)).toEqual({ why });
  });

  test("is ended with all that it started when its time is over", async () => {
    expect(await program(`setInterval(() => {}, 1000);`, ["1"], 0.2)).toEqual({
      why: "took longer than 0.2 s",
    });
  });

  test("that is not there says so", async () => {
    expect(await scorerIn(directory)(["./missing"], [], 5)).toEqual({
      why: expect.stringContaining("could not be started: spawn ./missing ENOENT"),
    });
    expect(await scorerIn(directory)([], [], 5)).toEqual({ why: "is not configured" });
  });
});

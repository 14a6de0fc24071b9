import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  rmdirSync,
  statSync,
  truncateSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { recordLogTimes, timesFile, type LogTimes } from "../../logs/log-times.ts";
import { eventsOf } from "../../logs/read-events.ts";
import { ManualClock } from "../support/manual-clock.ts";

let directory: string;
let file: string;
let clock: ManualClock;
let times: LogTimes;
let told: string[];
const tell = (line: string) => void told.push(line);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "log-times-"));
  file = join(directory, "task.log");
  clock = new ManualClock(1_000_000);
  told = [];
  times = recordLogTimes(clock, () => [file], { tell });
});
afterEach(() => {
  times.close();
  rmSync(directory, { recursive: true, force: true });
});

const seen = (fromMs = 0, toMs = Infinity) =>
  [...eventsOf({ name: "s", file, marks: times.marks(file) }, fromMs, toMs)].map(
    ({ atMs, message }) => `${message} ${atMs - 1_000_000}`,
  );

it("a line has the time of the first look at which it was whole", () => {
  appendFileSync(file, "one\ntw");
  clock.advance(1000);
  appendFileSync(file, "o\nthree\n");
  clock.advance(1000);
  appendFileSync(file, "not looked at\n");
  expect(seen()).toEqual(["one 1000", "two 2000", "three 2000"]);
  expect(seen(1_001_001)).toEqual(["two 2000", "three 2000"]);
  expect(seen(0, 1_001_999)).toEqual(["one 1000"]);
});

it("lines that are longer than a read, and letters of several bytes, come whole", () => {
  const long = "ü".repeat(700_000);
  appendFileSync(file, `${long}\nend\n`);
  clock.advance(1000);
  expect(seen()).toEqual([`${long} 1000`, "end 1000"]);
});

it("what another process has looked at keeps its times", () => {
  appendFileSync(file, "one\n");
  clock.advance(1000);
  times.close();
  clock.advance(60_000);
  times = recordLogTimes(clock, () => [file], { tell });
  appendFileSync(file, "two\n");
  clock.advance(1000);
  expect(seen()).toEqual(["one 1000", "two 62000"]);
});

it("a log that is not there has no events", () => {
  clock.advance(5000);
  expect(seen()).toEqual([]);
});

it("a log that has become too great begins anew, and its lines have their times again", () => {
  times.close();
  times = recordLogTimes(clock, () => [file], { keptBytes: 20, tell });
  appendFileSync(file, "what a task wrote before\n");
  clock.advance(1000);
  expect(statSync(file).size).toBe(0);
  appendFileSync(file, "after\n");
  clock.advance(1000);
  expect(seen()).toEqual(["after 2000"]);
  expect(readFileSync(timesFile(file), "utf8")).toBe("6 1002000\n");
});

it("a cloud that starts anew goes on with what is left of a log", () => {
  appendFileSync(file, "a line of before\n");
  clock.advance(1000);
  truncateSync(file);
  appendFileSync(file, "after\n");
  clock.advance(1000);
  clock.advance(1000);
  expect(seen()).toEqual(["after 3000"]);
});

it("times that cannot be written stop nothing: it is told once, tried again, and told when it works", () => {
  const other = join(directory, "other.log");
  times.close();
  times = recordLogTimes(clock, () => [file, other], { tell });
  // Like a full disk, only this file cannot be written.
  mkdirSync(timesFile(file));
  appendFileSync(file, "one\n");
  appendFileSync(other, "two\n");
  clock.advance(3000);
  expect(readFileSync(timesFile(other), "utf8")).toBe("4 1001000\n");
  expect(seen()).toEqual([]);
  expect(told).toEqual([
    expect.stringMatching(/^the local cloud cannot note when .*task\.log is written: EISDIR.*It goes on/),
  ]);
  rmdirSync(timesFile(file));
  clock.advance(2000);
  expect(seen()).toEqual(["one 4000"]);
  expect(told.slice(1)).toEqual(["the local cloud can note again when tasks write their logs"]);
});

it("half a line that a full disk has left changes no later time", () => {
  mkdirSync(timesFile(file));
  appendFileSync(file, "one\n");
  clock.advance(1000);
  rmdirSync(timesFile(file));
  appendFileSync(timesFile(file), "4");
  clock.advance(1000);
  times.close();
  times = recordLogTimes(clock, () => [file], { tell });
  expect(seen()).toEqual(["one 2000"]);
});

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { virtualAt } from "../clock.ts";
import { withChecksum } from "../../pulumi-engine/state/checksum.ts";
import { openClock, type SavedClock } from "../state/saved-clock.ts";

const HOUR_MS = 3_600_000;
const SAVE_EVERY_MS = 60_000;

let directory: string;
let path: string;
/** The machine's clock. */
let realMs: number;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "clock-test-"));
  path = join(directory, "clock.json");
  realMs = Date.UTC(2026, 0, 1);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const openAt = (speed: number) =>
  openClock(path, { speed, saveEveryMs: SAVE_EVERY_MS, realNow: () => realMs });
const nowOf = ({ origin }: SavedClock) => virtualAt(origin, realMs);

describe("a clock that was stopped", () => {
  it("begins at the machine's time", async () => {
    expect((await openAt(60)).origin).toEqual({ virtualMs: realMs, realMs, speed: 60 });
  });

  it("goes on where it was, however long it stood still, when it was ahead of the machine", async () => {
    const first = await openAt(60);
    realMs += HOUR_MS;
    const stoppedMs = nowOf(first);
    await first.stop();
    realMs += 10 * HOUR_MS;
    const second = await openAt(2);
    expect(nowOf(second)).toBe(stoppedMs);
    realMs += 1000;
    expect(nowOf(second)).toBe(stoppedMs + 2000);
  });

  it("goes on at the machine's time when that has overtaken it", async () => {
    await (await openAt(1)).stop();
    realMs += HOUR_MS;
    expect(nowOf(await openAt(1))).toBe(realMs);
  });
});

describe("a clock that was killed", () => {
  it("goes on as if it had run all along, at most until it would have been saved again", async () => {
    const first = await openAt(60);
    realMs += 2000;
    const killedMs = nowOf(first);
    expect(nowOf(await openAt(60))).toBe(killedMs);
    realMs += 60_000;
    const fiveSecondsLateMs = 5000 * 60;
    expect(nowOf(await openAt(60))).toBe(killedMs + SAVE_EVERY_MS + fiveSecondsLateMs);
  });
});

it("virtual time never goes back: not by a kill, a stop, another speed or a machine whose time is set back", async () => {
  const life = fc.record({
    speed: fc.constantFrom(0.5, 1, 30, 600),
    // Saves come at least every minute of virtual time.
    savedForMs: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
    lateMs: fc.double({ min: 0, max: 1, noNaN: true }),
    killed: fc.boolean(),
    pauseMs: fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 5 }), async (lives) => {
      await rm(path, { force: true });
      let latestMs = 0;
      for (const { speed, savedForMs, lateMs, killed, pauseMs } of lives) {
        const clock = await openAt(speed);
        expect(nowOf(clock)).toBeGreaterThanOrEqual(latestMs);
        for (const part of savedForMs) {
          realMs += (part * SAVE_EVERY_MS) / speed;
          await clock.save();
        }
        realMs += (lateMs * SAVE_EVERY_MS) / speed;
        latestMs = nowOf(clock);
        if (!killed) await clock.stop();
        // After a kill only what the machine's own clock says can tell how long it went on.
        realMs += killed ? Math.abs(pauseMs) : pauseMs;
      }
    }),
    { numRuns: 20 },
  );
});

it("keeps the file small, however often the cloud was started", async () => {
  await (await openAt(60)).stop();
  const { segments: written } = JSON.parse(await readFile(path, "utf8"));
  const [segment] = written;
  await writeFile(path, JSON.stringify(Array.from({ length: 500 }, () => segment)));
  await openAt(60);
  // The 500 were read as of a version that wrote a list alone.
  expect(JSON.parse(await readFile(path, "utf8"))["segments"]).toHaveLength(100);
});

it.each([
  ["cut off", '[{"virtualMs":1,"rea'],
  ["something else", '{"a":1}'],
  ["changed", withChecksum('{"segments":[]}').replace("[]", "{}")],
])("says which file is broken and what to do when it is %s", async (_, text) => {
  await writeFile(path, text);
  await expect(openAt(1)).rejects.toThrow(path);
  await expect(openAt(1)).rejects.toThrow(
    "move it away: the cloud then begins with the time of this machine",
  );
});

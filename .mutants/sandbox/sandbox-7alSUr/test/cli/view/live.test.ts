import { describe, expect, test } from "vitest";
import { sparkline } from "../../../cli/view/chart.ts";
import { liveReporter } from "../../../cli/view/live.ts";
import { createReporter } from "../../../cli/view/reporter.ts";
import { screenOf } from "../../../cli/view/screen.ts";
import type { CheckedEvent } from "../../../validation/progress.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { sharing } from "../../validation/support/samples.ts";
import { World } from "../../validation/support/world.ts";

/* oxlint-disable no-control-regex -- a terminal's escape codes are what is read here */

/** What a terminal shows of what was written: ECMA-48's cursor up and erase below, and lines that it breaks. */
function shown(written: readonly string[], columns: number): readonly string[] {
  const lines: string[] = [];
  for (const piece of written.join("").split(/(\u001B\[\d+A\u001B\[0J|\n)/)) {
    const up = /^\u001B\[(\d+)A/.exec(piece)?.[1];
    if (up !== undefined) lines.splice(Math.max(0, lines.length - Number(up)));
    else if (piece !== "\n" && piece !== "")
      for (let at = 0; at < piece.length; at += columns) lines.push(piece.slice(at, at + columns));
  }
  return lines;
}

async function lastCheck(): Promise<CheckedEvent> {
  const world = new World(sharing(10));
  world.failureRate.green = 0.02;
  world.clock.advance(4 * 60_000);
  let found: CheckedEvent | undefined;
  const context = world.context();
  const reporter = {
    report: (event: Parameters<typeof context.reporter.report>[0]) => {
      if (event.kind === "checked" && (event.comparison?.stepMinutes ?? 0) >= 3) found ??= event;
    },
  };
  await rollout({ ...context, reporter }, { pollMs: 60_000 });
  if (found === undefined) throw new Error("no check has compared anything");
  return found;
}

function terminal(columns = 80, rows = 24, hasColour = false) {
  const written: string[] = [];
  let tick = () => {};
  const screen = {
    write: (text: string) => void written.push(text),
    isTTY: true,
    columns,
    rows,
    hasColour,
    everySecond(each: () => void) {
      tick = each;
      return () => (tick = () => {});
    },
  };
  return { screen, written, tick: () => tick(), lines: () => shown(written, screen.columns) };
}

describe("the live view of a rollout", () => {
  test("shows both slots' failures by the minute, what it waits for, and when it checks next", async () => {
    const event = await lastCheck();
    const { screen, lines, tick } = terminal();
    let nowMs = 0;
    const live = liveReporter(screen, () => nowMs);
    live.report(event);
    live.report({ kind: "waiting", atMs: event.nowMs + 60_000, seconds: 60 });
    expect(lines().join("\n")).toMatch(/failed {4}blue {2}[▁·]+ +0 % {3}green [▁-█·]*█[▁-█·]* +[\d.]+ %/);
    expect(lines().some((line) => line.startsWith("  → green "))).toBe(true);
    expect(lines().at(-1)).toBe("  next check in 60 s");
    nowMs = 42_000;
    tick();
    expect(lines().at(-1)).toBe("  next check in 18 s");
    expect(lines().length).toBeLessThan(24);
    live.report({ kind: "note", message: "said meanwhile" });
    expect(lines()[0]).toBe("said meanwhile");
    live.close();
    tick();
    expect(lines().at(-1)).toBe("  next check in 18 s");
  });

  test("draws over itself whole, also in a window that was made narrower", async () => {
    const event = await lastCheck();
    const wide = terminal(200, 50);
    const live = liveReporter(wide.screen, () => 0);
    live.report(event);
    wide.screen.columns = 50;
    live.report({ kind: "waiting", atMs: 0, seconds: 5 });
    expect(wide.lines().filter((line) => line.endsWith("on green"))).toHaveLength(1);
    expect(wide.lines().every((line) => line.length < 50)).toBe(true);
  });

  test("counts gates where there is no room for them, and never those that do not pass", async () => {
    const event = await lastCheck();
    const { screen, lines } = terminal(80, 14);
    liveReporter(screen, () => 0).report(event);
    expect(lines().length).toBeLessThanOrEqual(14);
    expect(lines().join("\n")).toMatch(/and \d+ gates more/);
  });

  test("draws one line over itself while tests run", () => {
    const { screen, lines } = terminal();
    const live = liveReporter(screen, () => 0);
    for (const done of [10, 50])
      live.report({ kind: "testing", stage: "load", done, total: 100, secondsLeft: 7.2 });
    expect(lines()).toEqual(["██████████░░░░░░░░░░ testing: load, 50 of 100; about 8 s left"]);
  });

  test.each([
    ["a colour where there is one", true, true],
    ["none where nobody wants it", false, false],
  ])("has %s", async (_what, hasColour, isPainted) => {
    const { screen, written } = terminal(80, 40, hasColour);
    liveReporter(screen, () => 0).report(await lastCheck());
    expect(written.join("").includes("\u001B[32m✓")).toBe(isPainted);
  });
});

test("a minute is a column, as high as its rate, and a point where nobody asked", () => {
  const counts = [0, 1, 5, 10].map((events) => ({ events, exposure: 100 }));
  expect(sparkline([...counts, { events: 0, exposure: 0 }, undefined], 0.1)).toBe("▁▂▅█··");
});

test("a terminal that says no size of its own is 80 by 24", () => {
  // What of a terminal's stream is looked at.
  const screen = screenOf(
    { isTTY: true, columns: 0, rows: 0, hasColors: () => true } as unknown as NodeJS.WriteStream,
    false,
    {},
  );
  expect([screen.columns, screen.rows]).toEqual([80, 24]);
});

test.each([
  ["a dumb terminal", { TERM: "dumb" }, false, false],
  ["NO_COLOR", { TERM: "xterm", NO_COLOR: "1" }, true, false],
  ["a terminal", { TERM: "xterm" }, true, true],
])("of %s it is known what it obeys", async (_what, environment, isTTY, hasColour) => {
  const written: string[] = [];
  // What of a terminal's stream is looked at: node:tty, WriteStream.
  const stream = {
    isTTY: true,
    columns: 80,
    rows: 24,
    hasColors: () => true,
    write: (text: string) => written.push(text),
  };
  // The whole interface has a hundred members that nobody reads here.
  const screen = screenOf(stream as unknown as NodeJS.WriteStream, false, environment);
  expect(screen).toMatchObject({ isTTY, hasColour });
  createReporter(screen).report(await lastCheck());
  expect(written.join("").includes("\u001B")).toBe(isTTY && hasColour);
});

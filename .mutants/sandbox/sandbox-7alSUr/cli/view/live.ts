import { styleText } from "node:util";
import type { Reporter } from "../../validation/ports.ts";
import type { CheckedEvent, ProgressEvent } from "../../validation/progress.ts";
import { bar, frame } from "./frame.ts";
import { harmless } from "./harmless.ts";
import type { Screen } from "./screen.ts";
import { describe } from "./words.ts";

/** A reporter that owns a part of the screen until it is closed. */
export interface LiveReporter extends Reporter {
  /** What is drawn stays, and nothing is drawn over it any more. */
  close(): void;
}

type Drawn =
  | { readonly kind: "nothing" }
  | { readonly kind: "check"; readonly event: CheckedEvent; readonly dueMs: number | undefined }
  | { readonly kind: "progress"; readonly event: Extract<ProgressEvent, { kind: "testing" | "preparing" }> };

/** A block that is drawn over itself, with what has happened above it. `now`: the machine's clock, ms. */
export function liveReporter(screen: Screen, now: () => number = Date.now): LiveReporter {
  let drawn: Drawn = { kind: "nothing" };
  let onScreen: readonly string[] = [];
  let last = "";
  let isOpen = true;
  const redraw = (above: readonly string[] = []) => {
    if (!isOpen) return;
    const block = fitted(blockOf(drawn, screen, now()), screen);
    const lines = above.map((line) => harmless(line));
    screen.write(
      [clear(onScreen, screen.columns), ...[...lines, ...block].map((line) => `${line}\n`)].join(""),
    );
    onScreen = block.map(plainly);
  };
  const stop = screen.everySecond?.(() => {
    if (drawn.kind === "check" && drawn.dueMs !== undefined) redraw();
  });
  return {
    report(event) {
      switch (event.kind) {
        case "checked":
          drawn = { kind: "check", event, dueMs: undefined };
          return redraw();
        case "waiting":
          if (drawn.kind === "check") drawn = { ...drawn, dueMs: now() + event.seconds * 1000 };
          return redraw();
        case "testing":
        case "preparing":
          drawn = { kind: "progress", event };
          return redraw();
        default: {
          const line = describe(event);
          if (line === last) return undefined;
          last = line;
          // What it was ready or tested for is over.
          if (drawn.kind === "progress") drawn = { kind: "nothing" };
          if (drawn.kind === "check" && event.kind === "applied") drawn = { ...drawn, dueMs: undefined };
          return redraw([line]);
        }
      }
    },
    close() {
      stop?.();
      isOpen = false;
    },
  };
}

function blockOf(drawn: Drawn, { columns, rows = 24 }: Screen, nowMs: number): readonly string[] {
  switch (drawn.kind) {
    case "nothing":
      return [];
    case "check": {
      const { event, dueMs } = drawn;
      const seconds = dueMs === undefined ? undefined : Math.max(0, Math.ceil((dueMs - nowMs) / 1000));
      const next = seconds === undefined ? "…" : seconds === 0 ? "checks now" : `next check in ${seconds} s`;
      return frame(event, { columns, rows: rows - 2, next });
    }
    case "progress": {
      const { event } = drawn;
      const [done, total] =
        event.kind === "testing" ? [event.done, event.total] : [event.healthy, event.needed];
      return [`${bar(total > 0 ? Math.min(100, (done / total) * 100) : 0)} ${describe(event)}`];
    }
  }
}

/** A line that fills the last column would be followed by an empty one in some terminals. */
function fitted(lines: readonly string[], { columns, hasColour = false }: Screen): readonly string[] {
  return lines.map((line) => {
    const shown = fit(harmless(line), columns);
    return hasColour ? painted(shown) : shown;
  });
}

export const fit = (line: string, columns: number): string =>
  line.length < columns ? line : `${line.slice(0, Math.max(0, columns - 2))}…`;

const COLOURS = { "✓": "green", "✗": "red", "…": "yellow" } as const;

/** The mark says it; the colour only helps to find it. */
const painted = (line: string): string =>
  line.replace(
    /^ {2}([✓✗…])/,
    (_, mark: keyof typeof COLOURS) => `  ${styleText(COLOURS[mark], mark, { validateStream: false })}`,
  );

// oxlint-disable-next-line no-control-regex -- ECMA-48 SGR, as styleText writes it
const plainly = (line: string): string => line.replaceAll(/\u001B\[[\d;]*m/g, "");

/** The cursor is below them; a window that was made narrower has broken long lines into several. */
function clear(lines: readonly string[], columns: number): string {
  const height = lines.reduce((sum, { length }) => sum + Math.max(1, Math.ceil(length / columns)), 0);
  return height === 0 ? "" : `\u001B[${height}A\u001B[0J`;
}

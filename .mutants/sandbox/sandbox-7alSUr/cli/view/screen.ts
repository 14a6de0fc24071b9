/** Where progress goes: standard error, so that standard output is the result alone. */
export interface Screen {
  write(text: string): void;
  /** Whether a block may be drawn over itself there: a terminal that obeys, and no `--json`. */
  readonly isTTY: boolean;
  /** As it is now: people resize windows. */
  readonly columns: number;
  readonly rows?: number;
  readonly hasColour?: boolean;
  /** Calls it once a second until it is stopped; undefined: nothing moves by itself. */
  readonly everySecond?: (tick: () => void) => () => void;
}

/** `TERM=dumb` obeys no escape code (terminfo), and a set NO_COLOR wants no colour (no-color.org). */
export function screenOf(
  stream: NodeJS.WriteStream,
  asJson: boolean,
  { TERM, NO_COLOR = "" }: NodeJS.ProcessEnv = process.env,
): Screen {
  return {
    write: (text) => void stream.write(text),
    isTTY: stream.isTTY && !asJson && TERM !== "dumb",
    // A pseudo-terminal that nobody has told its size says 0 (ioctl_tty(2), TIOCGWINSZ).
    get columns() {
      return stream.columns || 80;
    },
    get rows() {
      return stream.rows || 24;
    },
    hasColour: stream.isTTY && TERM !== "dumb" && NO_COLOR === "" && stream.hasColors(),
    everySecond(tick) {
      const timer = setInterval(tick, 1_000).unref();
      return () => clearInterval(timer);
    },
  };
}

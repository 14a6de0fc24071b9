/** One line of a page: a series and its value. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface MetricsPage {
  readonly samples: readonly Sample[];
  /** Names that the page declares, whether or not they have series yet. */
  readonly declared: ReadonlySet<string>;
}

export class UnreadablePage extends Error {}

const LABEL = /\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,?)/y;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * A page in Prometheus' text format (0.0.4: "Exposition formats", prometheus.io) or in OpenMetrics 1.0. Only the
 * series named in `wanted` are read: a page has hundreds, and the same process has users waiting. A page that was cut
 * is refused: its last line has no end, or, in OpenMetrics, it is not `# EOF`.
 */
export function readPage(text: string, isOpenMetrics: boolean, wanted: ReadonlySet<string>): MetricsPage {
  if (isOpenMetrics ? !/(^|\n)# EOF\n?$/.test(text) : !text.endsWith("\n")) {
    throw new UnreadablePage("it was cut: its end is missing");
  }
  const samples: Sample[] = [];
  const declared = new Set<string>();
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) {
      const name = /^#\s+TYPE\s+(\S+)/.exec(line)?.[1];
      if (name !== undefined) declared.add(name);
      continue;
    }
    const name = /^\s*([a-zA-Z_:][\w:]*)/.exec(line)?.[1];
    if (name !== undefined && wanted.has(name)) samples.push(readSample(line.trimStart(), name));
  }
  return { samples, declared };
}

function readSample(line: string, name: string): Sample {
  const labels: Record<string, string> = {};
  let rest = line.slice(name.length).trimStart();
  if (rest.startsWith("{")) {
    let at = 1;
    for (;;) {
      LABEL.lastIndex = at;
      const found = LABEL.exec(rest);
      if (found === null) break;
      const [whole, label = "", value = ""] = found;
      labels[label] = unescaped(value);
      at += whole.length;
    }
    const close = /\s*\}/y;
    close.lastIndex = at;
    if (!close.test(rest)) throw new UnreadablePage(`its line cannot be read: ${line.slice(0, 200)}`);
    rest = rest.slice(close.lastIndex);
  }
  // What follows the value is a timestamp, or an exemplar.
  const word = rest.trim().split(/\s+/, 1)[0] ?? "";
  const value = numberOf(word);
  if (value === undefined) throw new UnreadablePage(`its line has no number: ${line.slice(0, 200)}`);
  return { name, labels, value };
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, one: string) => (one === "n" ? "\n" : one));
}

/** A number as both formats write it; undefined: it is none. */
export function numberOf(word: string): number | undefined {
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(word);
  if (special !== null) {
    if (special[2]?.toLowerCase() === "nan") return Number.NaN;
    return special[1] === "-" ? -Infinity : Infinity;
  }
  return NUMBER.test(word) ? Number(word) : undefined;
}

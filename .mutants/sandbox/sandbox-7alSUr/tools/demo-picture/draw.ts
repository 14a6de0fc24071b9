/** One minute of the demo as it was printed. */
export interface DemoMinute {
  readonly minute: number;
  readonly blue: Arm;
  readonly green: Arm;
  /** What happened in it; empty: nothing. */
  readonly note: string;
}

interface Arm {
  /** Percent. */
  readonly share: number;
  readonly asked: number;
  readonly failed: number;
}

const ARM = String.raw`(\d+) % [█░]+ +(\d+|·) +(\d+|·) +(?:\d+ %|·)`;
const LINE = new RegExp(String.raw`^ *(\d+) +${ARM} +${ARM} *(.*)$`);

/** The minutes in what `npm run demo` prints; throws where there are none. */
export function demoMinutes(printed: string): readonly DemoMinute[] {
  const minutes = printed.split("\n").flatMap((line): DemoMinute[] => {
    const found = LINE.exec(line);
    if (found === null) return [];
    const [, minute, ...cells] = found;
    const number = (text = "·") => (text === "·" ? 0 : Number(text));
    const arm = (at: number) => ({
      share: number(cells[at]),
      asked: number(cells[at + 1]),
      failed: number(cells[at + 2]),
    });
    return [{ minute: Number(minute), blue: arm(0), green: arm(3), note: cells[6] ?? "" }];
  });
  if (minutes.length === 0) throw new Error("the demo printed no minute");
  return minutes;
}

/** Requests that the candidate of the last release answered: the slot with the smaller share since that began. */
function onLast(minutes: readonly DemoMinute[]): number {
  const from = minutes.findLastIndex(({ note }) => note.includes("starts at"));
  const smaller = ({ blue, green }: DemoMinute) => (blue.share < green.share ? blue : green);
  return minutes.slice(from).reduce((sum, one) => sum + smaller(one).asked, 0);
}

const COLUMN = 22;
const TOP = 78;
const HEIGHT = 190;
const LEFT = 70;
const SECONDS_PER_MINUTE = 0.4;
const PAUSE_SECONDS = 4;
/** Notes that follow each other stand on lines of their own. */
const LANES = 3;

/** An animated picture: a column a minute, blue below, green above, failed requests of users in red over it. */
export function demoPicture(printed: string): string {
  const minutes = demoMinutes(printed);
  const width = Math.max(760, LEFT + minutes.length * COLUMN + 40);
  const most = Math.max(1, ...minutes.map(({ blue, green }) => blue.failed + green.failed));
  const whole = minutes.length * SECONDS_PER_MINUTE + PAUSE_SECONDS;
  const noted = minutes.filter(({ note }) => note !== "");
  const columns = minutes.map((one, at) =>
    column(one, at, { most, whole, lane: noted.indexOf(one) % LANES }),
  );
  const sum = (pick: (one: DemoMinute) => number) => minutes.reduce((total, one) => total + pick(one), 0);
  const asked = sum(({ blue, green }) => blue.asked + green.asked);
  const failed = sum(({ blue, green }) => blue.failed + green.failed);
  const users = `A real run of npm run demo: ${asked.toLocaleString("en")} requests of users`;
  const title =
    failed === 0
      ? `${users}, none failed, and ${onLast(minutes)} answered by the model that answers wrongly`
      : `${users}, ${failed} failed, all of them on the bad model`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${TOP + HEIGHT + 84}" font-family="ui-sans-serif, system-ui, sans-serif" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
<style>.t{fill:#57606a}.n{fill:#24292f}@media (prefers-color-scheme:dark){.t{fill:#8b949e}.n{fill:#e6edf3}}</style>
<text class="n" x="${LEFT}" y="24" font-size="16">Traffic of both slots, minute by minute</text>
<text class="t" x="${LEFT}" y="44" font-size="12">${escaped(title)}</text>
<rect x="${LEFT}" y="56" width="10" height="10" fill="#0969da"/><text class="t" x="${LEFT + 15}" y="65" font-size="12">blue</text>
<rect x="${LEFT + 60}" y="56" width="10" height="10" fill="#2da44e"/><text class="t" x="${LEFT + 75}" y="65" font-size="12">green</text>
<rect x="${LEFT + 130}" y="56" width="10" height="10" fill="#cf222e"/><text class="t" x="${LEFT + 145}" y="65" font-size="12">failed requests</text>
<text class="t" x="${LEFT - 8}" y="${TOP + 10}" font-size="11" text-anchor="end">100 %</text>
<text class="t" x="${LEFT - 8}" y="${TOP + HEIGHT}" font-size="11" text-anchor="end">0 %</text>
${columns.join("\n")}
</svg>
`;
}

function column(
  { minute, blue, green, note }: DemoMinute,
  at: number,
  { most, whole, lane }: { readonly most: number; readonly whole: number; readonly lane: number },
): string {
  const x = LEFT + at * COLUMN;
  const greenHeight = Math.round((HEIGHT * green.share) / 100);
  const red = Math.round((60 * (blue.failed + green.failed)) / most);
  const begin = (at * SECONDS_PER_MINUTE) / whole;
  const times = `0;${begin.toFixed(4)};${Math.min(1, begin + 0.001).toFixed(4)};1`;
  const y = TOP + HEIGHT + 34 + lane * 18;
  const words = shortNote(note);
  return [
    `<g opacity="1"><animate attributeName="opacity" values="0.15;0.15;1;1" keyTimes="${times}" dur="${whole.toFixed(1)}s" repeatCount="indefinite"/>`,
    `<rect x="${x}" y="${TOP + greenHeight}" width="${COLUMN - 3}" height="${HEIGHT - greenHeight}" fill="#0969da"/>`,
    `<rect x="${x}" y="${TOP}" width="${COLUMN - 3}" height="${greenHeight}" fill="#2da44e"/>`,
    ...(red === 0
      ? []
      : [
          `<rect x="${x + 5}" y="${TOP + HEIGHT - red}" width="${COLUMN - 13}" height="${red}" fill="#cf222e"/>`,
        ]),
    ...(minute % 5 === 0
      ? [`<text class="t" x="${x}" y="${TOP + HEIGHT + 14}" font-size="11">${minute} min</text>`]
      : []),
    ...(words === ""
      ? []
      : [
          `<line x1="${x + 8}" y1="${TOP + HEIGHT}" x2="${x + 8}" y2="${y - 10}" stroke="#8b949e"/>`,
          `<text class="n" x="${x}" y="${y}" font-size="11" text-anchor="${at > 22 ? "end" : "start"}">${escaped(words)}</text>`,
        ]),
    "</g>",
  ].join("");
}

/** What fits under a column: "v2: 10 %", "v3 rolled back in 0.02 s". */
function shortNote(note: string): string {
  return note
    .replace(/\s*\([^)]*\)/g, "")
    .replaceAll(/\b(v[^\s-]+)-g\d+:?/g, "$1")
    .replace(/pre-traffic tests passed/, "tested")
    .replace(/(starts at|advances to) /, "")
    .replace(/is promoted/, "promoted");
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

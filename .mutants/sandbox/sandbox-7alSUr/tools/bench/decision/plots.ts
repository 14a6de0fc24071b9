import { HORIZON_MINUTES } from "./cell.ts";
import { PEERS } from "./plan.ts";
import type { BenchResult, FaultResult } from "./result.ts";

/** The plots of docs/decision.md, by file name: plain SVG, readable on a light and on a dark page. */
export function plotsOf(result: BenchResult): Readonly<Record<string, string>> {
  return {
    "false-rollbacks.svg": falseRollbacks(result),
    "minutes-to-detect.svg": minutesToDetect(result),
    "users-harmed.svg": usersHarmed(result),
  };
}

const WIDTH = 860;
const OURS = "#0a7d4b";
const THEIRS = "#c4561a";
const OTHERS = "#4b6fb5";
const INK = "#6b7280";

const text = (x: number, y: number, content: string, more = "") =>
  `<text x="${round(x)}" y="${round(y)}" fill="${INK}" ${more}>${escaped(content)}</text>`;
const line = (x1: number, y1: number, x2: number, y2: number, more = "") =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${INK}" ${more}/>`;
const dot = (x: number, y: number, color: string, title: string) =>
  `<circle cx="${round(x)}" cy="${round(y)}" r="4" fill="${color}" fill-opacity="0.75"><title>${escaped(title)}</title></circle>`;
const round = (value: number) => Number(value.toFixed(1));
const escaped = (content: string) =>
  content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function svg(height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

/** A logarithmic axis from `low` to `high` over these pixels; what lies outside is drawn at the end. */
function logAxis(low: number, high: number, from: number, to: number) {
  return (value: number) => {
    const inside = Math.min(high, Math.max(low, value));
    return from + ((to - from) * Math.log(inside / low)) / Math.log(high / low);
  };
}

const LEAST_PART = 0.0003;
const PART_TICKS = [LEAST_PART, 0.001, 0.01, 0.1, 1];
const percent = (part: number) => `${Number((100 * part).toPrecision(2))} %`;

/** Part of healthy candidates rolled back in a day, a row for each cell. */
function falseRollbacks({ cells }: BenchResult): string {
  const nulls = cells.filter((one) => one.kind === "null");
  const rowHeight = 18;
  const top = 46;
  const left = 370;
  const at = logAxis(LEAST_PART, 1, left, WIDTH - 20);
  const bottom = top + nulls.length * rowHeight;
  const rows = nulls.flatMap((one, index) => {
    const y = top + index * rowHeight + 8;
    const peer = (name: string, color: string) =>
      one.peers[name] === undefined
        ? []
        : [dot(at(one.peers[name]), y, color, `${name}: ${percent(one.peers[name])}`)];
    return [
      text(left - 12, y + 4, one.cell, 'text-anchor="end"'),
      line(at(one.rate), y, at(one.upper95), y, `stroke-opacity="0.6"`),
      ...peer(PEERS.flaggerDefault, OTHERS),
      ...peer(PEERS.argoExample, THEIRS),
      dot(at(one.rate), y, OURS, `ours: ${percent(one.rate)}, at most ${percent(one.upper95)}`),
    ];
  });
  return svg(bottom + 30, "Good candidates rolled back within 24 hours", [
    ...legend(left, 16, [
      [OURS, "ours, with its 95 % bound"],
      [THEIRS, PEERS.argoExample],
      [OTHERS, PEERS.flaggerDefault],
    ]),
    ...PART_TICKS.flatMap((tick) => [
      line(at(tick), top - 6, at(tick), bottom, `stroke-opacity="${tick === 0.01 ? 0.8 : 0.2}"`),
      text(at(tick), bottom + 16, tick === LEAST_PART ? "less" : percent(tick), 'text-anchor="middle"'),
    ]),
    ...rows,
  ]);
}

function legend(x: number, y: number, entries: readonly (readonly [string, string])[]): readonly string[] {
  return entries.flatMap(([color, label], index) => [
    dot(x + index * 165, y, color, label),
    text(x + index * 165 + 9, y + 4, label),
  ]);
}

const MINUTE_TICKS = [1, 10, 100, HORIZON_MINUTES];

/** Our median against the peers', a point for each cell of the grid. */
function minutesToDetect({ cells }: BenchResult): string {
  const grid = cells.filter((one) => one.kind === "grid");
  const [size, left, top] = [400, 70, 40];
  const across = logAxis(1, HORIZON_MINUTES, left, left + size);
  const up = logAxis(1, HORIZON_MINUTES, top + size, top);
  const minutes = (value: number) => (value >= HORIZON_MINUTES ? "24 h or never" : `${value} min`);
  const points = grid.flatMap(({ cell, ours, oneSetting, robust }) => [
    dot(across(robust), up(ours), OTHERS, `${cell}: ours ${minutes(ours)}, tuned ${minutes(robust)}`),
    dot(
      across(oneSetting),
      up(ours),
      THEIRS,
      `${cell}: ours ${minutes(ours)}, theirs ${minutes(oneSetting)}`,
    ),
  ]);
  return svg(top + size + 50, "Median minutes until a bad candidate is rolled back", [
    ...legend(left, 16, [
      [THEIRS, "one setting for all cells"],
      [OTHERS, "tuned for each cell"],
    ]),
    ...MINUTE_TICKS.flatMap((tick) => [
      line(across(tick), top, across(tick), top + size, 'stroke-opacity="0.2"'),
      line(left, up(tick), left + size, up(tick), 'stroke-opacity="0.2"'),
      text(across(tick), top + size + 16, minutes(tick), 'text-anchor="middle"'),
      text(left - 6, up(tick) + 4, tick >= HORIZON_MINUTES ? "24 h" : String(tick), 'text-anchor="end"'),
    ]),
    line(across(1), up(1), across(HORIZON_MINUTES), up(HORIZON_MINUTES), 'stroke-dasharray="4"'),
    text(
      left + size / 2,
      top + size + 36,
      "best peer (below the dashed line ours is faster)",
      'text-anchor="middle"',
    ),
    text(16, top + size / 2, "ours", `transform="rotate(-90 16 ${top + size / 2})" text-anchor="middle"`),
    ...points,
  ]);
}

/** Failed requests of users until the rollback, ours and the peers', a row for each fault. */
function usersHarmed({ cells }: BenchResult): string {
  const faults = cells.filter((one): one is FaultResult => one.kind === "fault");
  const [rowHeight, top, left] = [22, 46, 330];
  const all = faults.flatMap(({ ours, peers }) => [
    ours.harmed,
    ...Object.values(peers).map(({ harmed }) => harmed),
  ]);
  const at = logAxis(1, Math.max(10, ...all), left, WIDTH - 30);
  const bottom = top + faults.length * rowHeight;
  const ticks = [1, 10, 100, 1000, 10_000].filter((tick) => tick <= Math.max(10, ...all));
  const rows = faults.flatMap(({ cell, ours, peers }, index) => {
    const y = top + index * rowHeight + 10;
    const fair = [PEERS.counter, PEERS.alarm, "Kayenta, 60 min", "Kayenta, 180 min"].flatMap((name) =>
      peers[name] === undefined
        ? []
        : [dot(at(peers[name].harmed), y, THEIRS, `${name}: ${Math.round(peers[name].harmed)}`)],
    );
    const tuned = peers[PEERS.tuned];
    return [
      text(left - 12, y + 4, cell, 'text-anchor="end"'),
      ...fair,
      ...(tuned === undefined
        ? []
        : [dot(at(tuned.harmed), y, OTHERS, `${PEERS.tuned}: ${Math.round(tuned.harmed)}`)]),
      dot(at(ours.harmed), y, OURS, `ours: ${Math.round(ours.harmed)}`),
    ];
  });
  return svg(bottom + 30, "Failed requests of users until the candidate is rolled back", [
    ...legend(left, 16, [
      [OURS, "ours"],
      [THEIRS, "peers with one setting"],
      [OTHERS, "a rule tuned for the cell"],
    ]),
    ...ticks.flatMap((tick) => [
      line(at(tick), top - 6, at(tick), bottom, 'stroke-opacity="0.2"'),
      text(at(tick), bottom + 16, String(tick), 'text-anchor="middle"'),
    ]),
    ...rows,
  ]);
}

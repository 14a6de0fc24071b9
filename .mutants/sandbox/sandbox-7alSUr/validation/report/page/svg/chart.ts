import { markup, type Html } from "../html.ts";
import { clockTime } from "../../words.ts";
import { alone, areaPath, linePath, type Point } from "./path.ts";
import { linear, logarithmic, times, type Scale } from "./scale.ts";

/** How a line looks: the slot's colour, and solid for the candidate or dashed for the active slot; or one of several. */
export type LineStyle =
  | { readonly slot: "blue" | "green"; readonly dashed: boolean }
  | { readonly nth: number };

export interface ChartLine {
  readonly label: string;
  readonly style: LineStyle;
  /** Epoch ms and value; undefined: not known. */
  readonly points: readonly (readonly [ms: number, value: number | undefined])[];
  /** Whether the area below is filled. */
  readonly filled?: boolean;
}

export interface Marker {
  readonly ms: number;
  readonly label: string;
  readonly kind: "step" | "back" | "end";
}

export interface ChartSpec {
  readonly title: string;
  /** What it shows, in a sentence with its numbers: for people who hear it. */
  readonly summary: string;
  readonly lines: readonly ChartLine[];
  readonly show: (value: number) => string;
  readonly y:
    | { readonly kind: "linear"; readonly most?: number; readonly least: number }
    | { readonly kind: "log"; readonly low: number; readonly high: number };
  readonly threshold?: { readonly value: number; readonly label: string };
}

export interface TimeFrame {
  readonly fromMs: number;
  readonly toMs: number;
  readonly markers: readonly Marker[];
}

const WIDTH = 560;
const HEIGHT = 218;
const BOX = { left: 52, right: WIDTH - 10, top: 32, bottom: HEIGHT - 24 };

export const chart = (spec: ChartSpec, frame: TimeFrame): Html =>
  markup`<figure class="chart">
    <figcaption>${spec.title}</figcaption>
    <p class="legend">
      ${spec.lines.map(legend)}${spec.threshold === undefined ? "" : legendOf("line limit", spec.threshold.label)}
    </p>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${spec.summary}">
      ${drawing(spec, frame)}
    </svg>
  </figure> `;

const legend = ({ label, style }: ChartLine) => legendOf(lineClass(style), label);
const legendOf = (name: string, label: string) =>
  markup`<span
    ><svg class="key" viewBox="0 0 28 8" aria-hidden="true"><path class="${name}" d="M1 4H27" /></svg
    >${label}</span
  > `;

const lineClass = (style: LineStyle) =>
  "slot" in style ? `line ${style.slot}${style.dashed ? " dashed" : ""}` : `line nth${style.nth % 6}`;

function drawing(spec: ChartSpec, { fromMs, toMs, markers }: TimeFrame): Html {
  const x = times(fromMs, toMs, BOX.left, BOX.right);
  const y = scaleOf(spec);
  const ofLine = ({ points, style, filled = false }: ChartLine) => {
    const drawn = points.map(([ms, value]): Point => [
      x.at(ms),
      value === undefined ? undefined : y.at(value),
    ]);
    const path = linePath(drawn);
    const area = filled ? markup`<path class="area" d="${areaPath(drawn, BOX.bottom)}" />` : "";
    return markup`${area}<path class="${lineClass(style)}" d="${path}" />${alone(drawn).map(([cx, cy]) => markup`<circle class="${lineClass(style)}" cx="${round(cx)}" cy="${round(cy)}" r="3" />`)}`;
  };
  const limit = spec.threshold === undefined ? undefined : y.at(spec.threshold.value);
  return markup`${y.ticks.map((value) => grid(y.at(value), spec.show(value)))}
  ${x.ticks.map((ms) => markup`<text class="tick" x="${round(x.at(ms))}" y="${HEIGHT - 6}" text-anchor="middle">${clockTime(ms)}</text>`)}
  ${marks(markers, x)}
  ${limit === undefined ? "" : markup`<path class="line limit" d="M${BOX.left} ${round(limit)}H${BOX.right}" />`}
  ${spec.lines.map(ofLine)}`;
}

const round = (value: number) => Math.round(value * 10) / 10;

const grid = (at: number, label: string) =>
  markup`<path class="grid" d="M${BOX.left} ${round(at)}H${BOX.right}" /><text
      class="tick"
      x="${BOX.left - 6}"
      y="${round(at + 4)}"
      text-anchor="end"
      >${label}</text
    >`;

/** A label that would be drawn over its neighbour is in a second row, and past that left to whoever points at its line. */
const ROOM = 7;
const ROWS = [12, 25];

function marks(markers: readonly Marker[], x: Scale): readonly Html[] {
  const free = ROWS.map(() => 0);
  return markers.map(({ ms, label, kind }) => {
    const at = round(x.at(ms));
    const long = label.length * ROOM;
    const isFlipped = at + long > BOX.right;
    const left = isFlipped ? at - long : at;
    const row = free.findIndex((end) => left >= end);
    if (row >= 0) free[row] = left + long;
    const place = isFlipped ? markup`x="${round(at - 4)}" text-anchor="end"` : markup`x="${round(at + 3)}"`;
    const text = row < 0 ? "" : markup`<text class="mark" ${place} y="${ROWS[row]}">${label}</text>`;
    return markup`<g>
      <title>${label}, ${clockTime(ms)}</title>
      <path class="marker ${kind}" d="M${at} 4V${BOX.bottom}" />${text}
    </g>`;
  });
}

function scaleOf({ y, lines, threshold }: ChartSpec): Scale {
  if (y.kind === "log") return logarithmic(y.low, y.high, BOX.bottom, BOX.top);
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value ?? 0));
  const max = values.reduce((a, b) => Math.max(a, b), Math.max(y.least, threshold?.value ?? 0));
  return linear(max, BOX.bottom, BOX.top, y.most);
}

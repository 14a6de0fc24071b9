import { axes, colour, drawLabelled } from "./charts.js";
import { byId, h, say } from "./dom.js";
import { nothingCompared, percent, short } from "./words.js";

const Plot = /** @type {any} */ (globalThis).uPlot;
const HEIGHT = 190;
/** Curves differ by their dashes, too. */
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [4, 2], [1, 4]];
const INKS = ["ink", "bad", "wait", "quiet", "focus", "good"];

/** @type {{ key: string, plots: any[] } | undefined} */
let built;

export function forgetEvidence() {
  built = undefined;
}

/** @param {any} state */
export function showEvidence(state) {
  const { evidence } = state;
  const place = byId("evidence");
  if (evidence === undefined || Plot === undefined) {
    built = undefined;
    say("evidence", nothingCompared(state));
    return;
  }
  const { seconds, metrics, blindSpot, maxBlindSpot, needed } = evidence;
  const key = metrics.map((/** @type {any} */ { name }) => name).join();
  if (built?.key !== key) build(place, key, evidence);
  const [band, curves] = built?.plots ?? [];
  const worst = blindSpot.map((/** @type {number} */ rate) => rate * 100);
  band.setData([seconds, worst, worst.map(() => maxBlindSpot * 100), worst.map(() => 0)]);
  const line = seconds.map(() => Math.log10(needed));
  curves.setData([seconds, line, ...metrics.map((/** @type {any} */ { logEvidence }) => logEvidence)]);
  const now = blindSpot.at(-1);
  byId("blind-now").textContent =
    now === undefined
      ? "no whole minute yet"
      : `by now a model that fails ${percent(now)} would be seen; this step asks for ${percent(maxBlindSpot)} or less`;
  byId("band").setAttribute(
    "aria-label",
    `Smallest failure rate that would be seen: ${byId("blind-now").textContent}`,
  );
  const rows = metrics.map(row);
  byId("metric-rows").replaceChildren(...rows.flat());
}

/** @param {any} metric */
function row({ name, exposure, needed, logEvidence, candidate, active, parts }) {
  const evidence = 10 ** (logEvidence.at(-1) ?? 0);
  const isEnough = evidence >= needed;
  const words = isEnough ? "✕ enough against it" : "below";
  const line = (
    /** @type {string} */ label,
    /** @type {any} */ one,
    /** @type {string} */ of,
    /** @type {boolean} */ isPart,
  ) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, isPart ? `  ↳ ${label}` : label),
      rate(one.candidate),
      rate(one.active),
      h("td", { class: "number" }, isPart ? "" : short(evidence)),
      h("td", { class: "number" }, isPart ? "" : short(needed)),
      h("td", {}, isPart ? "" : words),
      h("td", {}, of),
    );
  return [
    line(name, { candidate, active }, exposure, false),
    ...parts.map((/** @type {any} */ part) => line(part.name, part, exposure, true)),
  ];
}

/** @param {{ events: number, among: number }} count */
const rate = ({ events, among }) =>
  h(
    "td",
    { class: "number" },
    among === 0 ? "none" : `${short(events)} of ${short(among)} (${percent(events / among)})`,
  );

/** @param {HTMLElement} place @param {string} key @param {any} evidence */
function build(place, key, { metrics, needed }) {
  for (const plot of built?.plots ?? []) plot.destroy();
  const band = h("div", {
    id: "band",
    role: "img",
    "aria-label": "Smallest failure rate that would be seen",
  });
  const curves = h("div", {
    role: "img",
    "aria-label": "Evidence against the candidate over time; the table below has its numbers",
  });
  const heads = ["", "candidate", "active", "evidence", "needed", "", "counted among"].map((text, index) =>
    h(
      text === "" ? "td" : "th",
      { scope: text === "" ? undefined : "col", class: index > 0 && index < 5 ? "number" : undefined },
      text,
    ),
  );
  const legend = metrics.map((/** @type {any} */ { name }, /** @type {number} */ index) =>
    h("span", { class: "chip" }, `${"─┄┈╌╍·"[index % 6]} ${name}`),
  );
  place.replaceChildren(
    h(
      "div",
      { class: "curves" },
      h(
        "div",
        {},
        h("h3", {}, "Smallest failure rate that would be seen, %"),
        h("p", { class: "quiet", id: "blind-now" }),
        band,
      ),
      h(
        "div",
        {},
        h("h3", {}, "Evidence against the candidate (log scale)"),
        h("p", { class: "quiet" }, `The dashed line is enough: ${short(needed)}`),
        curves,
        h("div", { class: "chips" }, ...legend),
      ),
    ),
    h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": "What is compared" },
      h("table", {}, h("thead", {}, h("tr", {}, ...heads)), h("tbody", { id: "metric-rows" })),
    ),
  );
  const base = {
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: true } },
    padding: [8, 18, 0, 0],
    hooks: { draw: [drawLabelled] },
  };
  const width = (/** @type {HTMLElement} */ element) => Math.max(160, element.clientWidth);
  const [across, up] = axes(true);
  const values = (/** @type {any} */ _, /** @type {number[]} */ splits) =>
    splits.map((value) => (Number.isInteger(value) ? `10${superscript(value)}` : ""));
  const powers = [across, { ...up, values }];
  const bandPlot = new Plot(
    {
      ...base,
      width: width(band),
      axes: axes(true),
      bands: [{ series: [1, 3], fill: `${colour("wait")}33` }],
      series: [
        {},
        { stroke: colour("wait"), width: 2, points: { show: false } },
        { stroke: colour("quiet"), dash: [4, 4], points: { show: false } },
        { stroke: "transparent", points: { show: false } },
      ],
      scales: {
        x: { time: true },
        y: {
          range: (/** @type {any} */ _u, /** @type {number} */ _min, /** @type {number} */ max) => [
            0,
            Math.max(1, max),
          ],
        },
      },
    },
    [[], [], [], []],
    band,
  );
  const series = metrics.map((/** @type {any} */ _, /** @type {number} */ index) => ({
    stroke: colour(INKS[index % INKS.length] ?? "ink"),
    dash: DASHES[index % DASHES.length],
    width: 1.5,
    points: { show: false },
  }));
  const curvePlot = new Plot(
    {
      ...base,
      width: width(curves),
      axes: powers,
      series: [{}, { stroke: colour("bad"), dash: [5, 5], width: 1, points: { show: false } }, ...series],
    },
    [[], [], ...metrics.map(() => [])],
    curves,
  );
  built = { key, plots: [bandPlot, curvePlot] };
}

/** @param {number} value */
const superscript = (value) =>
  String(value).replace(/[-\d]/g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)] ?? "");

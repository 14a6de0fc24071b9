import { byId, h, say } from "./dom.js";
import { ageOfCharts, clockTime, SHAPE, short } from "./words.js";

/** uPlot, from its own script: there is no build step. @type {any} */
const Plot = /** @type {any} */ (globalThis).uPlot;
const SLOTS = /** @type {const} */ (["blue", "green"]);
const HEIGHT = 84;
/** The first row has the labels of what happened above its data. */
const ROOM_FOR_LABELS = 0.25;

/** What each slot did; `shared`: both slots' axes end at the same value, so that they can be compared. */
const ROWS = [
  { key: "requests", title: "requests a minute", unit: "" },
  { key: "failed", title: "failed", unit: "" },
  { key: "late", title: "late", unit: "" },
  { key: "p95", title: "95th percentile", unit: " s" },
  { key: "healthy", title: "healthy tasks", unit: "" },
];
const MARK_SHAPES = { step: "▸", retreat: "◂", rollback: "✕", promoted: "★", verdict: "·" };

/** As the style sheet has them for now; each is asked for once, because that makes the browser compute styles. @type {Map<string, string>} */
const palette = new Map();

/** @param {string} name */
export function colour(name) {
  const known = palette.get(name);
  if (known !== undefined) return known;
  const found = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  palette.set(name, found);
  return found;
}

/** @type {Map<string, { plot: any, last: HTMLElement, place: HTMLElement }>} */
let charts = new Map();
/** @type {any[]} */
let marks = [];

/** Room that a shape and its share take, CSS pixels. */
const LABEL_WIDTH = 44;

/** @param {string} kind */
const isBad = (kind) => kind === "retreat" || kind === "rollback";

/** Lines at what happened: all of a kind are one path. @param {any} u */
function drawLines(u) {
  const { ctx, bbox } = u;
  const shown = marks.filter(({ seconds }) => seconds >= u.scales.x.min && seconds <= u.scales.x.max);
  ctx.save();
  for (const areBad of [false, true]) {
    const own = shown.filter(({ kind }) => isBad(kind) === areBad);
    if (own.length === 0) continue;
    ctx.strokeStyle = colour(areBad ? "bad" : "quiet");
    ctx.setLineDash(areBad ? [] : [3, 3]);
    ctx.beginPath();
    for (const { seconds } of own) {
      const x = Math.round(u.valToPos(seconds, "x", true));
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
    }
    ctx.stroke();
  }
  ctx.restore();
  return shown;
}

/** The same, with its shape beside each line, and the share of a step. @param {any} u */
export function drawLabelled(u) {
  const { ctx, bbox } = u;
  const shown = drawLines(u);
  ctx.save();
  ctx.font = `${11 * devicePixelRatio}px sans-serif`;
  let freeFrom = bbox.left;
  for (const { seconds, kind, words } of shown) {
    const x = Math.round(u.valToPos(seconds, "x", true));
    if (x < freeFrom) continue;
    ctx.fillStyle = colour(isBad(kind) ? "bad" : "quiet");
    const shape = MARK_SHAPES[/** @type {keyof typeof MARK_SHAPES} */ (kind)];
    const share = kind === "step" ? /\b\d+(?:\.\d+)? %/.exec(words)?.[0] : undefined;
    const label = share === undefined ? shape : `${shape} ${share}`;
    // The line of the data must not cross it.
    const isAtEnd = x + LABEL_WIDTH * devicePixelRatio > bbox.left + bbox.width;
    ctx.textAlign = isAtEnd ? "right" : "left";
    ctx.fillText(label, x + (isAtEnd ? -4 : 4) * devicePixelRatio, bbox.top + 10 * devicePixelRatio);
    freeFrom = x + LABEL_WIDTH * devicePixelRatio;
  }
  ctx.restore();
}

/** @param {boolean} isLast */
export function axes(isLast) {
  const common = {
    stroke: colour("quiet"),
    font: "11px sans-serif",
    grid: { stroke: colour("line"), width: 1 },
    ticks: { show: false },
  };
  const times = /** @type {(u: any, splits: number[]) => string[]} */ (
    (_, splits) => splits.map((seconds) => clockTime(seconds * 1000).slice(0, 5))
  );
  return [
    { ...common, size: isLast ? 24 : 8, values: isLast ? times : () => [] },
    {
      ...common,
      size: 44,
      space: 28,
      values: (/** @type {any} */ _, /** @type {number[]} */ splits) =>
        splits.map((value) => (value === null ? "" : short(value))),
    },
  ];
}

/** The last minute that is drawn, epoch seconds. @type {number | undefined} */
let drawnUntil;

/** The curves stay, marked as old; no number of theirs stands there as the last one. */
function forgetLast() {
  for (const [id, { last, place }] of charts) {
    last.textContent = "";
    place.setAttribute("aria-label", `${id.replace("-", ", ")}: not read now`);
  }
}

/** @param {any} state */
export function showCharts(state) {
  const { minutes } = state;
  say("charts-age", ageOfCharts(state, drawnUntil));
  byId("minutes").classList.toggle("old", minutes === undefined);
  if (minutes === undefined) return forgetLast();
  if (Plot === undefined) return;
  drawnUntil = minutes.seconds.at(-1);
  marks = state.marks;
  const rows = [...ROWS, ...signalRows(state)];
  const wanted = rows.map(({ key }) => key).join();
  const place = byId("charts");
  if (place.dataset.rows !== wanted) build(place, rows, wanted, minutes.slowSeconds);
  for (const [index, { key, unit }] of rows.entries()) {
    const data = SLOTS.map((slot) => dataOf(state, slot, key));
    const top = Math.max(
      key === "p95" ? 0.01 : 1,
      ...data.flatMap(({ values }) => values.map((/** @type {number | null} */ value) => value ?? 0)),
    );
    const room = 1.1 + (index === 0 && marks.length > 0 ? ROOM_FOR_LABELS : 0);
    SLOTS.forEach((slot, at) => draw(`${slot}-${key}`, data[at], top * room, unit));
  }
}

/** @param {any} state */
const signalRows = (state) =>
  (state.evidence?.signals ?? []).map((/** @type {any} */ { name, exposure }) => ({
    key: `signal:${name}`,
    title: `${name} of 100 ${exposure}`,
    unit: "",
  }));

/** @param {any} state @param {"blue" | "green"} slot @param {string} key */
function dataOf(state, slot, key) {
  if (!key.startsWith("signal:")) return { seconds: state.minutes.seconds, values: state.minutes[slot][key] };
  const signal = state.evidence.signals.find((/** @type {any} */ { name }) => `signal:${name}` === key);
  return {
    seconds: signal.seconds,
    values: state.status.release.slot === slot ? signal.candidate : signal.active,
  };
}

/** @param {string} id @param {any} data @param {number} top @param {string} unit */
function draw(id, { seconds, values }, top, unit) {
  const chart = charts.get(id);
  if (chart === undefined) return;
  chart.plot.batch(() => {
    chart.plot.setData([seconds, values], false);
    const first = seconds[0] ?? 0;
    chart.plot.setScale("x", { min: first, max: Math.max(first + 600, seconds.at(-1) ?? 600) });
    chart.plot.setScale("y", { min: 0, max: top });
  });
  const last = values.findLast((/** @type {number | null} */ value) => value !== null);
  const text = last === undefined ? "no data" : `${short(last)}${unit}`;
  if (chart.last.textContent !== text) chart.last.textContent = text;
  chart.place.setAttribute("aria-label", `${id.replace("-", ", ")}: ${text} in the last whole minute`);
}

/** @param {HTMLElement} place @param {any[]} rows @param {string} wanted @param {number} slowSeconds */
function build(place, rows, wanted, slowSeconds) {
  for (const { plot } of charts.values()) plot.destroy();
  charts = new Map();
  place.dataset.rows = wanted;
  const heads = SLOTS.map((slot) =>
    h("h3", { class: `slot-${slot}` }, h("span", { class: "name" }, `${SHAPE[slot]} ${slot}`)),
  );
  const legend = h(
    "p",
    { class: "quiet legend" },
    ...[
      "▸ more users",
      "◂ users back, tried again later",
      "✕ rolled back",
      "★ promoted",
      "· another verdict",
    ].map((words) => h("span", {}, words)),
  );
  const grid = h("div", { class: "pair" }, ...heads);
  place.replaceChildren(legend, grid);
  rows.forEach(({ key, title }, index) => {
    for (const slot of SLOTS) {
      const last = h("b", {}, "");
      const canvas = h("div", { role: "img", "aria-label": `${slot}, ${title}` });
      const name = key === "late" ? `later than ${slowSeconds} s` : title;
      grid.append(
        h(
          "div",
          { class: `chart slot-${slot}` },
          h("p", { class: "caption" }, h("span", {}, name), last),
          canvas,
        ),
      );
      const options = {
        width: Math.max(120, canvas.clientWidth),
        height: HEIGHT + (index === rows.length - 1 ? 16 : 0),
        padding: [4, 18, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: true }, y: { auto: false } },
        axes: axes(index === rows.length - 1),
        hooks: { draw: [index === 0 ? drawLabelled : drawLines] },
        series: [
          {},
          {
            stroke: colour(slot),
            fill: `${colour(slot)}22`,
            width: 1.5,
            dash: slot === "green" ? [6, 3] : undefined,
            points: { show: false },
          },
        ],
      };
      charts.set(`${slot}-${key}`, { plot: new Plot(options, [[], []], canvas), last, place: canvas });
    }
  });
}

/** Widths and colours are of the moment in which a chart is made. */
export function forgetCharts() {
  palette.clear();
  byId("charts").dataset.rows = "";
}

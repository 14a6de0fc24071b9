import { read } from "./api.js";
import { forgetCharts, showCharts } from "./charts.js";
import { byId, say } from "./dom.js";
import { forgetEvidence, showEvidence } from "./evidence.js";
import { showFirst } from "./first-screen.js";
import { listenToKeys } from "./keys.js";
import { showPlayground } from "./playground.js";
import { showButtons } from "./steer.js";
import { showConfig, showHistory, showLogs, showTimeline } from "./story.js";
import { clockTime, duration } from "./words.js";

/** @type {{ state: any, atMs: number } | undefined} */
let newest;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

async function look() {
  clearTimeout(waiting);
  try {
    const state = await read("/api/state");
    newest = { state, atMs: performance.now() };
    show(state);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    byId("verdict").dataset.tone = "unknown";
    say("mark", "?");
    say("short", "The console does not answer");
    say(
      "sentence",
      `What stands below is of ${clockTime(newest?.state.at ?? "") || "an earlier moment"}: ${why}`,
    );
  }
  const isBusy = newest?.state.runs.some((/** @type {any} */ { exitCode }) => exitCode === undefined);
  waiting = setTimeout(look, isBusy ? 500 : document.hidden ? 10_000 : 1_000);
}

/** @param {any} state */
function show(state) {
  showFirst(state);
  showButtons(state, look);
  tick();
  if (state.status === undefined) return;
  redraw();
  showTimeline(state);
  showConfig(state);
  showPlayground(state, look);
  showMore(state);
}

/** The charts alone; what it takes is measured. */
function redraw() {
  if (newest === undefined) return;
  performance.mark("redraw");
  showCharts(newest.state);
  showEvidence(newest.state);
  // uPlot draws in a microtask of its own.
  queueMicrotask(() => performance.measure("redraw", "redraw"));
}

const MORE_EVERY_MS = 10_000;
let moreAtMs = -MORE_EVERY_MS;

/** What costs more to read, and is further down. @param {any} state */
function showMore(state) {
  if (performance.now() - moreAtMs < MORE_EVERY_MS) return;
  moreAtMs = performance.now();
  for (const [id, showing] of /** @type {const} */ ([
    ["logs", showLogs(state)],
    ["history", showHistory()],
  ])) {
    showing.catch((error) => say(id, error instanceof Error ? error.message : String(error)));
  }
}

/** Times that are left go on between two readings, by the cloud's clock. */
function tick() {
  if (newest === undefined || newest.state.at === undefined) return;
  const { state, atMs } = newest;
  const nowMs = Date.parse(state.at) + (performance.now() - atMs) * state.speed;
  const speed = state.speed === 1 ? "" : `, ${state.speed} times as fast`;
  say("clock", `${clockTime(nowMs)}${speed}`);
  for (const element of document.querySelectorAll("[data-until]")) {
    const leftMs = Date.parse(element.getAttribute("data-until") ?? "") - nowMs;
    element.textContent = leftMs > 0 ? duration(leftMs) : "due";
  }
  for (const element of document.querySelectorAll("[data-since]")) {
    element.textContent = duration(nowMs - Date.parse(element.getAttribute("data-since") ?? ""));
  }
}

/** Widths and colours are of the moment in which a chart is made. */
function rebuild() {
  forgetCharts();
  forgetEvidence();
  redraw();
}

let width = innerWidth;
addEventListener("resize", () => {
  // A phone that hides its address bar changes the height alone.
  if (width !== innerWidth) rebuild();
  width = innerWidth;
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", rebuild);
listenToKeys(look);
setInterval(tick, 500);
document.addEventListener("visibilitychange", look);
look();

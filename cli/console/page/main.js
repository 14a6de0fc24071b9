import { read, Unanswered } from "./api.js";
import { forgetCharts, showCharts } from "./charts.js";
import { byId, fill, h, say } from "./dom.js";
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

/** One at a time: a tab that is looked at again, or a button, asks while an answer is still on its way. */
let isLooking = false;
let isWanted = false;

async function look() {
  isWanted = true;
  if (isLooking) return;
  isLooking = true;
  clearTimeout(waiting);
  while (isWanted) {
    isWanted = false;
    await lookOnce();
  }
  isLooking = false;
  const isBusy = newest?.state.runs.some((/** @type {any} */ { exitCode }) => exitCode === undefined);
  waiting = setTimeout(look, isBusy ? 500 : document.hidden ? 10_000 : 1_000);
}

async function lookOnce() {
  try {
    const state = await read("/api/state");
    // The same reading once more keeps the moment at which it came first, or the clock would jump back.
    if (state === newest?.state && !isLost) return showMore(state);
    const known = state.at !== undefined && state.at === newest?.state.at ? newest?.atMs : undefined;
    const atMs = known ?? performance.now();
    newest = { state, atMs };
    isLost = false;
    show(state);
  } catch (error) {
    isLost = true;
    showLost(error);
  }
}

/** Whether the console itself did not answer last. */
let isLost = false;

/** @param {unknown} error */
function showLost(error) {
  const why = error instanceof Error ? error.message : String(error);
  const isStranger = error instanceof Unanswered && error.status === 401;
  byId("verdict").dataset.tone = "unknown";
  say("mark", "?");
  say("short", isStranger ? "This page was opened without its token" : "The console does not answer");
  const command = "npx bluegreen console";
  const fix = isStranger ? "" : ` Is it still running? If not: ${command}, and open the new address.`;
  say("sentence", `${why}${fix}${ofWhen()}`);
  showAge();
}

/** @param {any} state */
function show(state) {
  showFirst(state);
  showButtons(state, look);
  if (state.status !== undefined) shownAt = state.at;
  showAge();
  tick();
  if (state.status === undefined) return;
  redraw();
  showTimeline(state);
  showConfig(state);
  showPlayground(state, look);
  showMore(state);
}

/** Of when what stands below the first line is. @type {string | undefined} */
let shownAt;

const ofWhen = () => (shownAt === undefined ? "" : ` What stands below is of ${clockTime(shownAt)} UTC.`);

/** An old number is not shown as a new one. */
function showAge() {
  const isOld = isLost || newest?.state.status === undefined;
  document.body.classList.toggle("old", isOld && shownAt !== undefined);
  if (isOld && !isLost) say("of-when", ofWhen());
  else say("of-when", "");
}

const KEPT_REDRAWS = 100;
let redraws = 0;

/** The charts alone; what it takes is measured. */
function redraw() {
  if (newest === undefined) return;
  performance.mark("redraw");
  showCharts(newest.state);
  showEvidence(newest.state);
  // uPlot draws in a microtask of its own.
  queueMicrotask(() => {
    performance.measure("redraw", "redraw");
    performance.clearMarks("redraw");
    // A page may be open for days.
    if ((redraws += 1) % KEPT_REDRAWS === 0) performance.clearMeasures("redraw");
  });
}

const MORE_EVERY_MS = 10_000;
let moreAtMs = -MORE_EVERY_MS;

/** What costs more to read, and is further down. @param {any} state */
function showMore(state) {
  if (document.hidden || state.status === undefined || performance.now() - moreAtMs < MORE_EVERY_MS) return;
  moreAtMs = performance.now();
  for (const [id, showing] of /** @type {const} */ ([
    ["logs", showLogs(state)],
    ["history", showHistory(state)],
  ])) {
    showing.catch((error) => {
      const why = error instanceof Error ? error.message : String(error);
      fill(id, { why }, () => [h("p", {}, `Not readable now: ${why}`)]);
    });
  }
}

/** Times that are left go on between two readings, by the cloud's clock. */
function tick() {
  if (newest === undefined || newest.state.at === undefined) return;
  const { state, atMs } = newest;
  const nowMs = Date.parse(state.at) + (performance.now() - atMs) * state.speed;
  const speed = state.speed === 1 ? "" : `, ${state.speed} times as fast`;
  say("clock", `${clockTime(nowMs)} UTC${speed}`);
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

import { read } from "./api.js";
import { byId, say } from "./dom.js";
import { showFirst } from "./first-screen.js";
import { listenToKeys } from "./keys.js";
import { showButtons } from "./steer.js";
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
    say("sentence", `What stands below is of ${clockTime(newest?.state.at ?? "") || "an earlier moment"}: ${why}`);
  }
  const isBusy = newest?.state.runs.some((/** @type {any} */ { exitCode }) => exitCode === undefined);
  waiting = setTimeout(look, isBusy ? 500 : document.hidden ? 10_000 : 1_000);
}

/** @param {any} state */
function show(state) {
  showFirst(state);
  showButtons(state, look);
  tick();
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

listenToKeys(look);
setInterval(tick, 500);
document.addEventListener("visibilitychange", look);
look();

/** Blue and green are names: a shape and a label carry what is meant. */
export const SHAPE = { blue: "■", green: "●" };

/** @param {number} ms */
export function duration(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

/** In UTC, as the sentences of the verbs and the logs have it. @param {string | number} time */
export function clockTime(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(11, 19);
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** With the day where it is another one. @param {string | number} time @param {string | undefined} now */
export function moment(time, now) {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "";
  const isToday = now !== undefined && date.toISOString().slice(0, 10) === now.slice(0, 10);
  return isToday ? clockTime(time) : `${DAY.format(date)} ${clockTime(time).slice(0, 5)}`;
}

/** @param {number} rate 0 to 1 */
export function percent(rate) {
  return `${Number((rate * 100).toPrecision(2))} %`;
}

/** Made once: `toLocaleString` makes one for each number. */
const NUMBER = new Intl.NumberFormat("en-US");

/** @param {number} value */
export function short(value) {
  if (!Number.isFinite(value)) return "∞";
  if (Math.abs(value) >= 1e6) return value.toExponential(1);
  return NUMBER.format(Number(value.toPrecision(3)));
}

/** `rolledBack` → `rolled back`. @param {string} name */
export const inWords = (name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const MARKS = { good: "✓", wait: "◷", bad: "✕", unknown: "?" };

/** @param {string} tone */
export const markOf = (tone) => MARKS[/** @type {keyof typeof MARKS} */ (tone)] ?? "?";

/** What a verdict is, in a tone. @param {string | undefined} verdict */
export function toneOf(verdict) {
  switch (verdict) {
    case "advance":
    case "promote":
    case "promoted":
      return "good";
    case "rollback":
    case "rolledBack":
    case "retreat":
      return "bad";
    case undefined:
      return "unknown";
    default:
      return "wait";
  }
}

/** A release that goes on without users. @param {any} release */
const isGivenBack = (release) =>
  release?.state === "running" && release.weight === 0 && release.retreats.length > 0;

/** What a check waits for, where "good so far" would be more than is known. */
const HELD = {
  "baseline-failing": { tone: "bad", words: "The active slot fails" },
  doubt: { tone: "wait", words: "In doubt" },
  unreadable: { tone: "unknown", words: "Not all could be read" },
  "own-gates": { tone: "wait", words: "Good so far; your own gates are not asked here" },
  "not-ready": { tone: "wait", words: "Not ready for its first users" },
  refused: { tone: "bad", words: "Refused: it was rolled back before" },
};

/** Why a check holds. One that bakes says only that, whatever else its gates say. @param {any} nextCheck */
function holdReason({ why, gates, ownGates }) {
  if (why !== "baking" && why !== "unreadable") return why;
  const deciding = gates.filter((/** @type {any} */ { dryRun }) => !dryRun);
  const failing = deciding.filter((/** @type {any} */ { answer }) => answer.kind === "fail");
  if (failing.some((/** @type {any} */ { about }) => about === "baseline")) return "baseline-failing";
  if (failing.length > 0) return "doubt";
  const silent = deciding.filter((/** @type {any} */ { answer }) => answer.cause === "unreadable");
  if (silent.length === 0) return why;
  return silent.every((/** @type {any} */ { gate }) => ownGates.includes(gate)) ? "own-gates" : "unreadable";
}

/** @param {any} nextCheck */
function checkStanding(nextCheck) {
  const { verdict, refused } = nextCheck;
  if (refused !== undefined) return { tone: "wait", words: `Not ready: ${refused}` };
  const held =
    verdict === "hold" ? HELD[/** @type {keyof typeof HELD} */ (holdReason(nextCheck))] : undefined;
  if (held !== undefined) return held;
  const tone = toneOf(verdict);
  return tone === "good"
    ? { tone, words: "Good, and ready to go on" }
    : { tone, words: "Good so far, not proven yet" };
}

/** A release that goes on, and that is not everyone's already, has a check; a share that a person shifted has none. @param {any} status */
const isUnchecked = ({ release, slots }) =>
  ["deployed", "running"].includes(release?.state) && slots[release.slot].liveShare !== 100;

/** One that warms up is of a slot whose tasks start; the alarm `healthy-hosts` tells of them until then. */
const SAYS_SOMETHING = ["OK", "ALARM", "recovering", "IN_WARM_UP"];

/**
 * Whether it is well, in a few words, from what is known. No data is not good news.
 * @param {any} state
 * @returns {{ tone: string, words: string }}
 */
export function standing(state) {
  const { status, nextCheck, failed } = state;
  if (failed !== undefined) return { tone: "unknown", words: "Cannot be read" };
  const { release } = status;
  const used = [status.slots.blue, status.slots.green].filter(({ liveShare }) => liveShare > 0);
  const alarmed = used.filter(({ alarms }) => Object.values(alarms).includes("ALARM"));
  const unhealthy = used.filter(({ healthyTasks }) => healthyTasks === 0);
  const silent = used.filter(({ alarms }) =>
    Object.values(alarms).some((one) => !SAYS_SOMETHING.includes(one)),
  );
  if (unhealthy.length > 0)
    return { tone: "bad", words: `${unhealthy[0].slot} has users and no healthy task` };
  if (nextCheck?.verdict === "rollback") return { tone: "bad", words: "The candidate fails" };
  if (nextCheck?.verdict === "retreat") return { tone: "bad", words: "The candidate is in doubt" };
  if (alarmed.length > 0) return { tone: "bad", words: `${alarmed[0].slot} has users and is in ALARM` };
  if (state.isUpdating) return { tone: "wait", words: "An update is under way" };
  if (status.drift.length > 0) return { tone: "wait", words: "Not as it was deployed" };
  if (status.unreadable.length + state.unreadable.length > 0) return HELD.unreadable;
  if (silent.length > 0)
    return { tone: "unknown", words: `${silent[0].slot} has users, and alarms without a verdict` };
  if (release?.state === "paused") return { tone: "wait", words: "Paused" };
  if (isGivenBack(release)) return { tone: "wait", words: "In doubt: the candidate gave its users back" };
  if (nextCheck !== undefined) return checkStanding(nextCheck);
  if (isUnchecked(status)) return { tone: "wait", words: "Nothing is checked now" };
  if (release?.state === "rolledBack")
    return { tone: "wait", words: "Rolled back; users are on the model before" };
  return { tone: "good", words: "Well" };
}

/** What a part of the page could not read, and why; undefined: it was read. @param {any} state @param {string} part */
export const whyUnread = ({ unreadable }, part) =>
  unreadable.find((/** @type {string} */ one) => one.startsWith(`${part}: `))?.slice(part.length + 2);

/** Why there is no next check. @param {any} state */
export function nothingChecked(state) {
  const why = whyUnread(state, "look");
  return why === undefined ? "Nothing is checked now." : `What a check would find could not be read: ${why}`;
}

/** Why there is no evidence to draw. @param {any} state */
export function nothingCompared(state) {
  const counts = state.nextCheck?.gates.find((/** @type {any} */ { gate }) => gate === "comparison")?.answer;
  const why = whyUnread(state, "look") ?? (counts?.cause === "unreadable" ? counts.reason : undefined);
  if (why !== undefined) return `What is compared could not be read: ${why}`;
  return ["promoted", "rolledBack"].includes(state.status.release?.state)
    ? "Nothing is compared now. What the last release has shown is in its report: see Releases, below."
    : "Nothing is compared yet: both slots have to have users in the same minutes.";
}

/**
 * What stands above the charts; empty: they are of now.
 * @param {any} state
 * @param {number | undefined} drawnUntil The last minute that is drawn, epoch seconds.
 */
export function ageOfCharts(state, drawnUntil) {
  if (state.minutes !== undefined) return "";
  const drawn =
    drawnUntil === undefined ? "" : ` The last one that is drawn is ${clockTime(drawnUntil * 1000)} UTC.`;
  return `The minutes could not be read now.${drawn}`;
}

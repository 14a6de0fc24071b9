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

/**
 * Whether it is well, in two words, from what is known. No data is not good news.
 * @param {any} state
 * @returns {{ tone: string, words: string }}
 */
export function standing(state) {
  const { status, nextCheck, failed } = state;
  if (failed !== undefined) return { tone: "unknown", words: "Cannot be read" };
  const slots = [status.slots.blue, status.slots.green];
  const alarmed = slots.filter((slot) => slot.liveShare > 0 && Object.values(slot.alarms).includes("ALARM"));
  const unhealthy = slots.filter((slot) => slot.liveShare > 0 && slot.healthyTasks === 0);
  if (unhealthy.length > 0)
    return { tone: "bad", words: `${unhealthy[0].slot} has users and no healthy task` };
  if (nextCheck?.verdict === "rollback") return { tone: "bad", words: "The candidate fails" };
  if (nextCheck?.verdict === "retreat") return { tone: "bad", words: "The candidate is in doubt" };
  if (alarmed.length > 0) return { tone: "bad", words: `${alarmed[0].slot} has users and is in ALARM` };
  if (state.isUpdating) return { tone: "wait", words: "An update is under way" };
  if (status.drift.length > 0) return { tone: "wait", words: "Not as it was deployed" };
  if (status.unreadable.length > 0) return { tone: "unknown", words: "Not all could be read" };
  if (status.release?.state === "paused") return { tone: "wait", words: "Paused" };
  if (isGivenBack(status.release))
    return { tone: "wait", words: "In doubt: the candidate gave its users back" };
  if (nextCheck?.refused !== undefined) return { tone: "wait", words: `Not ready: ${nextCheck.refused}` };
  if (nextCheck !== undefined) {
    const tone = toneOf(nextCheck.verdict);
    return tone === "good"
      ? { tone, words: "Good, and ready to go on" }
      : { tone, words: "Good so far, not proven yet" };
  }
  if (status.release?.state === "rolledBack")
    return { tone: "wait", words: "Rolled back; users are on the model before" };
  return { tone: "good", words: "Well" };
}

import { byId, fill, h, say } from "./dom.js";
import { clockTime, markOf, nothingChecked, SHAPE, standing } from "./words.js";

const GATE_MARKS = { pass: "✓", fail: "✕", noAnswer: "…", notApplicable: "·" };

/** @param {any} state */
export function showFirst(state) {
  showVerdict(state);
  if (state.status === undefined) return;
  fill("traffic", [state.status.slots, state.splitSince, state.status.url], () => traffic(state));
  fill("waits", [state.waits, state.status.release], () => waits(state));
  fill("next", [state.nextCheck, state.status.next, state.unreadable], () => nextCheck(state));
  fill("back", [state.wayBack, state.buttons.length], () => wayBack(state));
}

/** @param {any} state */
function showVerdict(state) {
  const { status, failed, target } = state;
  const { tone, words } = standing(state);
  byId("verdict").dataset.tone = tone;
  say("mark", markOf(tone));
  say("short", words);
  say(
    "sentence",
    failed === undefined
      ? status.sentence
      : [failed.code, failed.message, failed.fix].filter(Boolean).join(" "),
  );
  if (target === undefined) return;
  const name = `${target.model} · ${target.stack}`;
  say("title", name);
  document.title = `${markOf(tone)} ${name}`;
  say("where", target.words);
  const notes =
    failed === undefined
      ? [...status.drift, ...status.warnings, ...together([...status.unreadable, ...state.unreadable])]
      : [];
  const more =
    failed === undefined ? [status.elsewhere, status.shadow, status.experiment].filter(Boolean) : [];
  fill("notes", [notes, more], () => [...notes, ...more].map((note) => h("p", {}, note)));
}

/** What the SDK says without credentials, and with old ones. */
const SIGN_IN = /load credentials|token .*expired|expired ?token|session has expired/i;
const TO_SIGN_IN =
  ": sign in to AWS (for example aws sso login), or start the console from a shell whose AWS_PROFILE may read the stack";

/** `what: why`, where several have the same cause in one line. @param {string[]} unreadable */
const together = (unreadable) =>
  [...Map.groupBy(unreadable, (one) => /: (.*)/s.exec(one)?.[1] ?? "")].map(
    ([why, all]) =>
      `Not readable: ${all.map((one) => one.split(": ")[0]).join(", ")}. ${why}${SIGN_IN.test(why) ? TO_SIGN_IN : ""}`,
  );

/** @param {any} state */
function traffic({ status, splitSince }) {
  const { blue, green } = status.slots;
  const known = blue.liveShare !== undefined && green.liveShare !== undefined;
  const since = splitSince === undefined ? "" : `since ${clockTime(splitSince)} UTC, for `;
  return [
    h(
      "p",
      { class: "quiet" },
      `Users are split so ${since}`,
      splitSince ? h("span", { "data-since": splitSince }) : "now",
    ),
    known ? splitBar(blue.liveShare, green.liveShare) : h("p", {}, "The split could not be read."),
    h("div", { class: "slots" }, slotView(blue), slotView(green)),
    h("p", { class: "quiet" }, `Users ask ${status.url}`),
  ];
}

/** Green has stripes, so that the bar is read without its colours. @param {number} blue @param {number} green */
function splitBar(blue, green) {
  const part = (/** @type {string} */ slot, /** @type {number} */ share) => {
    const element = h("div", { class: `part part-${slot}` });
    element.style.width = `${share}%`;
    return element;
  };
  const label = `blue ${blue} %, green ${green} %`;
  return h(
    "div",
    { class: "split", role: "img", "aria-label": label },
    part("blue", blue),
    part("green", green),
  );
}

/** @param {any} slot */
function slotView(slot) {
  const share = slot.liveShare === undefined ? "?" : `${slot.liveShare} %`;
  const all = Object.entries(slot.alarms);
  const others = all.filter(([, state]) => state !== "OK");
  const quiet = all.filter(([, state]) => state === "OK").map(([key]) => key);
  const alarms = [
    ...others.map(([key, state]) =>
      h("span", { class: state === "ALARM" ? "chip bad" : "chip" }, `${key} ${state}`),
    ),
    ...(quiet.length === 0
      ? []
      : [h("span", { class: "chip", title: quiet.join(", ") }, okAlarms(quiet, all.length))]),
  ];
  const name = /** @type {"blue" | "green"} */ (slot.slot);
  return h(
    "div",
    { class: `slot slot-${slot.slot}`, "data-slot": slot.slot },
    h(
      "p",
      {},
      h("span", { class: "name" }, `${SHAPE[name]} ${slot.slot}`),
      h("span", { class: "role" }, slot.role),
    ),
    h("p", { class: "share" }, share),
    slot.image === undefined
      ? h("p", { class: "quiet" }, "empty")
      : h(
          "p",
          {},
          h("b", {}, `version ${slot.modelVersion ?? "unknown"}`),
          h("br"),
          h("span", { class: "mono quiet" }, shortened(slot.image)),
        ),
    slot.image === undefined
      ? undefined
      : h("p", {}, `healthy tasks: ${slot.healthyTasks ?? "not known"} (at least ${slot.minTasks})`),
    h("div", { class: "chips" }, ...alarms),
  );
}

/** @param {string[]} quiet @param {number} among */
const okAlarms = (quiet, among) =>
  quiet.length < among ? `${quiet.length} others OK` : `✓ all ${among} alarms OK`;

/** @param {string} image */
const shortened = (image) => image.replace(/@sha256:([0-9a-f]{12})[0-9a-f]{52}$/, "@sha256:$1…");

/** @param {any} state */
function waits({ waits: all, status }) {
  if (all.length === 0) return nothing(status.release);
  const items = all.map((/** @type {any} */ wait) =>
    h(
      "li",
      { "data-wait": wait.kind },
      h("span", {}, wait.words),
      h(
        "span",
        { class: "left", "data-until": wait.until },
        wait.until === undefined ? (wait.command ? "a person" : "not known yet") : "",
      ),
      wait.command === undefined ? undefined : h("code", {}, wait.command),
    ),
  );
  return [h("ul", { class: "wait-list" }, ...items)];
}

/** @param {any} release */
function nothing(release) {
  if (release === undefined) return [h("p", {}, "No release yet.")];
  const ended = ENDS[/** @type {keyof typeof ENDS} */ (release.state)];
  if (ended === undefined) return [h("p", {}, "Nothing: the next check decides.")];
  const why = release.reason ? `: ${release.reason}` : ".";
  return [
    h("p", {}, "Nothing: no release is open."),
    h("p", {}, h("b", {}, `The last one, ${release.id}, ${ended}`), why),
  ];
}

const ENDS = { promoted: "was promoted", rolledBack: "was rolled back" };

/** @param {any} status */
const next = (status) => h("p", { class: "quiet" }, "Next: ", h("code", { id: "next-command" }, status.next));

/** @param {any} state */
function nextCheck(state) {
  const { nextCheck: check, status } = state;
  if (check === undefined) return [h("p", {}, nothingChecked(state)), next(status)];
  const gates = check.gates.map((/** @type {any} */ { gate, about, answer, dryRun }) => {
    const kind = /** @type {keyof typeof GATE_MARKS} */ (answer.kind);
    const of = dryRun ? " (dry run)" : about === "baseline" ? " (active slot)" : "";
    const tone = { pass: "good", fail: "bad", noAnswer: "wait", notApplicable: "none" }[kind];
    return h(
      "li",
      {},
      h("span", { class: `mark-${tone}`, "aria-label": kind, role: "img" }, GATE_MARKS[kind]),
      h("span", {}, h("b", {}, gate + of), " ", answer.reason),
    );
  });
  const answered = check.gates.filter(
    (/** @type {any} */ { answer }) => answer.kind !== "notApplicable",
  ).length;
  return [
    h("p", { class: "would" }, `If it came now: ${check.would}.`),
    h("p", {}, check.sentence),
    h(
      "details",
      { id: "gates" },
      h("summary", {}, `${answered} gates apply`),
      h("ul", { class: "gates" }, ...gates),
    ),
    next(status),
  ];
}

/** @param {any} state */
function wayBack({ wayBack: back, buttons }) {
  if (back === undefined) {
    const { command } = buttons.find((/** @type {any} */ { verb }) => verb === "revert") ?? {};
    const words =
      "Who would get everyone is not known now, because the route's tags could not be read. It is still done by";
    return [h("p", {}, words), h("p", {}, h("code", {}, command ?? "npx bluegreen revert"))];
  }
  return [h("p", {}, back.will), h("p", {}, h("code", {}, back.command))];
}

import { read, write } from "./api.js";
import { fill, h } from "./dom.js";
import { testsView } from "./tests.js";
import { duration, inWords, markOf, moment, SHAPE, toneOf } from "./words.js";

/** @param {any} state */
export function showTimeline(state) {
  fill("timeline", [state.journal, state.marks, state.tests, state.status?.release?.tested], () => {
    const tests = testsView(state);
    if (state.journal.length > 0) {
      return [
        ...tests,
        h(
          "ol",
          { class: "timeline" },
          ...state.journal.toReversed().map((/** @type {any} */ one) => entry(one, state)),
        ),
      ];
    }
    if (state.marks.length === 0)
      return [
        ...tests,
        h(
          "p",
          {},
          "This machine has no journal of the release, and the release itself tells of no step yet.",
        ),
      ];
    const items = state.marks.toReversed().map((/** @type {any} */ { seconds, kind, words }) => {
      const tone =
        { retreat: "bad", rollback: "bad", promoted: "good" }[/** @type {string} */ (kind)] ?? "wait";
      return line(moment(seconds * 1000, state.at), tone, h("span", {}, h("b", {}, kind), ` ${words}`));
    });
    return [
      ...tests,
      h("p", { class: "quiet" }, "Told by the release itself: this machine has no journal of it."),
      h("ol", { class: "timeline" }, ...items),
    ];
  });
}

/** @param {string} at @param {string} tone @param {Node} body */
const line = (at, tone, body) =>
  h(
    "li",
    {},
    h("span", { class: "mono quiet" }, at),
    h("span", { class: `mark-${tone}`, role: "img", "aria-label": tone }, markOf(tone)),
    body,
  );

/** @param {any} one @param {any} state */
function entry(one, { at, status }) {
  const body = h("pre", { tabindex: "0" }, "…");
  const details = h(
    "details",
    { id: `entry-${one.n}` },
    h("summary", {}, h("b", {}, inWords(one.verdict ?? one.kind)), ` ${one.sentence}`),
    body,
  );
  details.addEventListener("toggle", async () => {
    try {
      const found = await read(`/api/look?release=${encodeURIComponent(status.release.id)}&n=${one.n}`);
      body.textContent = evidenceWords(found);
    } catch (error) {
      body.textContent = error instanceof Error ? error.message : String(error);
    }
  });
  return line(moment(one.at, at), toneOf(one.verdict), details);
}

/** The gates in sentences, then everything. @param {any} found */
function evidenceWords(found) {
  const gates = (found.gates ?? []).map(
    (/** @type {any} */ { gate, answer }) => `${answer?.kind ?? ""}  ${gate}: ${answer?.reason ?? ""}`,
  );
  return [...gates, "", JSON.stringify(found, undefined, 1)].join("\n").trim();
}

/** Read when it is looked at, and then now and again. @param {any} state */
export async function showLogs(state) {
  const { order, slots } = await read("/api/logs");
  fill("logs", [order, slots], () => [
    h(
      "div",
      { class: "pair" },
      ...order.map((/** @type {string} */ slot) => slotLogs(slot, slots[slot], state)),
    ),
  ]);
}

/** @param {string} slot @param {any} found @param {any} state */
function slotLogs(slot, { sentence, tasks, command, errors }, state) {
  const role = state.status?.slots[slot].role ?? "";
  const kinds = errors.map(
    (/** @type {any} */ { signature, times, isNew, example }, /** @type {number} */ index) =>
      h(
        "li",
        {},
        h(
          "details",
          { id: `error-${slot}-${index}` },
          h(
            "summary",
            {},
            isNew ? h("b", { class: "mark-bad" }, "new: ") : undefined,
            `${times} × ${signature}`,
          ),
          h("pre", { tabindex: "0" }, example),
        ),
      ),
  );
  const outputs = tasks.map((/** @type {any} */ { taskId, lines }) =>
    h(
      "details",
      { id: `task-${taskId}` },
      h("summary", {}, `task ${taskId}, ${lines.length} lines`),
      h("pre", { tabindex: "0" }, lines.join("\n")),
    ),
  );
  const name = SHAPE[/** @type {"blue" | "green"} */ (slot)];
  return h(
    "div",
    { class: `slot-${slot}` },
    h("h3", {}, h("span", { class: "name" }, `${name} ${slot}`), ` ${role}`),
    h("p", { class: "quiet" }, sentence),
    command === undefined ? undefined : h("p", {}, h("code", {}, command)),
    kinds.length === 0 ? undefined : h("ul", {}, ...kinds),
    ...outputs,
  );
}

/** @param {any} state */
export function showConfig(state) {
  fill("config", [state.config, state.status?.drift, state.target?.dashboard], () => {
    const drift = state.status.drift.map((/** @type {string} */ one) => h("li", {}, one));
    const differs = state.config.filter((/** @type {any} */ row) => "inFile" in row).length;
    const rows = state.config.map((/** @type {any} */ { key, deployed, isSecret, inFile }) =>
      h(
        "tr",
        {},
        h("th", { scope: "row", class: "mono" }, key),
        h("td", { class: "mono" }, isSecret ? "(secret)" : (deployed ?? "not set")),
        h("td", { class: "mono" }, inFile === undefined ? "" : `≠ ${inFile}`),
      ),
    );
    const { dashboard } = state.target;
    return [
      drift.length === 0
        ? h("p", {}, "What is deployed, what the route has and what runs are the same.")
        : h("ul", {}, ...drift),
      dashboard === undefined
        ? undefined
        : h(
            "p",
            {},
            h(
              "a",
              { href: dashboard, rel: "noreferrer" },
              "The CloudWatch dashboard, drawn by the local cloud",
            ),
          ),
      h(
        "details",
        { id: "config-keys" },
        h(
          "summary",
          {},
          `${rows.length} keys${differs === 0 ? "" : `, other in the stack file: ${differs}`}`,
        ),
        h(
          "div",
          { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of keys" },
          h(
            "table",
            {},
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                ...["key", "deployed", "stack file"].map((text) => h("th", { scope: "col" }, text)),
              ),
            ),
            h("tbody", {}, ...rows),
          ),
        ),
      ),
    ];
  });
}

/** @param {any} state */
export async function showHistory({ at }) {
  const { sentence, releases } = await read("/api/history");
  fill("history", releases, () => [
    h("p", { class: "quiet" }, sentence),
    h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of releases" },
      h("table", {}, h("tbody", {}, ...releases.map((/** @type {any} */ one) => release(one, at)))),
    ),
  ]);
}

/** @param {any} one @param {string | undefined} now */
function release({ id, modelVersion, slot, outcome, reason, seconds, deployedAt, hasReport }, now) {
  const button = h("button", { type: "button", "aria-label": `report of ${id}` }, "report");
  const problem = h("p", { role: "alert", class: "mark-bad" });
  button.addEventListener("click", async () => {
    // In the click itself, or the browser takes it for an advertisement.
    const opened = open("about:blank");
    try {
      const { path } = await write("/api/report", { release: id });
      if (opened !== null) opened.location.href = path;
    } catch (error) {
      opened?.close();
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  });
  const took = seconds === undefined ? "" : duration(seconds * 1000);
  const cells = [
    `version ${modelVersion ?? "unknown"} on ${slot}`,
    inWords(outcome),
    `${moment(deployedAt, now)} ${took}`,
    reason,
  ];
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, id),
    ...cells.map((text) => h("td", {}, text)),
    h("td", {}, ...(hasReport ? [button, problem] : [])),
  );
}

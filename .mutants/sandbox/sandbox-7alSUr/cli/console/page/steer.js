import { write } from "./api.js";
import { byId, fill, h } from "./dom.js";

const NAMES = { approve: "Approve", pause: "Pause", resume: "Resume", promote: "Promote", revert: "Revert" };
const ORDER = ["revert", "pause", "resume", "approve", "promote"];

/** @type {any} */
let latest;
/** The run that the open dialog tells. @type {string | undefined} */
let followed;

/** @param {any} state @param {() => void} soon */
export function showButtons(state, soon) {
  latest = state;
  const place = byId("buttons");
  if (place.childElementCount === 0 && state.buttons.length > 0) {
    for (const verb of ORDER) {
      const name = NAMES[/** @type {keyof typeof NAMES} */ (verb)];
      const button = h(
        "button",
        { type: "button", id: `do-${verb}`, class: verb === "revert" ? "main" : undefined },
        name,
      );
      button.addEventListener("click", () => ask(verb, soon));
      place.append(button);
    }
  }
  for (const { verb, closed, about } of state.buttons) {
    const button = byId(`do-${verb}`);
    button.setAttribute("aria-disabled", String(closed !== undefined));
    button.title = closed === undefined ? about : `Not now: ${closed}`;
  }
  fill("runs", state.runs, () => state.runs.toReversed().slice(0, 3).map(runView));
  const run = state.runs.find((/** @type {any} */ { id }) => id === followed);
  if (run !== undefined) tellRun(run);
}

/** @param {any} run */
function runView(run) {
  const state =
    run.exitCode === undefined ? "at work" : run.exitCode === 0 ? "done" : `exit code ${run.exitCode}`;
  return h(
    "p",
    { class: "run" },
    h("b", {}, `${run.verb}: ${state}. `),
    run.sentence ?? run.lines.at(-1) ?? "",
  );
}

/** @param {string} verb @param {() => void} soon */
export function ask(verb, soon) {
  const button = latest?.buttons.find((/** @type {any} */ one) => one.verb === verb);
  if (button === undefined) return;
  const dialog = /** @type {HTMLDialogElement} */ (byId("dialog"));
  const name = NAMES[/** @type {keyof typeof NAMES} */ (verb)];
  const close = h("button", { type: "button" }, "Cancel");
  close.addEventListener("click", () => dialog.close());
  const title = h("h2", { id: "dialog-title" }, name);
  followed = undefined;
  if (button.closed !== undefined) {
    close.textContent = "Close";
    dialog.replaceChildren(
      title,
      h("p", {}, `${button.about}.`),
      h("p", {}, `Not now: ${button.closed}.`),
      close,
    );
    return dialog.showModal();
  }
  const reason = /** @type {HTMLInputElement} */ (
    h("input", {
      id: "reason",
      name: "reason",
      maxlength: "500",
      autocomplete: "off",
      required: button.needsReason,
    })
  );
  const problem = h("p", { role: "alert", class: "mark-bad" });
  const go = h("button", { type: "submit", class: "main", id: "do-it" }, name);
  const form = h(
    "form",
    {},
    h("p", {}, h("b", { id: "will" }, button.will)),
    h("p", { class: "quiet" }, `${button.about}. The same as `, h("code", {}, button.command)),
    h(
      "label",
      {},
      button.needsReason ? "Reason, for the audit log" : "Reason, for the audit log (may be empty)",
      reason,
    ),
    problem,
    h("div", { class: "row" }, go, close),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const order = {
      verb,
      reason: reason.value,
      step: button.step,
      to: verb === "revert" ? latest.wayBack?.to : undefined,
    };
    try {
      const run = await write("/api/run", order);
      followed = run.id;
      close.textContent = "Close";
      form.replaceChildren(
        h("div", { id: "run", "aria-live": "polite" }, "It is started."),
        h("div", { class: "row" }, close),
      );
      close.focus();
      soon();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  });
  dialog.replaceChildren(title, form);
  dialog.showModal();
  (button.needsReason ? reason : go).focus();
}

/** @param {any} run */
function tellRun(run) {
  const place = document.getElementById("run");
  if (place === null) return;
  const text =
    run.exitCode === undefined
      ? (run.lines.at(-1) ?? "It is at work.")
      : `${run.exitCode === 0 ? "Done" : `It ended with exit code ${run.exitCode}`}: ${run.sentence}`;
  if (place.dataset.text === text) return;
  place.dataset.text = text;
  const lines =
    run.lines.length === 0
      ? undefined
      : h("details", {}, h("summary", {}, "What it said"), h("pre", { tabindex: "0" }, run.lines.join("\n")));
  place.replaceChildren(h("p", {}, text), ...(lines === undefined ? [] : [lines]));
}

import { byId, h } from "./dom.js";
import { ask } from "./steer.js";

const VERBS = { r: "revert", p: "pause", g: "resume", a: "approve", m: "promote" };
const SECTIONS = {
  1: "h-traffic",
  2: "h-charts",
  3: "h-evidence",
  4: "h-timeline",
  5: "h-logs",
  6: "h-config",
  7: "h-history",
};

const LIST = [
  ["r", "revert: the dialog opens, nothing happens yet"],
  ["p", "pause"],
  ["g", "resume: it goes on"],
  ["a", "approve the next share"],
  ["m", "promote"],
  ["1 … 7", "traffic, charts, evidence, timeline, logs, configuration, releases"],
  ["Escape", "closes a dialog"],
  ["?", "this list"],
];

/** @param {() => void} soon */
export function listenToKeys(soon) {
  byId("help").addEventListener("click", showKeys);
  document.addEventListener("keydown", (event) => {
    const dialog = /** @type {HTMLDialogElement} */ (byId("dialog"));
    const at = /** @type {HTMLElement} */ (event.target);
    if (
      dialog.open ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName)
    )
      return;
    const verb = VERBS[/** @type {keyof typeof VERBS} */ (event.key)];
    const section = SECTIONS[/** @type {keyof typeof SECTIONS} */ (/** @type {unknown} */ (event.key))];
    if (event.key === "?") showKeys();
    else if (verb !== undefined) ask(verb, soon);
    else if (section !== undefined) goTo(section);
    else return;
    event.preventDefault();
  });
}

/** @param {string} id */
function goTo(id) {
  const heading = byId(id);
  heading.tabIndex = -1;
  heading.scrollIntoView({ block: "start" });
  heading.focus();
}

function showKeys() {
  const dialog = /** @type {HTMLDialogElement} */ (byId("dialog"));
  const close = h("button", { type: "button" }, "Close");
  close.addEventListener("click", () => dialog.close());
  const rows = LIST.map(([key = "", what = ""]) =>
    h("tr", {}, h("th", { scope: "row" }, h("kbd", {}, key)), h("td", {}, what)),
  );
  dialog.replaceChildren(
    h("h2", { id: "dialog-title" }, "Keys"),
    h("table", {}, h("tbody", {}, ...rows)),
    h("p", {}),
    close,
  );
  dialog.showModal();
}

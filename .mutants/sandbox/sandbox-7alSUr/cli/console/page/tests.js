import { h } from "./dom.js";

/** What the pre-traffic tests found, with the examples that went worst. @param {any} state */
export function testsView({ tests, status }) {
  const tested = status.release?.tested;
  if (tests === undefined && tested === undefined) return [];
  const waived =
    (tested?.waived ?? []).length === 0 ? "" : `Let go all the same: ${tested.waived.join(", ")}`;
  const head = h("p", {}, h("b", {}, `Pre-traffic tests: ${tests?.outcome ?? tested.outcome}. `), waived);
  if (tests === undefined) return [head];
  const checks = tests.checks.map((/** @type {any} */ { name, answer, reason }) =>
    h("li", {}, h("b", {}, `${answer} ${name}`), ` ${reason}`),
  );
  return [
    head,
    h("details", { id: "checks" }, h("summary", {}, `${checks.length} checks`), h("ul", {}, ...checks)),
    ...worstView(tests.worst),
  ];
}

/** @param {any[]} worst */
function worstView(worst) {
  if (worst.length === 0) return [];
  const heads = ["example", "asked", "right is", "candidate said", "active said"];
  const rows = worst.map(({ id, input, label, candidate, active }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, id),
      ...[input, label, candidate, active].map((text) => h("td", {}, text)),
    ),
  );
  const table = h(
    "table",
    {},
    h("thead", {}, h("tr", {}, ...heads.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, ...rows),
  );
  const scroll = h(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "Worst examples" },
    table,
  );
  return [h("details", { id: "worst" }, h("summary", {}, `The ${worst.length} worst examples`), scroll)];
}

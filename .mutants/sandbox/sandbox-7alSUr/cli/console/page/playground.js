import { write } from "./api.js";
import { byId, fill, h } from "./dom.js";

const TRAFFIC = [0, 60, 300, 600, 1200, 3000];

/** @param {any} state @param {() => void} soon */
export function showPlayground({ playground }, soon) {
  byId("playground").hidden = playground === undefined;
  if (playground === undefined) return;
  fill("play", playground, () => {
    const problem = h("p", { role: "alert", class: "mark-bad" });
    const play = async (/** @type {unknown} */ body) => {
      try {
        await write("/api/play", body);
      } catch (error) {
        problem.textContent = error instanceof Error ? error.message : String(error);
      }
      soon();
    };
    const button = (
      /** @type {string} */ id,
      /** @type {string} */ text,
      /** @type {string} */ label,
      /** @type {unknown} */ body,
    ) => {
      const element = h("button", { type: "button", id, title: label }, text);
      element.addEventListener("click", () => play(body));
      return element;
    };
    const traffic = TRAFFIC.map((rate) =>
      button(`traffic-${rate}`, rate === 0 ? "none" : String(rate), `${rate} requests a minute`, {
        traffic: rate,
      }),
    );
    const faults = ["blue", "green"].map((slot) =>
      h(
        "p",
        { class: "row", role: "group", "aria-label": `Faults of ${slot}` },
        `${slot} is `,
        ...playground.faults.map((/** @type {string} */ fault) =>
          button(`${slot}-${fault}`, fault, `${slot}: ${fault}`, { slot, fault }),
        ),
      ),
    );
    return [
      h("p", { class: "row" }, `Requests a minute of the console (now ${playground.traffic}): `, ...traffic),
      ...faults,
      h("p", { class: "quiet", role: "status" }, playground.said),
      problem,
    ];
  });
}

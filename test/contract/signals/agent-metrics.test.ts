import { describe, expect, it } from "vitest";
import { ANSWERS, STREAMS, USERS, type CountGroup } from "../../../agent/lines/groups.ts";
import { PRESETS } from "../../../agent/scrape/presets.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import { agentMetrics } from "../../../contract/signals/agent-metrics.ts";
import { raw } from "../support/raw.ts";

const namesOf = (...groups: readonly CountGroup[]) =>
  groups.flatMap(({ denominator, numerators }) => [denominator, ...numerators]);
const IMAGE = `repo@sha256:${"a1".repeat(32)}`;

/** Of a stack on whose active slot alone such an agent runs. */
function metricsOf(agent: object, more: object = {}) {
  const slot = { image: IMAGE, modelVersion: "1", service: { agent } };
  const parsed = parseConfig(raw({ blue: slot, ...more }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return agentMetrics(parsed.config);
}

describe("the metrics that an agent makes", () => {
  it.each(Object.entries(PRESETS))("of the page of %s are those of its preset", (preset, metrics) => {
    const names = metrics({ firstTokenSeconds: 1, answerSeconds: 1 }).flatMap(
      ({ numerator, denominator }) => [numerator, denominator],
    );
    expect(metricsOf({ scrape: { preset } })).toEqual({
      count: new Set(names).size,
      arithmetic: `blue ${new Set(names).size}`,
    });
  });

  it("in front are all that its lines may have, whether streams are set or not, and those of each path", () => {
    const front = (options: object) => metricsOf({ front: options }).count;
    const whole = namesOf(ANSWERS, STREAMS).length;
    expect(front({})).toBe(whole);
    expect(front({ streams: { stallSeconds: 20 } })).toBe(whole);
    expect(front({ paths: ["/predict"] })).toBe(2 * whole);
    expect(front({ user: { header: "x-user" } })).toBe(whole + namesOf(USERS).length);
  });

  it("are none of a template that no deploy has copied", () => {
    const service = { agent: { front: {} } };
    const parsed = parseConfig(raw({ service, blue: { image: IMAGE, modelVersion: "1" } }));
    expect(parsed.ok && agentMetrics(parsed.config).count).toBe(0);
  });
});

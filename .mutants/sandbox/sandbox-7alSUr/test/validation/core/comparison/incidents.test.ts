import { expect, it } from "vitest";
import { incidentMinutes } from "../../../../validation/core/comparison/clusters/incidents.ts";
import { binomial, seeded } from "./support.ts";

const zone = (seed: number, failing: (minute: number) => number, requests = 200) => {
  const random = seeded(seed);
  return Array.from({ length: 1440 }, (_, minute) => ({
    exposure: requests,
    events: binomial(random, requests, failing(minute)),
  }));
};
const usual = () => 0.005;

it("finds the minutes in which a zone failed far more than it usually does, and their neighbours at most", () => {
  const hiccup = (minute: number) => (minute >= 600 && minute < 610 ? 0.15 : 0.005);
  const found = [...incidentMinutes({ zones: [zone(1, usual), zone(2, hiccup)], dispersion: 1 })];
  for (let minute = 600; minute < 610; minute++) expect(found).toContain(minute);
  expect(found.filter((minute) => minute < 596 || minute > 613).length).toBeLessThan(5);
});

it("finds them where there is too little traffic for a single minute to tell", () => {
  const hiccup = (minute: number) => (minute >= 600 && minute < 610 ? 0.3 : 0.005);
  const found = incidentMinutes({ zones: [zone(3, usual, 20), zone(4, hiccup, 20)], dispersion: 1 });
  expect([...found].filter((minute) => minute >= 600 && minute < 610).length).toBeGreaterThanOrEqual(8);
});

it("leaves nearly no minute of a usual day out", () => {
  expect(incidentMinutes({ zones: [zone(5, usual), zone(6, usual)], dispersion: 1 }).size).toBeLessThan(10);
});

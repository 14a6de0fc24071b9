import { describe, expect, it } from "vitest";
import type { Count } from "../../../../validation/core/comparison/counts.ts";
import { dispersionOf } from "../../../../validation/core/comparison/clusters/dispersion.ts";
import { binomial, seeded } from "./support.ts";

const DAY = 1440;
type Rate = (minute: number) => number;

/** A zone's counts: clusters of so many events that begin at a rate and spread over so many minutes. */
function zone(
  random: () => number,
  size: number,
  spread: number,
  rate: Rate = () => 0.01,
  requests = 200,
): readonly Count[] {
  const events = Array.from({ length: DAY + 60 }, () => 0);
  for (let minute = 0; minute < DAY; minute++) {
    const clusters = binomial(random, requests, rate(minute) / size);
    for (let event = 0; event < clusters * size; event++) {
      const at = minute + Math.floor(random() * spread);
      events[at] = (events[at] ?? 0) + 1;
    }
  }
  return events.slice(0, DAY).map((count) => ({ exposure: requests, events: Math.min(count, requests) }));
}

const twoZones = (seed: number, size: number, spread: number, rate?: Rate) => {
  const random = seeded(seed);
  return [zone(random, size, spread, rate), zone(random, size, spread, rate)];
};
const of = (zones: readonly (readonly Count[])[], sticky = false) =>
  dispersionOf({ zones, historyMinutes: DAY, sticky });

describe("φ", () => {
  it("is about 1 for independent events, also under an incident and a load that changes", () => {
    const incident = (minute: number) => (minute > 600 && minute < 620 ? 0.3 : 0.01);
    const diurnal = (minute: number) => 0.01 * (1.5 + Math.sin((2 * Math.PI * minute) / DAY));
    for (const rate of [undefined, incident, diurnal])
      expect(of(twoZones(1, 1, 1, rate)).phi).toBeLessThan(1.9);
  });

  it.each([1, 10, 40])("finds clusters of twelve that are spread over %d minutes", (spread) => {
    expect(of(twoZones(2, 12, spread)).phi).toBeGreaterThan(6);
  });

  it("finds clusters in a single zone, and does not take an incident for one", () => {
    expect(of([zone(seeded(3), 12, 10)]).phi).toBeGreaterThan(6);
    const incident = (minute: number) => (minute > 600 && minute < 620 ? 0.3 : 0.01);
    expect(of([zone(seeded(4), 1, 1, incident)]).phi).toBeLessThan(3);
  });

  it("is assumed, and said to be, when there is too little to estimate it from", () => {
    const few = [[{ exposure: 100, events: 3 }], [{ exposure: 100, events: 1 }]];
    expect(of(few)).toMatchObject({ phi: 3, assumed: true, events: 4 });
    expect(of(few, true)).toMatchObject({ phi: 10, assumed: true });
    expect(of([])).toMatchObject({ phi: 3, assumed: true, events: 0 });
  });

  it("is exactly 1 on most days without clusters: what chance explains is none", () => {
    const days = Array.from({ length: 20 }, (_, seed) => of(twoZones(100 + seed, 1, 1)).phi);
    expect(days.filter((phi) => phi === 1).length).toBeGreaterThanOrEqual(16);
  });

  it("stays assumed where users stay, until stretches as long as a session were compared", () => {
    const half = twoZones(6, 1, 1).map((one) => one.slice(0, 120));
    const short = (sticky: boolean) => dispersionOf({ zones: half, historyMinutes: 120, sticky });
    expect(short(false)).toMatchObject({ phi: 1, assumed: false });
    expect(short(true)).toMatchObject({ phi: 10, assumed: true });
  });

  it("is assumed to be small when the few events had an hour each, and not when they came together", () => {
    const day = (minutes: readonly number[]) =>
      Array.from({ length: DAY }, (_, minute) => ({
        exposure: 3,
        events: minutes.filter((one) => one === minute).length,
      }));
    const apart = of([day([30, 400, 700, 1000]), day([200, 500, 1300])]);
    expect(apart).toMatchObject({ phi: 1, assumed: true, events: 7 });
    const together = of([day([30, 31, 33, 700, 702, 704]), day([1000, 1001, 1010])]);
    expect(together.phi).toBeGreaterThan(2.5);
  });

  it("is only ever raised during a release", () => {
    const zones = twoZones(5, 1, 1);
    const long = zones.map((one) => [...one, ...one, ...one]);
    const atHour = (hour: number) =>
      dispersionOf({
        zones: long.map((one) => one.slice(0, DAY + hour * 60)),
        historyMinutes: DAY,
        sticky: false,
      }).phi;
    const values = Array.from({ length: 24 }, (_, hour) => atHour(hour));
    expect(values).toEqual([...values].sort((a, b) => a - b));
  });
});

describe("φ without incidents", () => {
  const failing = (from: number) => (minute: number) => (minute >= from && minute < from + 10 ? 0.3 : 0.01);

  it.each([200, 2000])(
    "hardly knows of a task that fails once a day, at %d requests a minute",
    (requests) => {
      const random = seeded(8);
      const zones = [500, 900].map((from) => zone(random, 1, 1, failing(from), requests));
      const { phi, bounded } = of(zones);
      expect(phi).toBeGreaterThan(10);
      expect(bounded).toBeLessThan(3);
    },
  );

  it.each([1, 10, 40])("is the same as φ where clusters of twelve are spread over %d minutes", (spread) => {
    const { phi, bounded } = of(twoZones(2, 12, spread));
    expect(bounded).toBeGreaterThan(0.9 * phi);
  });
});

describe("φ where users stay on their slot", () => {
  /** Sessions whose requests go to either zone: the load balancer keeps them on the slot, not on a task. */
  function sessions(seed: number, minutes: number): readonly (readonly Count[])[] {
    const random = seeded(seed);
    const events = [0, 1].map(() => Array.from({ length: DAY + 60 }, () => 0));
    for (let minute = 0; minute < DAY; minute++) {
      const broken = binomial(random, 400, 0.001);
      for (let event = 0; event < 10 * broken; event++) {
        const zoneEvents = events[random() < 0.5 ? 0 : 1] ?? [];
        const at = minute + Math.floor(random() * minutes);
        zoneEvents[at] = (zoneEvents[at] ?? 0) + 1;
      }
    }
    return events.map((zoneEvents) =>
      zoneEvents.slice(0, DAY).map((count) => ({ exposure: 200, events: count })),
    );
  }

  it.each([1, 20])("finds sessions of %d minutes in time, which no zone shows", (minutes) => {
    expect(of(sessions(9, minutes)).phi).toBeLessThan(2);
    expect(of(sessions(9, minutes), true).phi).toBeGreaterThan(5);
  });

  it("does not take a day's rhythm for sessions", () => {
    const load = (minute: number) => Math.round(200 * (1 + 0.8 * Math.sin((2 * Math.PI * minute) / DAY)));
    const random = seeded(10);
    const zones = [0, 1].map(() =>
      Array.from({ length: DAY }, (_, minute) => ({
        exposure: load(minute),
        events: binomial(random, load(minute), 0.01),
      })),
    );
    expect(of(zones, true).phi).toBeLessThan(2);
    const few = zones.map((one) =>
      one.map(({ exposure }) => ({ exposure, events: binomial(random, exposure, 0.00008) })),
    );
    expect(of(few, true)).toMatchObject({ phi: 1, assumed: true });
  });
});

import { describe, expect, it } from "vitest";
import {
  dispersionOf,
  dispersionTracker,
} from "../../../../validation/core/comparison/clusters/dispersion.ts";
import { incidentMinutes } from "../../../../validation/core/comparison/clusters/incidents.ts";

const DAY = 1440;
const zone = (
  events: (minute: number) => number,
  requests: (minute: number) => number = () => 100,
  minutes = DAY,
) => Array.from({ length: minutes }, (_, at) => ({ exposure: requests(at), events: events(at) }));
const of = (zones: Parameters<typeof dispersionOf>[0]["zones"], sticky = false) =>
  dispersionOf({ zones, historyMinutes: DAY, sticky });
/** In every other stretch of so many minutes. */
const inStretches = (length: number, events: number, first: 0 | 1) => (minute: number) =>
  Math.floor(minute / length) % 2 === first ? events : 0;

describe("φ of clusters that are known", () => {
  it.each([1, 2, 5, 10, 20, 40, 60])(
    "is their size, where each lies in one zone for %d minutes",
    (length) => {
      const found = of([zone(inStretches(length, 4, 0)), zone(inStretches(length, 4, 1))]);
      expect(found).toMatchObject({ phi: 4 * length, bounded: 4 * length, assumed: false });
      expect(found).toMatchObject({ events: 4 * DAY, minutes: DAY });
    },
  );

  it("is told by the zones' requests: three times as many events are no cluster in a zone with three times as many", () => {
    const even = of([
      zone(() => 3),
      zone(
        () => 9,
        () => 300,
      ),
    ]);
    expect(even).toMatchObject({ phi: 1, bounded: 1 });
    // Each zone in turn: 8 where 2 of 8 belong there (36 / 2 + 36 / 6 = 24), 8 where 6 do (4 / 2 + 4 / 6 = 8 / 3).
    const turns = of([zone(inStretches(1, 8, 0)), zone(inStretches(1, 8, 1), () => 300)]);
    // What stays different over an hour is more than what lies in a minute: 240 beside 120 of 480.
    expect(turns.phi).toBeCloseTo(160, 6);
  });

  it("has a degree of freedom less than there are zones with requests", () => {
    const three = [0, 1, 2].map((at) => zone((minute) => (minute % 3 === at ? 6 : 0)));
    expect(of(three).phi).toBeCloseTo(6, 9);
    const asleep = zone(
      () => 0,
      () => 0,
    );
    expect(of([...three, asleep]).phi).toBeCloseTo(6, 9);
    // One zone of three has requests every other minute alone: two zones are compared in the others.
    const half = [0, 1, 2].map((at) =>
      zone(
        (minute) => (minute % 2 === 0 ? 4 : at === 0 ? 8 : 0),
        (minute) => (at === 2 && minute % 2 === 1 ? 0 : 100),
      ),
    );
    // Minute by minute 0 of 2 degrees, then 8 of 1.
    expect(of(half).phi).toBeGreaterThan(8 / 3);
  });

  it.each([1, 2, 5, 10])(
    "is told by neighbours where there is one zone: stretches of %d minutes, without the most different of them",
    (length) => {
      const { phi, bounded } = of([zone(inStretches(length, 4, 0))]);
      // The smallest 95 % of chi-squares without clusters have a mean of 0.759.
      expect(phi / (4 * length)).toBeGreaterThan(1.25);
      expect(phi / (4 * length)).toBeLessThan(1.32);
      expect(bounded).toBeCloseTo(4 * length, 6);
    },
  );

  it("is told by neighbours of the whole slot where users stay on it, and by the zones all the same", () => {
    const inTime = inStretches(1, 4, 0);
    expect(of([zone(inTime), zone(inTime)]).phi).toBe(1);
    expect(of([zone(inTime), zone(inTime)], true).phi).toBeCloseTo(8 / 0.7589, 2);
    expect(of([zone(inTime), zone(inStretches(1, 4, 1))], true).phi).toBe(4);
  });
});

describe("φ of too few events", () => {
  const few = (events: number, sticky = false) =>
    of([zone((minute) => (minute < events ? 1 : 0)), zone(() => 0)], sticky);

  it("is taken from fifty events in thirty minutes on, and said to be assumed before", () => {
    expect(few(49)).toMatchObject({ assumed: true, events: 49 });
    expect(few(50)).toMatchObject({ assumed: false, events: 50 });
    const inMinutes = (count: number) => of([0, 1].map(() => zone((minute) => (minute < count ? 2 : 0))));
    expect(inMinutes(29)).toMatchObject({ assumed: true, minutes: 29 });
    expect(inMinutes(30)).toMatchObject({ assumed: false, minutes: 30 });
  });

  /** One event an hour, from the first on. */
  const apart = (events: number, hours = 24, sticky = true) =>
    dispersionOf({
      zones: [zone((minute) => (minute % 60 === 0 && minute < events * 60 ? 1 : 0), undefined, hours * 60)],
      historyMinutes: hours * 60,
      sticky,
    });

  it("is assumed to be large until five of them have shown that they come alone, in eight hours at least", () => {
    expect(apart(4)).toMatchObject({ phi: 10, bounded: 10, assumed: true });
    expect(apart(5)).toMatchObject({ phi: 1, bounded: 1, assumed: true });
    expect(apart(5, 7)).toMatchObject({ phi: 10, assumed: true });
    expect(apart(5, 8)).toMatchObject({ phi: 1, assumed: true });
    expect(apart(4, 24, false)).toMatchObject({ phi: 3, bounded: 3 });
  });

  it("is about what one of them finds in its hour, where they came together", () => {
    // Six in one hour of a day: 15 pairs, of which chance explains 15 / 24.
    const together = of([zone((minute) => (minute >= 60 && minute < 66 ? 1 : 0))], true);
    expect(together.phi).toBeCloseTo(1 + (2 * (15 - 15 / 24)) / 6, 6);
  });

  it("is no larger where the hours with more events are those with more requests", () => {
    // All requests of a day, but for a few, in one hour: the events are there, too.
    const busy = of(
      [
        zone(
          (minute) => (minute >= 60 && minute < 66 ? 1 : 0),
          (minute) => (minute >= 60 && minute < 120 ? 100_000 : 1),
        ),
      ],
      true,
    );
    expect(busy).toMatchObject({ phi: 1, assumed: true });
  });
});

describe("φ as minutes come in", () => {
  const clustered = (at: number) => [inStretches(1, 12, 0)(at), inStretches(1, 12, 1)(at)] as const;
  const tracked = (minutes: number, historyMinutes: number) => {
    const tracker = dispersionTracker({ zones: 2, historyMinutes, sticky: false });
    for (let at = 0; at < minutes; at++)
      // No cluster in the history, then clusters of twelve.
      tracker.add(
        at < 240
          ? [1, 1].map((events) => ({ exposure: 100, events }))
          : clustered(at).map((events) => ({ exposure: 100, events })),
      );
    return tracker.current();
  };

  it("is estimated from all there is while the history is not whole, and then by whole hours", () => {
    expect(tracked(250, 1000).phi).toBe(tracked(250, 250).phi);
    expect(tracked(299, 240).phi).toBe(1);
    expect(tracked(300, 240).phi).toBe(tracked(300, 300).phi);
    expect(tracked(300, 240).phi).toBeGreaterThan(1.5);
    expect(tracked(359, 240).phi).toBe(tracked(300, 240).phi);
    expect(tracked(360, 240).phi).toBeGreaterThan(tracked(300, 240).phi);
  });

  it("counts the events of all zones, and the minutes that had any", () => {
    const tracker = dispersionTracker({ zones: 2, historyMinutes: 10, sticky: false });
    for (const events of [0, 2, 3])
      tracker.add([
        { exposure: 100, events },
        { exposure: 100, events: 0 },
      ]);
    expect(tracker.current()).toMatchObject({ events: 5, minutes: 2 });
  });
});

describe("minutes of an incident", () => {
  const found = (zones: Parameters<typeof incidentMinutes>[0]["zones"], dispersion = 1, from = 0) =>
    [...incidentMinutes({ zones, dispersion, from })].toSorted((a, b) => a - b);
  /** One event a minute, but for these minutes. */
  const usually = (bad: Readonly<Record<number, number>>, requests = 200) =>
    zone(
      (minute) => bad[minute] ?? 1,
      () => requests,
      1000,
    );

  it("are those alone in which a zone fails far more than usual, and the windows of five that they stand out in", () => {
    // 13 where 1 is usual: 13 log 13 - 12 = 21.3, needed are 9.2; in five minutes 17 beside 5: 8.8.
    expect(found([usually({ 500: 13 })])).toEqual([500]);
    expect(found([usually({ 500: 40 })])).toEqual([496, 497, 498, 499, 500, 501, 502, 503, 504]);
    expect(found([usually({ 500: 7 })])).toEqual([]);
    // Four minutes of five, of which none stands out alone.
    expect(found([usually({ 500: 5, 501: 5, 502: 5, 503: 5 })])).toEqual([499, 500, 501, 502, 503, 504]);
  });

  it("are none where clusters explain them, where nothing ever failed, and where a zone had no requests", () => {
    expect(found([usually({ 500: 13 })], 4)).toEqual([]);
    expect(found([zone(() => 0)])).toEqual([]);
    const idle = zone(
      () => 0,
      () => 0,
    );
    expect(found([idle, usually({ 500: 13 })])).toEqual([500]);
  });

  it("are no minutes in which a zone fails far less, or has more because it has more requests", () => {
    expect(found([zone((minute) => (minute === 500 ? 0 : 30))])).toEqual([]);
    const busy = zone(
      (minute) => (minute === 500 ? 40 : 1),
      (minute) => (minute === 500 ? 8000 : 200),
      1000,
    );
    expect(found([busy])).toEqual([]);
  });

  it("are told from the asked-for minute on, the first among them, also the newest", () => {
    expect(found([usually({ 500: 13 })], 1, 500)).toEqual([500]);
    expect(found([usually({ 500: 13 })], 1, 501)).toEqual([]);
    expect(found([usually({ 0: 13 })])).toEqual([0]);
    expect(found([usually({ 999: 13 })])).toEqual([999]);
  });
});

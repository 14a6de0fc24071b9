import type { Minute } from "../formulas/minute.ts";
import type { MetricTerms } from "../formulas/weights.ts";
import { columnsOf, minutesAfter, minutesOf } from "./columns.ts";
import {
  numberAt,
  objectAt,
  objectsAt,
  optionalNumber,
  optionalObject,
  optionalText,
  textAt,
  without,
  type JsonObject,
} from "./json.ts";

/** One metric's counts, and what it is weighed by. */
export interface MetricCounts {
  readonly name: string;
  readonly terms: MetricTerms;
  readonly isScores: boolean;
  readonly phi: number;
  /** As it is told, φ with it. */
  readonly dispersion: JsonObject;
  /** φ without incidents. */
  readonly bounded: number;
  readonly minutes: readonly Minute[];
  /** What its evidence is the mean of, by their parts of it. */
  readonly series: readonly {
    readonly name: string | undefined;
    readonly weight: number;
    readonly minutes: readonly Minute[];
  }[];
}

export function countsOf(comparison: JsonObject): readonly MetricCounts[] {
  return objectsAt(comparison, "counts").map((counts) => {
    const dispersion = objectAt(counts, "dispersion");
    const signal = optionalObject(counts, "signal");
    const definition = signal && objectAt(signal, "definition");
    const minutes = minutesOf(counts);
    const isScores = definition?.["kind"] === "scores";
    const parts = (signal ? objectsAt(signal, "parts") : []).map((part) => ({
      name: textAt(part, "name"),
      minutes: minutesOf(part),
    }));
    return {
      name: textAt(counts, "name"),
      terms: {
        kind: textAt(counts, "kind"),
        action: definition && textAt(definition, "action"),
        budget: definition && numberAt(definition, "budget"),
        tolerance: definition && optionalNumber(definition, "tolerance"),
        isHeld: signal !== undefined && optionalText(signal, "held") !== undefined,
      },
      isScores,
      dispersion,
      phi: numberAt(dispersion, "phi"),
      bounded: numberAt(dispersion, "bounded"),
      minutes,
      series: seriesOf(isScores, minutes, parts),
    };
  });
}

/** docs/decision.md: the mean over the tenths; half of all, and half of the mean over the segments; or all alone. */
function seriesOf(
  isScores: boolean,
  minutes: readonly Minute[],
  parts: readonly { readonly name: string; readonly minutes: readonly Minute[] }[],
): MetricCounts["series"] {
  // Without tenths nothing is counted of scores yet.
  if (isScores && parts.length === 0) return [{ name: undefined, minutes: [], weight: 1 }];
  if (isScores) return parts.map((part) => ({ ...part, weight: 1 / parts.length }));
  const all = { name: undefined, minutes };
  if (parts.length === 0) return [{ ...all, weight: 1 }];
  return [{ ...all, weight: 1 / 2 }, ...parts.map((part) => ({ ...part, weight: 1 / 2 / parts.length }))];
}

/** The counts after a look of a journal, as the whole record has them. A metric that is not named is compared no more. */
export function countsAfter(
  before: readonly JsonObject[],
  deltas: readonly JsonObject[],
): readonly JsonObject[] {
  return deltas.map((delta) => {
    const known = before.find((one) => one["name"] === delta["name"]);
    const signal = optionalObject(delta, "signal");
    const knownSignal = known && optionalObject(known, "signal");
    return {
      ...without(delta, "from", "minutes", "candidate", "active", "gone", "signal"),
      ...columnsAfter(known, delta),
      ...(signal === undefined
        ? {}
        : {
            signal: {
              ...signal,
              parts: objectsAt(signal, "parts").map((part) => ({
                name: part["name"],
                ...columnsAfter(
                  knownSignal && objectsAt(knownSignal, "parts").find((one) => one["name"] === part["name"]),
                  part,
                ),
              })),
            },
          }),
    };
  });
}

const columnsAfter = (before: JsonObject | undefined, delta: JsonObject) =>
  columnsOf(minutesAfter(before === undefined ? [] : minutesOf(before), delta));

/**
 * Releases that went wrong at real teams, to see them caught. A fault changes what /predict does; /health stays
 * good, which is the point: none of these is found by a health check (but `crash-on-start`, which never gets there).
 */
import { setTimeout as realSleep } from "node:timers/promises";
import { inkOf } from "./slices.ts";

/** The digit in an image of 64 pixels of 0..16. May throw: the request is then answered with 500. */
export type Predict = (features: readonly number[]) => number | Promise<number>;

type Sleep = (delayMs: number) => Promise<unknown>;

interface Fault {
  /** What the number behind the colon means (`one-in-N-fails:20`), for faults that take one. */
  readonly parameter?: { readonly meaning: string; readonly default?: number };
  readonly spoil: (predict: Predict, parameter: number, sleep: Sleep) => Predict;
}

const longestDelayMs = 3000;

const faults: ReadonlyMap<string, Fault> = new Map<string, Fault>([
  ["preprocessing-mismatch", { spoil: scaledForOtherPixels }],
  ["one-in-five-fails", { spoil: (predict) => failingOnceIn(5, predict) }],
  [
    "one-in-N-fails",
    { parameter: { meaning: "N" }, spoil: (predict, requests) => failingOnceIn(requests, predict) },
  ],
  [
    "slower-and-slower",
    { parameter: { meaning: "milliseconds added by each request", default: 20 }, spoil: slowingDown },
  ],
  ["crash-on-start", { spoil: crash }],
  ["less-accurate", { parameter: { meaning: "percent of the inputs", default: 5 }, spoil: wrongFor }],
  ["classes-swapped", { spoil: swapped }],
  ["constant", { spoil: () => () => 4 }],
  ["not-a-number", { parameter: { meaning: "percent of the inputs", default: 1 }, spoil: nanFor }],
  ["light-slice-worse", { spoil: wrongForLight }],
  ["feature-ignored", { spoil: blindForOnePixel }],
]);

/**
 * `predict` with a fault: `name`, or `name:parameter` where the fault takes a positive whole number.
 * Throws for an unknown name and for a parameter that is missing, not wanted, or not such a number.
 */
export function withFault(faultArgument: string, predict: Predict, sleep: Sleep = realSleep): Predict {
  const [name = "", parameterText, ...rest] = faultArgument.split(":");
  const fault = faults.get(name);
  if (fault === undefined || rest.length > 0) {
    throw new Error(`there is no fault "${faultArgument}"; there are ${[...faults.keys()].join(", ")}`);
  }
  return fault.spoil(predict, parameterOf(name, fault, parameterText), sleep);
}

function parameterOf(name: string, { parameter }: Fault, text: string | undefined): number {
  if (parameter === undefined) {
    if (text !== undefined) throw new Error(`the fault "${name}" takes no parameter`);
    return 0;
  }
  const value = text === undefined ? parameter.default : Number(text);
  if (value === undefined || !Number.isInteger(value) || value < 1) {
    throw new Error(`the fault "${name}" takes ${parameter.meaning}, a whole number from 1: "${name}:20"`);
  }
  return value;
}

/** Pixels of 0..16 treated as 0..255, as another team's images are: fast, status 200, and wrong. */
function scaledForOtherPixels(predict: Predict): Predict {
  return (features) => predict(features.map((ink) => (ink * 16) / 255));
}

/** Every nth prediction throws, counted and not drawn, so that a run can be repeated. */
function failingOnceIn(requests: number, predict: Predict): Predict {
  let count = 0;
  return (features) => {
    count += 1;
    if (count % requests === 0) throw new Error(`the model fails on one request in ${requests}`);
    return predict(features);
  };
}

/** Each request takes a little longer than the one before, as with a leak or a list that only grows. */
function slowingDown(predict: Predict, stepMs: number, sleep: Sleep): Predict {
  let delayMs = 0;
  return async (features) => {
    delayMs = Math.min(delayMs + stepMs, longestDelayMs);
    await sleep(delayMs);
    return predict(features);
  };
}

function crash(): never {
  throw new Error("the model cannot be loaded: libgomp.so.1 is not in this image");
}

/** From 0 up to 1, the same for the same image each time: a model is wrong about inputs, not about requests. */
function drawnFrom(features: readonly number[]): number {
  // FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), and MurmurHash3's last mix, without which close images stay close.
  const hash = features.reduce((sum, ink) => Math.imul(sum ^ ink, 0x01000193), 0x811c9dc5);
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const again = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((again ^ (again >>> 16)) >>> 0) / 2 ** 32;
}

const another = (digit: number) => (digit + 1) % 10;

/** Another digit for so many of a hundred images. */
function wrongFor(predict: Predict, percent: number): Predict {
  return async (features) => {
    const digit = await predict(features);
    return drawnFrom(features) * 100 < percent ? another(digit) : digit;
  };
}

/** As with names of classes in another order: 4 and 9 stand for each other. */
function swapped(predict: Predict): Predict {
  return async (features) => {
    const digit = await predict(features);
    return digit === 4 ? 9 : digit === 9 ? 4 : digit;
  };
}

/** No number for so many of a hundred images, with 200: JSON has no NaN, and Node writes null for it. */
function nanFor(predict: Predict, percent: number): Predict {
  return (features) => (drawnFrom(features) * 100 < percent ? NaN : predict(features));
}

/** Wrong about two of three images with little ink, and about no other: `"ink": "light"` in golden-slices.jsonl. */
function wrongForLight(predict: Predict): Predict {
  return async (features) => {
    const digit = await predict(features);
    return inkOf(features) === "light" && drawnFrom(features) < 2 / 3 ? another(digit) : digit;
  };
}

/** The pixel on which most answers of version 2 depend. */
const blindPixel = 21;

/** One pixel always counts as half of the ink: hardly less accurate, and a change of it changes nothing. */
function blindForOnePixel(predict: Predict): Predict {
  return (features) => predict(features.map((ink, pixel) => (pixel === blindPixel ? 8 : ink)));
}

import { expect, test } from "vitest";
import { withFault } from "../../../examples/digits/faults.ts";

const image = [0, 8, 16];
const seven = () => 7;

/** Which of the first `count` requests fail, counted from 1. */
function failuresAmong(count: number, fault: string): number[] {
  const predict = withFault(fault, seven);
  return Array.from({ length: count }, (_, index) => index + 1).filter(() => {
    try {
      predict(image);
      return false;
    } catch {
      return true;
    }
  });
}

test("one-in-five-fails fails on each fifth request", () => {
  expect(failuresAmong(15, "one-in-five-fails")).toEqual([5, 10, 15]);
});

test("one-in-N-fails:20 fails on each twentieth request", () => {
  expect(failuresAmong(45, "one-in-N-fails:20")).toEqual([20, 40]);
});

test("preprocessing-mismatch shows the model almost no ink", () => {
  let seen: readonly number[] = [];
  const predict = withFault("preprocessing-mismatch", (features) => {
    seen = features;
    return 7;
  });
  expect(predict(image)).toBe(7);
  expect(seen).toEqual([0, (8 * 16) / 255, (16 * 16) / 255]);
});

const images = Array.from({ length: 1000 }, (_, index) => [index % 17, Math.floor(index / 17) % 17, 16]);
const answers = (fault: string, images: readonly (readonly number[])[], digit = 7) =>
  Promise.all(images.map(withFault(fault, () => digit)));

test("less-accurate and not-a-number are so for their share of the images, and for the same ones each time", async () => {
  const wrong = (await answers("less-accurate:20", images)).filter((digit) => digit !== 7).length;
  expect(wrong).toBeGreaterThan(120);
  expect(wrong).toBeLessThan(280);
  const first = await answers("not-a-number:20", images);
  expect(first.filter((digit) => Number.isNaN(digit)).length).toBe(wrong);
  expect(await answers("not-a-number:20", images)).toEqual(first);
});

test("classes-swapped says 4 for 9 and 9 for 4, constant says 4 to everything", async () => {
  expect(await answers("classes-swapped", [image], 4)).toEqual([9]);
  expect(await answers("classes-swapped", [image], 9)).toEqual([4]);
  expect(await answers("classes-swapped", [image], 5)).toEqual([5]);
  expect(await answers("constant", [image], 5)).toEqual([4]);
});

test("light-slice-worse is wrong about images with little ink alone", async () => {
  const dark = images.map(([first = 0, second = 0]) => [first, second, 400]);
  expect(await answers("light-slice-worse", dark)).toEqual(dark.map(() => 7));
  const wrong = (await answers("light-slice-worse", images)).filter((digit) => digit !== 7).length;
  expect(wrong).toBeGreaterThan(500);
});

test("feature-ignored shows the model the same pixel always", () => {
  const pixels = Array.from({ length: 64 }, (_, index) => index % 17);
  let seen: readonly number[] = [];
  void withFault("feature-ignored", (features) => {
    seen = features;
    return 7;
  })(pixels);
  expect(seen).toEqual(pixels.with(21, 8));
});

test.for([
  { fault: "slower-and-slower", delaysMs: [20, 40, 60, 80] },
  { fault: "slower-and-slower:1000", delaysMs: [1000, 2000, 3000, 3000] },
])("$fault delays its answers by $delaysMs ms", async ({ fault, delaysMs }) => {
  const slept: number[] = [];
  const predict = withFault(fault, seven, async (delayMs) => slept.push(delayMs));
  for (const _ of delaysMs) expect(await predict(image)).toBe(7);
  expect(slept).toEqual(delaysMs);
});

test("crash-on-start fails before there is a request", () => {
  expect(() => withFault("crash-on-start", seven)).toThrow("the model cannot be loaded");
});

test.for([
  {
    fault: "sometimes",
    problem: 'there is no fault "sometimes"; there are preprocessing-mismatch, one-in-five-fails',
  },
  { fault: "", problem: 'there is no fault ""' },
  { fault: "one-in-N-fails:5:5", problem: 'there is no fault "one-in-N-fails:5:5"' },
  { fault: "one-in-five-fails:6", problem: "takes no parameter" },
  { fault: "one-in-N-fails", problem: 'takes N, a whole number from 1: "one-in-N-fails:20"' },
  { fault: "one-in-N-fails:0", problem: "a whole number from 1" },
  { fault: "one-in-N-fails:2.5", problem: "a whole number from 1" },
  { fault: "slower-and-slower:", problem: "a whole number from 1" },
])("refuses the fault $fault", ({ fault, problem }) => {
  expect(() => withFault(fault, seven)).toThrow(problem);
});

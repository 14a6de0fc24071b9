/** Starts each image of images.local.json as the local cloud would, and looks at what it does to its users. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  FOUND_BY_LIVE_TRAFFIC,
  STOPPED_BY_DEPLOY,
  STOPPED_BY_SUITE,
  STOPPED_BY_TEST,
} from "../scenario/support/variants.ts";
import { get, measuredAccuracy, predict } from "./digits-client.ts";
import { type ServiceProcess, runToItsEnd, startService } from "./service-process.ts";

interface Images {
  readonly images: Readonly<
    Record<string, { readonly command: readonly string[]; readonly description: string }>
  >;
}

const { images }: Images = JSON.parse(readFileSync("images.local.json", "utf8"));

const runningImages: Readonly<Record<string, { version: string; behaves: (url: string) => Promise<void> }>> =
  {
    "digits:1": { version: "1", behaves: (url) => isRight(url, 0.8825) },
    "digits:2": { version: "2", behaves: (url) => isRight(url, 0.975) },
    "digits:3": { version: "3", behaves: (url) => isRight(url, 0.975) },
    "digits:3-cold": { version: "3", behaves: warmsUp },
    "digits:2-preprocessing-mismatch": { version: "2", behaves: (url) => isRight(url, 0.235) },
    "digits:3-preprocessing-mismatch": { version: "3", behaves: (url) => isRight(url, 0.235) },
    "digits:3-flaky": { version: "3", behaves: failsOnEachFifth },
    "digits:3-slow": { version: "3", behaves: getsSlower },
    "digits:3-less-accurate": { version: "3", behaves: (url) => isRight(url, 0.91) },
    "digits:3-classes-swapped": { version: "3", behaves: (url) => isRight(url, 0.7575) },
    "digits:3-constant": { version: "3", behaves: (url) => isRight(url, 0.1225) },
    "digits:3-not-a-number": { version: "3", behaves: (url) => isRight(url, 0.9675) },
    "digits:3-refusing": { version: "3", behaves: (url) => isRight(url, 0.775) },
    "digits:3-light-slice-worse": { version: "3", behaves: (url) => isRight(url, 0.8925) },
    "digits:3-feature-ignored": { version: "3", behaves: (url) => isRight(url, 0.965) },
    "digits:3-other-version": { version: "1", behaves: (url) => isRight(url, 0.8825) },
  };

test("images.local.json has the digits of this test and no others, each with a description", () => {
  const digits = Object.keys(images).filter((image) => image.startsWith("digits:"));
  expect(digits.sort()).toEqual([...Object.keys(runningImages), "digits:3-crash"].sort());
  for (const { description } of Object.values(images)) expect(description).toMatch(/\w/);
});

test("each faulty one has a story, or a run of the bench, that says what stops it before it has a user, or is known to need users", () => {
  const faulty = Object.entries(images).filter(([, { command }]) =>
    command.some((word) => word.startsWith("--fault=")),
  );
  const ofSuite = STOPPED_BY_SUITE.map(({ image }) => image).filter((image) => image in images);
  const told = [STOPPED_BY_TEST, STOPPED_BY_DEPLOY]
    .flatMap((images) => Object.keys(images))
    .concat(ofSuite, FOUND_BY_LIVE_TRAFFIC);
  expect([...faulty.map(([image]) => image), "digits:3-other-version"].sort()).toEqual(told.sort());
});

test.for(Object.entries(runningImages))(
  "%s is healthy, says its version, and behaves as described",
  async ([image, expected]) => {
    const service: ServiceProcess = await startService({ command: images[image]?.command ?? [] });
    try {
      expect(await predict(service.url)).toMatchObject({
        status: 200,
        body: { modelVersion: expected.version },
      });
      await expected.behaves(service.url);
      expect(await get(`${service.url}/health`)).toEqual({ status: 200, body: { status: "ok" } });
      expect((await get(`${service.url}/metadata`)).body).toMatchObject({ modelVersion: expected.version });
    } finally {
      await service.stop();
    }
  },
);

test.for([
  { args: images["digits:3-crash"]?.command.slice(2) ?? [], problem: "the model cannot be loaded" },
  { args: [], problem: "which model? Give --model or DIGITS_MODEL, one of 1, 2" },
  { args: ["--model", "9"], problem: 'there is no model version "9"; there are 1, 2' },
  { args: ["--model", "2", "--fault", "gremlins"], problem: 'there is no fault "gremlins"' },
  { args: ["--model", "2", "--cold", "0"], problem: "--cold takes a whole number of requests from 1" },
  { args: ["--modle", "2"], problem: "Unknown option '--modle'" },
])("the service started with $args exits with 1, without having listened", async ({ args, problem }) => {
  const env = { DIGITS_MODEL: "" };
  const { code, output } = await runToItsEnd({
    command: ["node", "examples/digits/service.ts", ...args],
    env,
  });
  expect(code).toBe(1);
  expect(output).toContain(problem);
  expect(output).not.toContain("listens");
});

test("DIGITS_MODEL chooses the model where there is no --model", async () => {
  const service = await startService({
    command: ["node", "examples/digits/service.ts"],
    env: { DIGITS_MODEL: "1" },
  });
  const { body } = await predict(service.url);
  await service.stop();
  expect(body).toMatchObject({ modelVersion: "1" });
});

async function isRight(url: string, accuracy: number): Promise<void> {
  expect(await measuredAccuracy(url)).toBe(accuracy);
}

/** One request went before. */
async function failsOnEachFifth(url: string): Promise<void> {
  const statuses: number[] = [];
  for (let request = 2; request <= 10; request++) statuses.push((await predict(url)).status);
  expect(statuses).toEqual([200, 200, 200, 500, 200, 200, 200, 200, 500]);
}

/** One of the twenty slow requests went before. A timer may be a millisecond early. */
async function warmsUp(url: string): Promise<void> {
  for (let request = 2; request <= 21; request++) {
    const startMs = performance.now();
    expect((await predict(url)).status).toBe(200);
    const tookMs = performance.now() - startMs;
    if (request <= 20) expect(tookMs).toBeGreaterThanOrEqual(299);
    else expect(tookMs).toBeLessThan(299);
  }
}

/** The tenth answer takes at least 10 × 20 ms; a timer may be a millisecond early. */
async function getsSlower(url: string): Promise<void> {
  let lastMs = 0;
  for (let request = 2; request <= 10; request++) {
    const startMs = performance.now();
    expect((await predict(url)).status).toBe(200);
    lastMs = performance.now() - startMs;
  }
  expect(lastMs).toBeGreaterThanOrEqual(198);
}

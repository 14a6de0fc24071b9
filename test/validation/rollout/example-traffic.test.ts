import { expect, test } from "vitest";
import type { Deployed } from "../../../validation/ports.ts";
import { UserError } from "../../../validation/errors.ts";
import { sendTraffic } from "../../../validation/rollout/example-traffic.ts";
import { oneModel } from "../support/samples.ts";
import { World } from "../support/world.ts";

/** Runs through what the stack is at each check, one virtual minute apart, at 60 requests a minute. */
async function traffic(looks: readonly (Deployed | undefined | Error)[]) {
  const told: string[] = [];
  const opened: string[] = [];
  let look = 0;
  let nowMs = 0;
  let wake: () => void = () => {};
  const clock = { now: () => nowMs, sleep: () => new Promise<void>((resolve) => (wake = resolve)) };
  const wait = async () => {
    nowMs += 60_000;
    wake();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const deployedNow = async () => {
    const found = looks[look++];
    if (found instanceof Error) throw found;
    return found;
  };
  const count = await sendTraffic(clock, wait, deployedNow, {
    requestsPerMinute: 60,
    open: async (_config, { url }) => {
      opened.push(url);
      if (url === "http://empty/" && opened.length < 3) throw new UserError("BG186", "503");
      return async () => url !== "http://gone/";
    },
    goesOn: () => look < looks.length,
    tell: (line) => told.push(line),
  });
  return { count, told, opened };
}

const at = (url: string): Deployed => {
  const deployed = new World(oneModel()).deployed();
  return { ...deployed, outputs: { ...deployed.outputs, url } };
};

test("traffic waits for the stack, says so once, and then comes at its rate", async () => {
  const { count, told, opened } = await traffic([undefined, undefined, at("http://a/"), at("http://a/")]);
  expect(opened).toEqual(["http://a/"]);
  expect(count).toEqual({ sent: 120, failed: 0 });
  expect(told).toEqual([
    "traffic: the stack is not up yet, and gets it as soon as it is: npx bluegreen pulumi up",
    "traffic: 60 requests a minute of the golden set to http://a/",
    "traffic: 120 requests sent, 0 not answered well",
  ]);
});

test("traffic follows a stack that was made anew, and goes on while its state cannot be read", async () => {
  const { count, opened } = await traffic([at("http://gone/"), new Error("busy"), at("http://b/")]);
  expect(opened).toEqual(["http://gone/", "http://b/"]);
  expect(count).toEqual({ sent: 180, failed: 120 });
});

test("traffic asks anew how the model is asked when another protocol stands in a slot", async () => {
  const asked = (servingProtocol: string): Deployed => ({
    ...at("http://a/"),
    config: new World({ ...oneModel(), service: { servingProtocol } }).config,
  });
  const { count, opened } = await traffic([asked("flask"), asked("flask"), asked("mlflow"), asked("mlflow")]);
  expect(opened).toEqual(["http://a/", "http://a/"]);
  expect(count.failed).toBe(0);
});

test("traffic waits for the first model of a stack that is up without one", async () => {
  const empty = at("http://empty/");
  const { count, told } = await traffic([empty, empty, empty, empty]);
  expect(told.slice(0, 2)).toEqual([
    "traffic: no model answers there yet; it gets it as soon as one does",
    "traffic: 60 requests a minute of the golden set to http://empty/",
  ]);
  expect(count).toEqual({ sent: 120, failed: 0 });
});

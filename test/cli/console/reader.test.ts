import { expect, it } from "vitest";
import { openReader } from "../../../cli/console/reader.ts";
import type { Subject } from "../../../cli/console/state/read-state.ts";

/** A stack that cannot be read: `cloud` is the local cloud that it was opened on. */
function unreadable(cloud: string, running: () => string | undefined): Subject {
  const deployed = () => Promise.reject(new Error(`the stack on ${cloud} cannot be read`));
  const target = { stack: "local", model: "m", kind: "local", words: cloud, dashboard: undefined };
  // Nothing else is asked of it before its stack is read.
  return {
    context: { store: { deployed } },
    isStill: async () => running() === cloud,
    target,
    speed: 1,
    asTyped: String,
  } as unknown as Subject;
}

it("reads the cloud that runs now: the page stays open while one ends and another one starts elsewhere", async () => {
  let running: string | undefined = "first";
  let wallMs = 0;
  const reader = openReader(
    async () => {
      if (running === undefined) throw new Error("no local cloud runs here");
      return unreadable(running, () => running);
    },
    () => (wallMs += 60_000),
  );
  const seen = async () => (await reader.state()).failed?.message;
  expect(await seen()).toBe("the stack on first cannot be read");
  running = undefined;
  expect(await seen()).toBe("no local cloud runs here");
  running = "second";
  expect(await seen()).toBe("the stack on second cannot be read");
});

it("offers the way back where the stack cannot be read, and nothing else", async () => {
  const { buttons } = await openReader(async () => unreadable("cloud", () => "cloud")).state();
  expect(buttons.filter(({ closed }) => closed === undefined).map(({ verb }) => verb)).toEqual(["revert"]);
  expect(buttons).toHaveLength(5);
});

it("offers nothing where there is no stack at all, and says so", async () => {
  const { buttons, failed } = await openReader(() => Promise.reject(new Error("no credentials"))).state();
  expect(failed?.message).toBe("no credentials");
  expect(new Set(buttons.map(({ closed }) => closed))).toEqual(new Set(["the stack cannot be read"]));
});

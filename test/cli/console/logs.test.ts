import { expect, it } from "vitest";
import { consoleApi } from "../../../cli/console/api.ts";
import { openReports } from "../../../cli/console/http/reports.ts";
import type { Reader } from "../../../cli/console/reader.ts";
import type { Subject } from "../../../cli/console/state/read-state.ts";
import { sharing } from "../../validation/support/samples.ts";
import { World } from "../../validation/support/world.ts";

/** The page's question for logs, of a stack on AWS; `asked`: the services whose logs were read. */
function page(now: { wallMs: number }) {
  const world = new World(sharing(10));
  const asked: string[] = [];
  const context = world.context();
  const readLogs = async (service: string) => {
    asked.push(service);
    return [];
  };
  // Nothing else is asked of it for logs.
  const subject = { context, readLogs, target: { kind: "aws" } } as unknown as Subject;
  const reader: Reader = { subject: async () => subject, state: expect.unreachable, soon: () => {} };
  const playground = { state: expect.unreachable, play: expect.unreachable, close: async () => {} };
  const runner = { runs: () => [], start: () => expect.unreachable() };
  const api = consoleApi(reader, runner, openReports(), playground, () => now.wallMs);
  const url = new URL("http://127.0.0.1/api/logs");
  return { world, asked, read: () => api({ method: "GET", url, body: undefined }) };
}

it("reads the logs of both slots once for all pages, and anew after thirty seconds", async () => {
  const now = { wallMs: 0 };
  const { asked, read } = page(now);
  const [first, second] = await Promise.all([read(), read()]);
  expect(second).toEqual(first);
  expect(asked).toHaveLength(2);
  now.wallMs = 29_999;
  await read();
  expect(asked).toHaveLength(2);
  now.wallMs = 30_000;
  await read();
  expect(asked).toHaveLength(4);
});

it("keeps no failure: whoever asks next tries again", async () => {
  const { world, asked, read } = page({ wallMs: 0 });
  world.failing.store = "no login";
  await expect(read()).rejects.toThrow("no login");
  world.failing = {};
  await read();
  expect(asked).toHaveLength(2);
});

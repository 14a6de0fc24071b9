import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openHistory } from "../state/history.ts";

test("the newest updates of a stack are kept, and their numbers go on", async () => {
  const directory = mkdtempSync(join(tmpdir(), "history-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const history = openHistory(directory, 3);
  const update = (message: string) => ({
    kind: "update" as const,
    startTime: "2026-11-30T10:00:00Z",
    endTime: "2026-11-30T10:00:01Z",
    message,
    environment: {},
    config: {},
    result: "succeeded" as const,
    resourceChanges: {},
  });
  for (const message of ["a", "b", "c", "d", "e"]) await history.add("dev", update(message));
  await history.add("other", update("x"));
  expect((await history.list("dev")).map(({ version, message }) => `${version} ${message}`)).toEqual([
    "5 e",
    "4 d",
    "3 c",
  ]);
  expect(readdirSync(join(directory, "history", "dev"))).toHaveLength(3);
  expect(await history.list("other")).toHaveLength(1);
});

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { createLogFiles, readLogName } from "../../tasks/log-files.ts";

const task = (index: number) => ({
  id: `task${index}`,
  taskDefinition: "arn:aws:ecs:us-east-1:000000000000:task-definition/f_1:1",
});

test("a file's name says which task wrote it, and of which task definition", () => {
  expect(readLogName("/logs/blue/f_1_1_task29.log")).toEqual({ taskId: "task29", taskDefinition: "f_1:1" });
  expect(readLogName("/logs/blue/task29.log")).toEqual({ taskId: "task29", taskDefinition: undefined });
});

test("the newest twenty files of a service are kept, and those of running tasks however old", () => {
  const directory = mkdtempSync(join(tmpdir(), "log-files-test-"));
  try {
    const logFiles = createLogFiles(directory);
    expect(logFiles.list("blue")).toEqual([]);
    const files = Array.from({ length: 30 }, (_, index) => {
      const file = logFiles.create("blue", task(index), (taskId) => taskId === "task0");
      writeFileSync(file, "");
      return file;
    });
    expect(existsSync(files[0] ?? "")).toBe(true);
    expect(logFiles.list("blue")).toHaveLength(21);
    expect(logFiles.list("green")).toEqual([]);
    expect(logFiles.list("blue").map((file) => basename(file))).toContain("f_1_1_task29.log");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { createLogFiles } from "../../../local/tasks/log-files.ts";

test("the newest twenty files of a service are kept, and those of running tasks however old", () => {
  const directory = mkdtempSync(join(tmpdir(), "log-files-test-"));
  try {
    const logFiles = createLogFiles(directory);
    expect(logFiles.list("blue")).toEqual([]);
    const files = Array.from({ length: 30 }, (_, index) => {
      const file = logFiles.create("blue", `task${index}`, (taskId) => taskId === "task0");
      writeFileSync(file, "");
      return file;
    });
    expect(existsSync(files[0] ?? "")).toBe(true);
    expect(logFiles.list("blue")).toHaveLength(21);
    expect(logFiles.list("green")).toEqual([]);
    expect(logFiles.list("blue").map((file) => basename(file))).toContain("task29.log");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

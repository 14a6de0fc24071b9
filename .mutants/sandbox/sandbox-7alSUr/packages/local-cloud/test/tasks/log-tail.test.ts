import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { logsHandler, tailLogs } from "../../tasks/log-tail.ts";

let directory: string;
const file = (name: string, text: string) => {
  const path = join(directory, `${name}.log`);
  writeFileSync(path, text);
  return path;
};
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "local-cloud-logs-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("the tail of task logs", () => {
  it("is the last lines of each file, in the files' order", () => {
    const files = [file("new", "a\nb\nc\n"), file("old", "x\nunfinished")];
    expect(tailLogs(files, 2)).toEqual([
      { taskId: "new", lines: ["b", "c"] },
      { taskId: "old", lines: ["x", "unfinished"] },
    ]);
  });

  it("is empty for a task that wrote nothing, and leaves out a file that has just gone", () => {
    expect(tailLogs([file("silent", ""), join(directory, "gone.log")], 5)).toEqual([
      { taskId: "silent", lines: [] },
    ]);
  });

  it("of a huge file begins with a whole line", () => {
    const lines = Array.from({ length: 50_000 }, (_, at) => `line ${at} ${"é".repeat(5)}`);
    const [task] = tailLogs([file("huge", `${lines.join("\n")}\n`)], 10_000);
    expect(task?.lines.at(-1)).toBe(lines.at(-1));
    expect(lines).toContain(task?.lines[0]);
    expect(task?.lines.length).toBeGreaterThan(5_000);
  });
});

describe("GET /logs/<service>", () => {
  const get = (path: string, method = "GET") => {
    const asked: string[] = [];
    const handler = logsHandler((service) => {
      asked.push(service);
      return [file("task", "a\nb\n")];
    });
    return { answer: handler({ method, url: new URL(path, "http://127.0.0.1") }), asked };
  };

  it("answers with the newest lines of the service's tasks", () => {
    expect(get("/logs/my-service?lines=1")).toEqual({
      answer: [{ taskId: "task", lines: ["b"] }],
      asked: ["my-service"],
    });
  });

  it.each([
    ["/logs/", "GET"],
    ["/logs/a/b", "GET"],
    ["/logs/..%2f..%2fetc", "GET"],
    ["/logs/a", "POST"],
    ["/logs/a?lines=0", "GET"],
    ["/logs/a?lines=many", "GET"],
  ])("refuses %s by %s", (path, method) => {
    expect(() => get(path, method)).toThrow(expect.objectContaining({ name: expect.any(String) }));
  });
});

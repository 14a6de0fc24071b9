import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readImages } from "../../tasks/images.ts";

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "images-test-"));
  file = join(directory, "images.local.json");
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const write = (content: unknown) => writeFileSync(file, JSON.stringify(content));
const command = ["node", "server.js"];
const digest = `sha256:${"0".repeat(64)}`;

test("a reference is mapped to a command that runs in the catalog's folder", () => {
  write({ images: { "digits:2": { command, description: "the second model" } } });
  const none = { environment: {}, ports: [] };
  expect(readImages(file).resolve("digits:2")).toEqual({ command, cwd: directory, ...none });
  expect(readImages(file).known()).toEqual(["digits:2"]);
});

test("an image may have an environment of its own and names of further ports", () => {
  const environment = { MODEL_NAME: "digits", METRICS: "127.0.0.1:{METRICS_PORT}" };
  const ports = ["GRPC_PORT", "METRICS_PORT"];
  write({ images: { "digits:2": { command, environment, ports } } });
  expect(readImages(file).resolve("digits:2")).toEqual({ command, cwd: directory, environment, ports });
});

test("an edit counts at the next question", () => {
  write({ images: {} });
  const images = readImages(file);
  expect(images.resolve("digits:2")).toBeUndefined();
  write({ images: { "digits:2": { command } } });
  expect(images.resolve("digits:2")?.command).toEqual(command);
});

test.each([
  ["digits:2", `digits:2@${digest}`, true],
  ["registry:5000/digits:2", `registry:5000/digits:2@${digest}`, true],
  [`digits@${digest}`, `digits@${digest}`, true],
  ["digits", `digits@${digest}`, false],
  ["registry:5000/digits", `registry:5000/digits@${digest}`, false],
  ["digits", "digits:latest", false],
  ["digits:2", "digits:20", false],
  ["digits:2", "constructor", false],
])("a catalog with %s, asked for %s: found is %s", (known, asked, isFound) => {
  write({ images: { [known]: { command } } });
  expect(readImages(file).resolve(asked) !== undefined).toBe(isFound);
});

test("the reference with its digest wins over the one without", () => {
  const other = ["python", "app.py"];
  write({ images: { "digits:2": { command }, [`digits:2@${digest}`]: { command: other } } });
  expect(readImages(file).resolve(`digits:2@${digest}`)?.command).toEqual(other);
});

test.each([
  ["no command", { images: { a: {} } }, /images\.a\.command/],
  ["an empty command", { images: { a: { command: [] } } }, /images\.a\.command: needs at least a program/],
  ["a command that is a text", { images: { a: { command: "node x" } } }, /images\.a\.command/],
  ["a key that nobody knows", { images: { a: { command, port: 80 } } }, /images\.a\.port/],
  [
    "a port that is no name",
    { images: { a: { command, ports: ["1ST"] } } },
    /images\.a\.ports\.0: needs to be the name/,
  ],
  [
    "the task's own port",
    { images: { a: { command, ports: ["PORT"] } } },
    /images\.a\.ports\.0: is given to each task/,
  ],
  [
    "a number in its environment",
    { images: { a: { command, environment: { N: 1 } } } },
    /images\.a\.environment\.N/,
  ],
  [
    "the task's own host",
    { images: { a: { command, environment: { HOST: "::1" } } } },
    /images\.a\.environment\.HOST: is given/,
  ],
  [
    "a port and a variable of one name",
    { images: { a: { command, ports: ["A"], environment: { A: "1" } } } },
    /images\.a: ports and environment need names that differ/,
  ],
  ["no images", {}, /images/],
])("a catalog with %s is refused by name", (_title, content, message) => {
  write(content);
  expect(() => readImages(file).known()).toThrow(message);
  expect(() => readImages(file).known()).toThrow(file);
});

test("a file that is missing or no JSON is named", () => {
  expect(() => readImages(file).resolve("a")).toThrow(`${file} does not exist`);
  writeFileSync(file, "{");
  expect(() => readImages(file).resolve("a")).toThrow(`${file} is not JSON`);
});

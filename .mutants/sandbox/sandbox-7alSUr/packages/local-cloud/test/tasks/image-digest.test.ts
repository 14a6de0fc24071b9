import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { imageDigest, imagesHandler } from "../../tasks/image-digest.ts";
import { readImages } from "../../tasks/images.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "image-digest-test-"));
  put("models/two/serve.py", "import net");
  put("models/two/net.py", "weights = 1");
  put("models/two/weights/2.bin", "1");
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), text);
}
const command = ["python3", "models/two/serve.py", "--version=2"];
const digest = (words = command, environment: Record<string, string> = {}, ports: string[] = []) =>
  imageDigest({ command: words, cwd, environment, ports });

describe("the digest of a local image", () => {
  test("changes with its command, and with each file in the folder that it names", async () => {
    const before = await digest();
    expect(before).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await digest([...command, "--fast"])).not.toBe(before);
    for (const file of ["serve.py", "net.py", "weights/2.bin", "weights/new.bin"]) {
      const last = await digest();
      put(`models/two/${file}`, "edited");
      expect(await digest()).not.toBe(last);
    }
  });

  test("does not change with what is beside the model, or with what it writes", async () => {
    const before = await digest();
    for (const file of ["README.md", "models/three/serve.py", "models/two/serve.log"]) put(file, "edited");
    for (const file of [".cache/x", "__pycache__/net.pyc", "node_modules/a/index.js"])
      put(`models/two/${file}`, "edited");
    expect(await digest()).toBe(before);
  });

  test("changes with its environment and the names of its ports, and not with their order", async () => {
    const before = await digest();
    const one = await digest(command, { A: "1", B: "2" });
    expect(one).not.toBe(before);
    expect(await digest(command, { A: "2", B: "2" })).not.toBe(one);
    expect(await digest(command, { B: "2", A: "1" })).toBe(one);
    expect(await digest(command, {}, ["GRPC_PORT"])).not.toBe(before);
  });

  test("knows a file behind a flag, and of the folder that commands start in only its own files", async () => {
    put("server.js", "one");
    const root = await digest(["node", "server.js"]);
    put("models/two/net.py", "edited");
    expect(await digest(["node", "server.js"])).toBe(root);
    put("server.js", "two");
    expect(await digest(["node", "server.js"])).not.toBe(root);
    const flagged = await digest(["serve", "--weights=models/two/weights/2.bin"]);
    put("models/two/weights/2.bin", "edited");
    expect(await digest(["serve", "--weights=models/two/weights/2.bin"])).not.toBe(flagged);
  });
});

describe("GET /images", () => {
  const asked = async (reference: string, method = "GET") => {
    put("images.local.json", JSON.stringify({ images: { "two:1": { command }, two: { command } } }));
    const images = readImages(join(cwd, "images.local.json"));
    const url = new URL(`http://127.0.0.1/images?reference=${encodeURIComponent(reference)}`);
    const { pinned } = await imagesHandler(images)({ method, url });
    return { pinned, runs: images.resolve(pinned)?.command };
  };

  test("pins a tag to what it stands for, so that the same command runs", async () => {
    expect(await asked("two:1")).toEqual({ pinned: `two:1@${await digest()}`, runs: command });
    expect(await asked("two")).toEqual({ pinned: `two:latest@${await digest()}`, runs: command });
  });

  test("leaves what is pinned, or is not known, as it is", async () => {
    const given = `two:1@sha256:${"0".repeat(64)}`;
    expect((await asked(given)).pinned).toBe(given);
    expect(await asked("nobody:7")).toEqual({ pinned: "nobody:7", runs: undefined });
    await expect(asked("two:1", "POST")).rejects.toMatchObject({ code: "UnknownPath" });
  });
});

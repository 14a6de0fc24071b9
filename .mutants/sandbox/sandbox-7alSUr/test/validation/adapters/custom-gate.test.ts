import { once } from "node:events";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { CustomGate } from "../../../contract/config/custom-gate.ts";
import { customGates } from "../../../validation/adapters/custom-gate.ts";
import { ManualClock } from "../../support/manual-clock.ts";

let directory: string;
beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), "bluegreen-gate-")));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const QUESTION = { release: { id: "v2" }, now: "later" };
const ask = (asks: CustomGate["asks"], timeoutSeconds = 20) =>
  customGates(directory, new ManualClock()).ask({ name: "gate", timeoutSeconds, asks }, QUESTION);
/** A gate that is a Node program. */
const program = (source: string, timeoutSeconds?: number, ...args: string[]) =>
  ask({ kind: "command", argv: [process.execPath, "-e", source, ...args] }, timeoutSeconds);
const PASS = `{"answer":"pass","reason":"fine"}`;

describe("a gate that is a program", () => {
  test("gets the question on standard input, runs in the repository, and answers on standard output", async () => {
    const source = `let text = ""; process.stdin.on("data", (part) => { text += part; }).on("end", () => {
      console.log(JSON.stringify({ asked: JSON.parse(text), cwd: process.cwd() })); });`;
    expect(await program(source)).toEqual({ readable: true, value: { asked: QUESTION, cwd: directory } });
  });

  test("gets its arguments as they are: no shell reads them", async () => {
    const source = `console.log(JSON.stringify(process.argv.slice(1)))`;
    const words = ["$HOME; echo x", "`id`", "*"];
    expect(await program(source, 20, ...words)).toEqual({ readable: true, value: words });
  });

  test("is heard although it does not read the question", async () => {
    expect(await program(`console.log('${PASS}')`)).toMatchObject({ readable: true });
  });

  test.each([
    [
      "fails",
      `console.error("Traceback\\nno module"); process.exit(3)`,
      "it ended with exit code 3: no module",
    ],
    ["says pass and fails", `console.log('${PASS}'); process.exitCode = 1`, "it ended with exit code 1"],
    ["is killed", `process.kill(process.pid, "SIGKILL")`, "it ended with signal SIGKILL"],
    ["says nothing", ``, "it said nothing"],
    ["says something else", `console.log("ok")`, "what it said is not JSON"],
    ["says too much", `process.stdout.write("x".repeat(100_000))`, "it said more than 65536 bytes"],
  ])("is no answer when it %s", async (_title, source, why) => {
    expect(await program(source)).toEqual({ readable: false, why });
  });

  test("that fails may say fail", async () => {
    const source = `console.log('{"answer":"fail","reason":"no"}'); process.exitCode = 1`;
    expect(await program(source)).toEqual({ readable: true, value: { answer: "fail", reason: "no" } });
  });

  test("that does not exist is no answer", async () => {
    const said = await ask({ kind: "command", argv: ["./no-such-gate"] });
    expect(said).toMatchObject({ readable: false, why: expect.stringContaining("could not be started") });
  });

  test("that hangs is ended in time, with everything that it started", async () => {
    const server = createServer();
    const alive = once(server, "connection");
    const port = await listen(server);
    // The grandchild holds a connection; that it ends is seen from here.
    const child = `require("node:net").connect(${port}, "127.0.0.1"); setInterval(() => {}, 1000)`;
    const source = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" }); setInterval(() => {}, 1000)`;
    const said = program(source, 3);
    const [socket] = await alive;
    const ended = once(socket, "close");
    socket.on("error", () => {}).resume();
    expect(await said).toEqual({ readable: false, why: "it took longer than 3 s" });
    await ended;
    server.close();
  });

  test("is asked once a minute about the same share, and anew about another one", async () => {
    const clock = new ManualClock();
    const gates = customGates(directory, clock);
    const argv = [
      process.execPath,
      "-e",
      "console.log(JSON.stringify(process.hrtime.bigint().toString()))",
    ] as const;
    const gate: CustomGate = { name: "gate", timeoutSeconds: 20, asks: { kind: "command", argv: [...argv] } };
    const first = await gates.ask(gate, { share: 10, now: "1" });
    clock.advance(59_000);
    expect(await gates.ask(gate, { share: 10, now: "2" })).toEqual(first);
    const other = await gates.ask(gate, { share: 50, now: "2" });
    expect(other).not.toEqual(first);
    clock.advance(1_000);
    expect(await gates.ask(gate, { share: 10, now: "3" })).not.toEqual(first);
  });
});

describe("a gate that is a URL", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });
  const served = async (listener: RequestListener, timeoutSeconds?: number) => {
    server = createServer(listener);
    const url = `http://127.0.0.1:${await listen(server)}/gate`;
    return ask({ kind: "url", url }, timeoutSeconds);
  };

  test("gets the question as the body of a POST, and answers with JSON", async () => {
    const said = await served((request, response) => {
      let text = "";
      request.on("data", (part) => (text += part));
      request.on("end", () => {
        response.end(JSON.stringify({ method: request.method, type: request.headers["content-type"], text }));
      });
    });
    const value = { method: "POST", type: "application/json", text: JSON.stringify(QUESTION) };
    expect(said).toEqual({ readable: true, value });
  });

  test.each<[string, RequestListener, string]>([
    [
      "answers with an error",
      (_, response) => response.writeHead(500).end(PASS),
      "it answered with status 500",
    ],
    ["answers with nothing", (_, response) => response.end(), "it said nothing"],
    ["answers with a page", (_, response) => response.end("<html>"), "what it said is not JSON"],
    [
      "answers with too much",
      (_, response) => response.end("x".repeat(100_000)),
      "it said more than 65536 bytes",
    ],
  ])("is no answer when it %s", async (_title, listener, why) => {
    expect(await served(listener)).toEqual({ readable: false, why });
  });

  test("is not followed elsewhere", async () => {
    const said = await served((request, response) => {
      if (request.url === "/gate") response.writeHead(307, { location: "/other" }).end();
      else response.end(PASS);
    });
    expect(said).toMatchObject({ readable: false });
  });

  test("is no answer when it hangs, or hangs up, or is not there", async () => {
    expect(await served(() => {}, 1)).toEqual({ readable: false, why: "it took longer than 1 s" });
    expect(await served((request) => request.socket.destroy())).toMatchObject({ readable: false });
    expect(await ask({ kind: "url", url: "http://127.0.0.1:1/" })).toMatchObject({ readable: false });
  });
});

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    // A listening TCP server has a socket address.
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

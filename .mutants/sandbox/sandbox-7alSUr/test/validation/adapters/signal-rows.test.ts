import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { afterEach, describe, expect, test } from "vitest";
import { signalRows } from "../../../validation/adapters/signal-rows.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const QUESTION = {
  signal: "wrong",
  stack: "prod",
  model: "fraud",
  from: "2026-11-24T10:00:00Z",
  to: "2026-11-25T10:10:00Z",
  candidate: { slot: "green", modelVersion: "8" },
  active: { slot: "blue", modelVersion: undefined },
} as const;

const rows = (clock = new ManualClock()) => signalRows(tmpdir(), clock);
const program = (source: string, timeoutSeconds = 20) =>
  rows().read({ from: "command", command: [process.execPath, "-e", source], timeoutSeconds }, QUESTION);

describe("a program", () => {
  test("gets the question on standard input, and what it prints are the rows", async () => {
    const source = `process.stdin.pipe(process.stdout)`;
    const said = await program(source);
    expect(said.readable && JSON.parse(said.value)).toMatchObject({ signal: "wrong", from: QUESTION.from });
  });

  test("that fails after half of its rows has said nothing", async () => {
    const source = `console.log("{}"); console.error("no connection"); process.exitCode = 2`;
    expect(await program(source)).toEqual({
      readable: false,
      why: "it ended with exit code 2: no connection",
    });
  });

  test("that does not end in its time is ended", async () => {
    expect(await program("setInterval(() => {}, 1000)", 1)).toEqual({
      readable: false,
      why: "it took longer than 1 s",
    });
  });

  test("that is not there is told by its name", async () => {
    const read = await rows().read(
      { from: "command", command: ["no-such-program"], timeoutSeconds: 5 },
      QUESTION,
    );
    expect(read).toMatchObject({ readable: false, why: expect.stringContaining("no-such-program") });
  });
});

const open: (() => void)[] = [];
afterEach(() => open.splice(0).forEach((close) => close()));

async function served(answer: RequestListener, path = "/rows"): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  // A listening TCP server has a socket address.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}${path}`;
}
const get = (url: string, timeoutSeconds = 20) => rows().read({ from: "url", url, timeoutSeconds }, QUESTION);

describe("an address", () => {
  test("gets the question beside what it asks already, and answers with the rows", async () => {
    const url = await served((req, res) => res.end(JSON.stringify([req.method, req.url])), "/rows?team=ml");
    const said = await get(url);
    expect(said.readable && JSON.parse(said.value)).toEqual([
      "GET",
      "/rows?team=ml&signal=wrong&stack=prod&model=fraud&from=2026-11-24T10%3A00%3A00Z&to=2026-11-25T10%3A10%3A00Z&candidate=green&candidateVersion=8&active=blue",
    ]);
  });

  test.each([
    [
      "answers 500",
      ((_req, res) => res.writeHead(500).end("[]")) satisfies RequestListener,
      "it answered with status 500",
    ],
    [
      "leads elsewhere",
      ((_req, res) =>
        res.writeHead(302, { location: "http://127.0.0.1:1/" }).end()) satisfies RequestListener,
      "unexpected redirect",
    ],
    ["never ends", ((_req, res) => void res.write("[")) satisfies RequestListener, "it took longer than 1 s"],
    [
      "breaks off",
      ((_req, res) => void res.write("[", () => res.destroy())) satisfies RequestListener,
      "other side closed",
    ],
  ])("that %s has said nothing", async (_title, answer, why) => {
    expect(await get(await served(answer), 1)).toEqual({ readable: false, why });
  });

  test("is asked once a minute of the cloud's time, and at once after it failed", async () => {
    let asked = 0;
    const url = await served((_req, res) => {
      asked += 1;
      res.writeHead(asked === 1 ? 503 : 200).end("[]");
    });
    const clock = new ManualClock();
    const source = rows(clock);
    const read = () => source.read({ from: "url", url, timeoutSeconds: 20 }, QUESTION);
    expect(await read()).toMatchObject({ readable: false });
    expect(await read()).toMatchObject({ readable: true });
    await read();
    expect(asked).toBe(2);
    clock.advance(60_000);
    await read();
    expect(asked).toBe(3);
  });
});

import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { ask, startAgentFor, startModel, until } from "../support/running.ts";

const model = () =>
  startModel((req, res) => {
    const status = Number(/^\/(\d{3})/.exec(req.url ?? "")?.[1] ?? 200);
    res.writeHead(status).end("x");
  });
const byPath = (lines: readonly Record<string, unknown>[]) =>
  Object.fromEntries(lines.map((line) => [line["path"] ?? "all", line]));

describe("what the agent counts of answers and users", () => {
  it("counts refusals among answers, altogether and for the paths that are named", async () => {
    const { port, countsOfMinute } = await startAgentFor((await model()).port, {
      front: { paths: ["/400/a", "/200/*"] },
    });
    for (const path of ["/400/a?x=1", "/404/b", "/200/c", "/200/d", "/500/e"]) await ask(port, path);
    const lines = byPath(countsOfMinute());
    expect(lines["all"]).toMatchObject({ Answers: 5, Refusals: 2 });
    expect(lines["/400/a"]).toMatchObject({ Answers: 1, Refusals: 1, path: "/400/a" });
    expect(lines["/400/a"]).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Dimensions: [["Stack", "Slot", "path"]] }] },
    });
    expect(lines["/200/*"]).toMatchObject({ Answers: 2, Refusals: 0 });
  });

  it("writes no line for a minute in which nothing was asked", async () => {
    const { countsOfMinute } = await startAgentFor((await model()).port, { front: {} });
    expect(countsOfMinute()).toEqual([]);
  });

  it("counts neither the load balancer's health checks nor what comes through a test rule, and says which slot it is", async () => {
    const { port, countsOfMinute } = await startAgentFor((await model()).port, { front: {} });
    await ask(port, "/500", { headers: { "user-agent": "ELB-HealthChecker/2.0" } });
    const tested = await ask(port, "/500", { headers: { "x-slot": "green", "x-slot-token": "secret" } });
    expect(tested.headers["x-slot"]).toBe("blue");
    expect((await ask(port, "/200")).headers).not.toHaveProperty("x-slot");
    expect(countsOfMinute()).toMatchObject([{ Answers: 1, Refusals: 0 }]);
  });

  it("counts each user once a minute, as failed if one of its answers failed", async () => {
    const settings = { front: { user: { cookie: "uid" } } };
    const { port, countsOfMinute, lines } = await startAgentFor((await model()).port, settings);
    const as = (path: string, uid: string) =>
      ask(port, path, { headers: { cookie: `theme=dark; uid=${uid}; x=1` } });
    for (const [path, uid] of [
      ["/200", "ann"],
      ["/500", "ann"],
      ["/503", "ann"],
      ["/200", "bob"],
      ["/400", "bob"],
      ["/200", "cem"],
    ] as const) {
      await as(path, uid);
    }
    await ask(port, "/500");
    expect(countsOfMinute()[0]).toMatchObject({ Users: 3, FailedUsers: 1 });
    expect(lines.join()).not.toMatch(/ann|bob|cem/);
  });

  it("counts users by a header, and those whose model could not be reached", async () => {
    const running = await model();
    const { port, countsOfMinute } = await startAgentFor(running.port, {
      front: { user: { header: "X-User" } },
    });
    await ask(port, "/200", { headers: { "x-user": "a" } });
    running.server.closeAllConnections();
    await new Promise((resolve) => running.server.close(resolve));
    await ask(port, "/200", { headers: { "x-user": "b" } });
    expect(countsOfMinute()[0]).toMatchObject({ Users: 2, FailedUsers: 1, Answers: 2 });
  });

  it("notes the clients that gave up before an answer, and counts none of them as one", async () => {
    let isAsked = false;
    let isGone = false;
    const slow = await startModel((_, res) => {
      isAsked = true;
      res.on("close", () => {
        isGone = true;
      });
    });
    const { port, lines, clock } = await startAgentFor(slow.port, { front: { user: { header: "x-user" } } });
    const asking = request({ host: "127.0.0.1", port, headers: { "x-user": "a" }, agent: false }).end();
    asking.on("error", () => {});
    await until(() => isAsked);
    asking.destroy();
    await until(() => isGone);
    clock.advance(60_000);
    expect(
      lines.filter((line) => line.includes("GaveUp")).map((line): unknown => JSON.parse(line)),
    ).toMatchObject([{ GaveUp: 1, Slot: "blue" }]);
    expect(lines.join()).not.toContain("_aws");
  });

  it("writes what it has counted so far when it is asked to end", async () => {
    const { port, agent, lines } = await startAgentFor((await model()).port, { front: {} });
    await ask(port, "/200");
    await agent.stop();
    expect(lines.at(-1)).toContain('"Answers":1');
  });
});

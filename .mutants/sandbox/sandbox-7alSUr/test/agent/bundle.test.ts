import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { agentCommand, agentProgram } from "../../agent/bundle.ts";
import { ask, startModel } from "./support/running.ts";
import { freePort } from "../support/free-port.ts";

/** Runs the command of the container as it stands in the task definition, with this Node. */
function start(environment: Readonly<Record<string, string>>) {
  const [program, ...words] = agentCommand();
  if (program !== "node") throw new Error(`the command begins with ${program}`);
  const child = spawn(process.execPath, words, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return { child, ended };
}

describe("the command of the agent's container", () => {
  it("has room in a task definition, of which ECS takes 64 KB", () => {
    expect(JSON.stringify(agentCommand()).length).toBeLessThan(30_000);
    expect(agentCommand()).toEqual(agentCommand());
    expect(agentProgram()).not.toMatch(/^\s*\/\//m);
  });

  it("stands before a model, reads its page, and writes its counts when it is asked to end", async () => {
    const model = await startModel((req, res) => {
      if (req.url === "/metrics") {
        res.end("# TYPE model_infer_request_success_total counter\n");
        return;
      }
      res.writeHead(422).end("no");
    });
    const port = await freePort();
    const { child, ended } = start({
      AGENT: JSON.stringify({
        model: { port: model.port },
        front: {},
        scrape: { preset: "mlserver" },
        capture: { sample: 100 },
        shadow: { url: "http://127.0.0.1:1", sample: 100, paths: ["/predict"] },
      }),
      STACK: "digits-prod",
      SLOT: "green",
      MODEL_VERSION: "8",
      RELEASE: "r2",
      PORT: String(port),
    });
    await once(child.stdout, "data");
    expect((await ask(port, "/predict", { body: "{}" })).status).toBe(422);
    child.kill("SIGTERM");
    const [[code], out, errors] = await ended;
    expect(errors).toBe("");
    expect(code).toBe(0);
    expect(out).toContain('"prediction":{');
    const line: unknown = JSON.parse(out.trim().split("\n").at(-1) ?? "");
    expect(line).toMatchObject({
      Stack: "digits-prod",
      Slot: "green",
      RELEASE: "r2",
      Answers: 1,
      Refusals: 1,
    });
  });

  it("ends at once with one line when it is told something wrong", async () => {
    const { ended } = start({
      AGENT: '{"model": {"port": 1}, "front": {"user": {}}}',
      STACK: "s",
      SLOT: "blue",
      PORT: "1",
    });
    const [[code], out, errors] = await ended;
    expect({ code, out }).toEqual({ code: 64, out: "" });
    expect(errors).toBe(
      "agent: AGENT.front.user takes one of cookie and header: where a request says whose it is\n",
    );
  });
});

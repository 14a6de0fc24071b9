import { appendFileSync, existsSync } from "node:fs";
import { expect, test } from "vitest";
import { withReasons, type ListeningCli } from "../../cli/local/cli-reasons.ts";

// As Pulumi's CLI 3.270 writes its events, with a line that a kill has cut off.
const EVENTS = [
  { diagnosticEvent: { severity: "info#err", message: "<{%fg 2%}>hm<{%reset%}>" } },
  { diagnosticEvent: { severity: "error", message: "<{%reset%}>greenWeight: got 150<{%reset%}>\n" } },
  { diagnosticEvent: { severity: "error", message: "<{%reset%}>preview failed<{%reset%}>" } },
].map((event) => JSON.stringify(event));

async function typed(args: string[], code: number, write = true) {
  const told: string[] = [];
  const ran: ListeningCli[] = [];
  const run = async (cli: ListeningCli) => {
    ran.push(cli);
    const [, flag, log = ""] = cli.args;
    if (write && flag === "--event-log") appendFileSync(log, `${EVENTS.join("\n")}\n{"diagno`);
    return code;
  };
  const ended = await withReasons(args, { A: "1" }, run, (text) => told.push(text));
  return { ended, told, ran };
}

test("a command of the CLI that failed ends with its reason, and leaves no file behind", async () => {
  const { ended, told, ran } = await typed(["preview", "--diff"], 255);
  expect({ ended, told }).toEqual({ ended: 255, told: ["error: preview failed: greenWeight: got 150\n"] });
  const [{ args, env } = { args: [], env: {} }] = ran;
  expect([args[0], args[1], args[3]]).toEqual(["preview", "--event-log", "--diff"]);
  expect(env).toEqual({ A: "1", PULUMI_DEBUG_COMMANDS: "true" });
  expect(existsSync(args[2] ?? "")).toBe(false);
});

test("one that succeeded, or has no log, ends as it did", async () => {
  expect((await typed(["up"], 0)).told).toEqual([]);
  expect((await typed(["up"], 255, false)).told).toEqual([]);
  const other = await typed(["config", "get", "a"], 1);
  expect(other).toMatchObject({ ended: 1, told: [], ran: [{ args: ["config", "get", "a"] }] });
});

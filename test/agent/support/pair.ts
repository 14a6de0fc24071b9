import type { RequestListener } from "node:http";
import { ask, startAgentFor, startModel, until } from "./running.ts";

/** Answers with this. */
export const json =
  (value: unknown): RequestListener =>
  (_, res) => {
    res.setHeader("content-type", "application/json");
    res.end(JSON.stringify(value));
  };
/** Answers with one of the values after the other, and the last one for ever. */
export function inTurn(...values: readonly unknown[]): RequestListener {
  let at = 0;
  return (req, res) => {
    json(values[Math.min(at, values.length - 1)])(req, res);
    at += 1;
  };
}

/** A model behind an agent that shadows all, and the candidate; `ask` waits for its shadow. */
export async function pairOf(own: RequestListener, candidate: RequestListener, shadow = {}) {
  const model = await startModel(own);
  const other = await startModel(candidate);
  const settings = {
    url: `http://127.0.0.1:${other.port}`,
    headers: { "x-slot": "SHADOW_SLOT", "x-slot-token": "SHADOW_TOKEN" },
    sample: 100,
    paths: ["/predict"],
    ...shadow,
  };
  const running = await startAgentFor(
    model.port,
    { front: {}, shadow: settings },
    { SHADOW_SLOT: "green", SHADOW_TOKEN: "secret-token" },
  );
  const once = async (path = "/predict", asked: Parameters<typeof ask>[2] = { body: "{}" }) => {
    const before = running.shadows().length;
    const answered = await ask(running.port, path, asked);
    await until(() => running.shadows().length > before);
    return answered;
  };
  return { ...running, model, candidate: other, ask: once };
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { syntheticRequests } from "../../validation/adapters/synthetic-requests.ts";
import { sendTraffic } from "../../validation/rollout/example-traffic.ts";
import { contextOf } from "../flow.ts";
import type { Endpoint } from "../local/endpoint.ts";
import { ownModule } from "../local/own-files.ts";
import type { LocalPlace } from "../local/place.ts";
import type { Context } from "../../validation/ports.ts";
import { attempt } from "../../validation/reading.ts";
import { modelTarget } from "../model-target.ts";
import { localTarget } from "../stack-target.ts";
import { harmless } from "../view/harmless.ts";

/** Sends requests to the local stack until Ctrl-C, or until its cloud has ended. */
export async function localTraffic(
  place: LocalPlace,
  cloud: Endpoint,
  requestsPerMinute: number,
): Promise<void> {
  const target = await localTarget(place, cloud);
  const quiet = { report() {} };
  const tell = (line: string) => void process.stderr.write(`${harmless(line)}\n`);
  const context = await contextOf(target, place, quiet);
  let found: Pick<Context, "store"> | undefined;
  let said = "";
  // Which models there are is not known before the first update.
  const deployed = async () => {
    if (found === undefined && (await context.store.models()).length > 0) {
      const named = process.env["BLUEGREEN_MODEL"] || undefined;
      const chosen = await attempt(() => modelTarget(target, { model: named }, async () => context));
      if (!chosen.readable && said !== chosen.why) tell((said = chosen.why));
      if (chosen.readable) found = await contextOf(target, place, quiet, "reads", chosen.value.model);
    }
    return found?.store.deployed();
  };
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());
  const wait = (ms: number) => delay(ms, undefined, { signal: stopping.signal }).catch(() => {});
  await sendTraffic(context.clock, wait, deployed, {
    requestsPerMinute,
    open: syntheticRequests(place.root, tell),
    goesOn: () => !stopping.signal.aborted && runs(cloud.pid),
    tell,
  });
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * The same in a process of its own, beside a cloud that has just started: users who share its event loop would be slowed
 * down with it. Answers with what ends it.
 */
export function trafficBeside(
  { root, directory }: LocalPlace,
  requestsPerMinute: number,
): () => Promise<unknown> {
  const child = spawn(
    process.execPath,
    [ownModule("cli/main"), "local", "--traffic", String(requestsPerMinute)],
    {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, BLUEGREEN_LOCAL_DIRECTORY: directory },
    },
  );
  const ended = once(child, "close");
  return async () => {
    child.kill("SIGTERM");
    await ended;
  };
}

import { withChange } from "../../../validation/core/changes/changes.ts";
import { isStale, numberedAnew, refreshes } from "../../../validation/adapters/pulumi/made-up.ts";
import { saysOvertaken, type Writer } from "../../../contract/transition/writer.ts";
import type { Applied, Deployed, LockHolder, StackStore, Update } from "../../../validation/ports.ts";
import { PROJECT } from "../../support/project.ts";
import type { ProcessOnMachine } from "../engine/machine.ts";
import type { PastUpdate, StackLock } from "./backend.ts";
import type { CloudOfOne } from "./cloud-of-one.ts";
import { outputsOf } from "../../validation/support/outputs.ts";
import { carryOutUpdate } from "./update.ts";

/** What a process sees of the stack, as the adapter over Pulumi's CLI does it (validation/adapters/pulumi/stack.ts). */
export function storeOf(cloud: CloudOfOne, by: ProcessOnMachine): StackStore {
  const { backend, wire } = cloud;
  const call = <T>(what: string, effect: () => T) => wire.call({ by, reach: "store", what, effect });
  const last = () => call("reading the history", () => backend.last());
  return {
    models: async () => [PROJECT],
    deployed: async () => deployedBy(await last()),
    apply: (update) => apply(cloud, by, update, last),
    breakLock: () => call("pulumi cancel", () => backend.cancel(by)),
    alone: (use) => aloneOn(by, use),
    // Pulumi's CLI tells only who asks for an update.
    lockHolder: async () => undefined,
    checkout: async () => ({ outOfStep: [] }),
    updates: (limit) =>
      call("reading the history", () =>
        backend.history.slice(0, limit).map(({ succeeded, message, config }) => {
          const { release } = config;
          const modelVersion = release && config.slots[release.slot].modelVersion;
          return { succeeded, message, release, modelVersion };
        }),
      ),
    follow: async () => [],
    sync: async () => [],
  };
}

export const deployedBy = ({ config, raw, endedWallMs }: PastUpdate): Deployed => ({
  config,
  raw,
  outputs: outputsOf(config),
  endedWallMs,
});

/** One process of a machine at a time; nobody waits for it (validation/adapters/processes/alone.ts). */
async function aloneOn<T>(by: ProcessOnMachine, use: () => Promise<T>): Promise<T | undefined> {
  const { machine } = by;
  if (machine.alone !== undefined && machine.alone !== by && machine.alone.lives) return undefined;
  machine.alone = by;
  try {
    return await use();
  } finally {
    machine.alone = undefined;
  }
}

async function apply(
  cloud: CloudOfOne,
  by: ProcessOnMachine,
  update: Update,
  last: () => Promise<PastUpdate>,
): Promise<Applied> {
  const before = await last();
  if (isStale(update, before.config)) return { kind: "stale" };
  const refresh = refreshes(update, cloud.backend.history[0]?.succeeded === false);
  const asked = { ...update, refresh, from: before.config.split };
  const first = await carryOut(cloud, by, before, asked, before);
  if (first.kind !== "applied") return first;
  // What came between what ours was made up from and its lock is put back: ours is made up anew from it.
  const [own, missed] = cloud.backend.history.filter(({ succeeded }) => succeeded);
  if (own === undefined || missed === undefined || missed.number === before.number) return first;
  return carryOut(cloud, by, missed, numberedAnew(update, first.deployed.config.split), own);
}

async function carryOut(
  cloud: CloudOfOne,
  by: ProcessOnMachine,
  { raw, config }: PastUpdate,
  { change, message, refresh, scope, from: fromSplit }: Update,
  knows: PastUpdate,
): Promise<Applied> {
  const from = change.generation === undefined ? config.generation : Number(change.generation) - 1;
  const writer: Writer = {
    isVerb: true,
    model: PROJECT,
    fromGeneration: from,
    fromSplit,
    isRouteAlone: scope === "route",
  };
  const carried = await carryOutUpdate(cloud, {
    by,
    raw: withChange(raw, change),
    message,
    writer,
    refresh,
    knows,
  });
  if (carried.kind === "locked") return { kind: "locked", holders: [holderOf(carried.lock, by)] };
  if (carried.kind === "failed") {
    return saysOvertaken(carried.message)
      ? { kind: "stale" }
      : { kind: "failed", message: carried.message, unknown: [] };
  }
  if (carried.lockLost) return { kind: "cancelled" };
  const newest = await cloud.wire.call({
    by,
    reach: "store",
    what: "reading what was done",
    effect: () => cloud.backend.last(),
  });
  if (newest !== carried.entry) return { kind: "overtaken", by: newest.message };
  return { kind: "applied", deployed: deployedBy(newest), changedResources: carried.changed };
}

/** As a process of this machine can judge it (validation/adapters/lock-holders.ts). */
function holderOf({ holder, sinceWallMs }: StackLock, by: ProcessOnMachine): LockHolder {
  const fate = by.machine.fateOfRun(holder.run);
  return {
    who: `${holder.owner} (${holder.verb})`,
    dead: fate === "ended",
    ...(fate === "runs" ? { runs: true } : {}),
    sinceMs: sinceWallMs,
  };
}

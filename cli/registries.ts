import type { StackConfig } from "../contract/config/stack-config.ts";
import { fullName } from "../contract/names/names.ts";
import { registryTools } from "../validation/adapters/registries/tools.ts";
import { addressesIn } from "../validation/core/slot-marks.ts";
import type { Context, StackStore } from "../validation/ports.ts";
import { attempt } from "../validation/reading.ts";
import type { Registry, RegistryTools } from "../validation/registries/define.ts";
import { registriesOf, writeToRegistries } from "../validation/registries/write-back.ts";
import { localPlace } from "./local/place.ts";
import type { StackTarget } from "./stack-target.ts";

/** All of what is told at the end of a verb: its result is printed, and somebody may wait for its process to end. */
const TOGETHER_MS = 5_000;

export interface Registrar {
  /** The store, which remembers what this verb has deployed. */
  readonly store: StackStore;
  /**
   * The verb has ended and its result is out; resolves when the registries know, or could not be told in time.
   * @param again also when nothing was deployed: an earlier run of the same verb may have died before it told them.
   */
  conclude(again?: boolean): Promise<void>;
}

/** How this verb reaches registries. */
export const registryToolsFor = (target: StackTarget, until?: AbortSignal): RegistryTools => {
  const account = target.kind === "aws" ? { region: target.region, profile: target.profile } : undefined;
  return registryTools({ root: localPlace().root, env: process.env, target: account }, until);
};

/**
 * Tells registries what a verb has deployed, once its result is printed and never before: no move of users waits for a
 * registry. Nothing is asked when no slot has, or had, a model of a registry. What could not be written is said, changes
 * nothing, and `sync --registry` repairs it.
 */
export function registrar(
  { store, reporter, ...stack }: Pick<Context, "store" | "reporter" | "project" | "stack" | "model">,
  registries: () => Promise<readonly Registry[]>,
  tools: (until: AbortSignal) => RegistryTools,
  withinMs = TOGETHER_MS,
): Registrar {
  const seen: StackConfig[] = [];
  return {
    store: {
      ...store,
      async deployed() {
        const deployed = await store.deployed();
        // What was there before this verb wrote: it may have taken the last model of a registry away.
        if (seen.length === 0 && deployed !== undefined) seen.push(deployed.config);
        return deployed;
      },
      async apply(update) {
        const applied = await store.apply(update);
        if (applied.kind === "applied") seen.push(applied.deployed.config);
        return applied;
      },
    },
    async conclude(again = false) {
      const config = seen.at(-1);
      if (config === undefined || (!again && seen.length < 2)) return;
      const left = [...new Set(seen.flatMap(({ slots }) => addressesIn(slots)))];
      const used = registriesOf(left, await registries());
      const asked = { stack: fullName(stack), config, left, updates: store.updates };
      const until = AbortSignal.timeout(withinMs);
      const late = new Promise<undefined>((resolve) => {
        until.addEventListener("abort", () => resolve(undefined), { once: true });
      });
      const written = await attempt(async () =>
        Promise.race([writeToRegistries(asked, used, tools(until)), late]),
      );
      for (const message of wordsOf(
        written.readable ? written.value : [{ scheme: "", changes: [], why: written.why }],
      ))
        reporter.report({ kind: "note", message });
    },
  };
}

function wordsOf(written: Awaited<ReturnType<typeof writeToRegistries>> | undefined): readonly string[] {
  if (written === undefined) return [`the registry did not answer in time: ${REPAIR}`];
  return written.flatMap(({ scheme, changes, why }) => [
    ...changes.map((change) => `in its registry: ${change}`),
    ...(why === undefined ? [] : [`the registry ${scheme} could not be told (${why}): ${REPAIR}`]),
  ]);
}

const REPAIR = "npx bluegreen sync --registry tells it later";

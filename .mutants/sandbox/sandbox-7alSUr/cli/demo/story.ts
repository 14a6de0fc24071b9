import type { Slot } from "../../contract/slot.ts";
import { deploy } from "../../validation/deploy/deploy.ts";
import type { Context } from "../../validation/ports.ts";
import type { ProgressEvent } from "../../validation/progress.ts";
import { rollout } from "../../validation/rollout/rollout.ts";
import { testCandidate, type SuiteTools } from "../../validation/suite/test-candidate.ts";
import { checkLines } from "../view/suite.ts";

/** A moment at which users were split anew; times are real epoch milliseconds. */
export interface ShareChange {
  readonly realMs: number;
  readonly shares: Readonly<Record<Slot, number>>;
  readonly note: string;
  /** Seconds that an emergency write took; undefined: an update of Pulumi's. */
  readonly revertSeconds?: number;
}

/** One release of the demo, with what only the product can know. */
export interface Told {
  readonly name: string;
  readonly version: string;
  readonly slot: Slot;
  readonly outcome: "promoted" | "rolled-back";
  readonly activeSlotAfter: Slot;
  readonly reason: string;
  readonly fromRealMs: number;
  readonly toRealMs: number;
  /** When the emergency write was on the route, and how long it took; only of a release that was rolled back. */
  readonly reverted: { readonly realMs: number; readonly seconds: number } | undefined;
}

export interface Listener {
  changes(): readonly ShareChange[];
  report(event: ProgressEvent): void;
}

/** Remembers when the shares changed, and passes everything on. */
export function listen(next: (event: ProgressEvent) => void): Listener {
  const changes: ShareChange[] = [];
  return {
    changes: () => changes,
    report(event) {
      const realMs = Date.now();
      if (event.kind === "applied")
        changes.push({ realMs, shares: event.split, note: noteOf(event.message) });
      if (event.kind === "reverted") {
        const shares = { blue: event.to === "blue" ? 100 : 0, green: event.to === "green" ? 100 : 0 };
        const { seconds } = event;
        changes.push({
          realMs,
          shares,
          note: `rolled back in ${seconds.toFixed(2)} s`,
          revertSeconds: seconds,
        });
      }
      next(event);
    },
  };
}

const noteOf = (message: string) => message.replace(/^bluegreen: (release )?/, "");

/** A model on its way; `tests`: what its pre-traffic tests need, undefined: nobody tests it. */
export interface Model {
  readonly image: string;
  readonly version: string;
  readonly tests: SuiteTools | undefined;
  /** The checks that are wanted of them; absent: all. */
  readonly only?: readonly string[];
  /** Somebody is in a hurry, and rolls it out whatever the tests say. */
  readonly skipTests: boolean;
}

/** Deploys a model, tests it and rolls it out. Throws when it ends as neither promoted nor rolled back. */
export async function release(
  context: Context,
  listener: Listener,
  { image, version, tests, only = [], skipTests }: Model,
): Promise<Told> {
  const fromRealMs = Date.now();
  const known = listener.changes().length;
  const overrides = {};
  const deployed = await deploy(context, {
    image,
    modelVersion: version,
    minTasks: undefined,
    maxTasks: undefined,
    overrides,
  });
  if (tests !== undefined) await showTests(context, listener, tests, only);
  const outcome = await rollout(context, { pollMs: 5_000, skipTests, warmBy: tests });
  if (outcome.result === "waits")
    throw new Error(`the rollout of ${image} ended undecided: ${outcome.sentence}`);
  const reverted = listener
    .changes()
    .slice(known)
    .flatMap(({ realMs, revertSeconds: seconds }) => (seconds === undefined ? [] : [{ realMs, seconds }]))[0];
  const promoted = outcome.result === "promoted";
  const after = (await context.store.deployed())?.config.activeSlot;
  if (after === undefined) throw new Error("the stack has no deployed configuration after a release");
  return {
    name: image,
    version,
    slot: deployed.slot,
    outcome: promoted ? "promoted" : "rolled-back",
    activeSlotAfter: after,
    reason: outcome.release?.reason ?? outcome.sentence,
    fromRealMs,
    toRealMs: Date.now(),
    reverted,
  };
}

async function showTests(
  context: Context,
  listener: Listener,
  tools: SuiteTools,
  only: readonly string[],
): Promise<void> {
  const { checks, sentence } = await testCandidate(context, tools, { golden: undefined, only });
  for (const message of [...checkLines(checks), sentence]) listener.report({ kind: "note", message });
}

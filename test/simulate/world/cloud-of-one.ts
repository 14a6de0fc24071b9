import type { Slot } from "../../../contract/slot.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import type { ServiceReading } from "../../../validation/core/observation.ts";
import { between, type Draw } from "../engine/dice.ts";
import type { ProcessOnMachine } from "../engine/machine.ts";
import type { Timeline } from "../engine/timeline.ts";
import type { Wire } from "../engine/wire.ts";
import type { AlarmBook } from "./alarm-book.ts";
import type { Backend } from "./backend.ts";
import type { Figures } from "./figures.ts";
import { outputsOf } from "../../validation/support/outputs.ts";
import { CANDIDATE } from "../watch/slots.ts";
import type { RuleOnElb } from "./rule-on-elb.ts";
import type { Tasks } from "./tasks.ts";
import type { Traffic } from "./traffic.ts";

export interface PartsOfCloud {
  readonly timeline: Timeline;
  readonly wire: Wire;
  readonly draw: Draw;
  readonly rule: RuleOnElb;
  readonly tasks: Tasks;
  readonly traffic: Traffic;
  readonly figures: Figures;
  readonly alarms: AlarmBook;
  readonly backend: Backend;
  readonly note: (line: string) => void;
  /** Whether CloudWatch calls its own states no verdict just now. */
  readonly arePartial: () => boolean;
  /** Whether the candidate's service ran another model at that moment than the one that was deployed. */
  readonly hasGoneBack: (atMs: number) => boolean;
}

/** One stack on AWS, with the backend of its Pulumi. */
export type CloudOfOne = PartsOfCloud & {
  readonly nowMs: () => number;
  /** `staleMs`: as it was so long ago. */
  readonly serviceOf: (slot: Slot, staleMs: number) => ServiceReading;
  /** What the machine of a process takes for something, which nobody waits for when it is dead. */
  readonly pause: (by: ProcessOnMachine, what: string, minMs: number, maxMs: number) => Promise<void>;
};

export function cloudOfOne(parts: PartsOfCloud): CloudOfOne {
  const { timeline, draw, backend, tasks } = parts;
  const nowMs = () => timeline.nowMs;
  return {
    ...parts,
    nowMs,
    serviceOf(slot, staleMs) {
      const atMs = nowMs() - staleMs;
      const isAnother = slot === CANDIDATE && parts.hasGoneBack(atMs);
      const definition = isAnother ? FORMER : definitionOf(backend.last().config, slot);
      return tasks.service(slot, definition, atMs);
    },
    async pause(by, what, minMs, maxMs) {
      await timeline.wait(between(draw(what, by.run, by.calls++), minMs, maxMs));
      if (!by.lives && !by.engineLives) await new Promise<never>(() => {});
    },
  };
}

const FORMER = "arn:task/green:1";

const definitionOf = (config: StackConfig, slot: Slot) =>
  outputsOf(config).slots[slot].running?.taskDefinitionArn ?? "none";

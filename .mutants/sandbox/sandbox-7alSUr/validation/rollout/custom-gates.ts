import type { Release } from "../../contract/release/release.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { rollsBack, type Assessment } from "../core/assessment.ts";
import { iso } from "../core/iso.ts";
import { customAssessment } from "../gates/custom.ts";
import type { Viewpoint } from "./observe.ts";
import type { Context, Deployed } from "../ports.ts";

/**
 * Asks the user's own gates about a candidate with users, all at once. Their question has everything that the
 * built-in gates saw. They are not asked when one of those fails: a rollback waits for nobody.
 */
export async function askCustomGates(
  context: Context,
  deployed: Deployed,
  release: Release,
  view: Viewpoint,
  gates: readonly Assessment[],
): Promise<readonly Assessment[]> {
  const { customGates } = deployed.config.rollout;
  if (customGates.length === 0 || gates.some(rollsBack)) return [];
  const question = questionOf(context, deployed, release, view, gates);
  return Promise.all(
    customGates.map(async (gate) => customAssessment(gate, await context.customGates.ask(gate, question))),
  );
}

/** The context that a gate gets as JSON. Times are ISO 8601, the cloud's clock; shares are percents. */
export interface GateQuestion {
  readonly stack: string;
  /** Which of the stack's models. */
  readonly model: string;
  readonly url: string;
  /** To be asked instead while the DNS does not lead the name in `url` there; absent when version 0.1 deployed. */
  readonly loadBalancerDnsName?: string | undefined;
  readonly now: string;
  readonly liveSince: string;
  readonly release: Pick<Release, "id" | "digest" | "state">;
  readonly candidate: SlotInQuestion;
  readonly active: SlotInQuestion;
  /** What the built-in gates answered just now. */
  readonly gates: readonly Assessment[];
}

interface SlotInQuestion {
  readonly slot: Slot;
  readonly share: number;
  readonly image: string | undefined;
  readonly modelVersion: string | undefined;
}

function questionOf(
  { project, stack, model = project, clock }: Context,
  { config, outputs }: Deployed,
  { id, digest, state }: Release,
  { split, candidate, liveSinceMs }: Viewpoint,
  gates: readonly Assessment[],
): GateQuestion {
  const about = (slot: Slot): SlotInQuestion => {
    const { image, modelVersion } = config.slots[slot];
    return { slot, share: split[slot], image, modelVersion };
  };
  return {
    stack,
    model,
    url: outputs.url,
    loadBalancerDnsName: outputs.loadBalancerDnsName,
    now: iso(clock.now()),
    liveSince: iso(liveSinceMs),
    release: { id, digest, state },
    candidate: about(candidate),
    active: about(otherSlot(candidate)),
    gates,
  };
}

import type { PerSlot } from "../../../contract/slot.ts";
import type { Verdict } from "../../../validation/core/verdict.ts";
import type { RouteWrite } from "../world/rule-on-elb.ts";
import type { Violation } from "./violation.ts";

/** Whoever took users back does so again at the latest after this: EventBridge's minute, and what the calls take. */
export const PERIOD_MS = 130_000;
/** So long after a write a read may show what was there before (aws.md: nobody says; here, incidents.ts). */
const STALE_MS = 15_000;

interface Ended {
  readonly atMs: number;
  readonly by: string;
}

interface Asked {
  readonly share: number;
  readonly atMs: number;
  /** Whether the command is still at it; it writes its share again where another one undoes it. */
  readonly works: () => boolean;
}

/**
 * Who may give the candidate users. A verdict of its own process may, and a person's command; nobody may whose release
 * has ended. An update that was under way when the users were rolled back may still write, and that has to be undone.
 */
export class Authority {
  private readonly candidate: keyof PerSlot<number>;
  private readonly verdicts = new Map<string, Verdict>();
  /** The newest last; older ones only as long as they work. */
  private persons: readonly Asked[] = [];
  private ended: Ended | undefined;
  /** The greatest share that was given rightly and not rolled back. */
  private given = 0;
  private promoted = false;
  /** Whose gates have rolled the candidate back; a verdict outlives whoever reached it. */
  private refusedBy: string | undefined;

  constructor(candidate: keyof PerSlot<number>) {
    this.candidate = candidate;
  }

  checked(by: string, verdict: Verdict): void {
    this.verdicts.set(by, verdict);
  }

  asked(asked: Asked): void {
    this.persons = [...this.persons.filter(({ works }) => works()), asked];
  }

  /** Whether a verdict has promoted it, by the route: who did may have been killed before Pulumi's history says so. */
  get isPromoted(): boolean {
    return this.promoted;
  }

  /** Whether it is a person's hand that has given the candidate what it has. */
  get isPersons(): boolean {
    return this.persons.length > 0;
  }

  get refusal(): string | undefined {
    return this.refusedBy;
  }

  get end(): Ended | undefined {
    return this.ended;
  }

  /**
   * The route was written; what is wrong with that, or `fight`: it has to be undone in time. `isActive`: it is promoted as
   * deployed, and whoever puts everyone onto the active slot gives it no more than it was judged for.
   */
  written(write: RouteWrite, nowMs: number, isActive: boolean): Violation | "fight" | undefined {
    const [before, after] = [write.before[this.candidate], write.after[this.candidate]];
    if (after < before) this.taken(write, after, nowMs);
    if (after <= before) return undefined;
    if (isActive || this.persons.some(({ share }) => after <= share)) return undefined;
    const wrong = (what: string): Violation => ({ invariant: "provenance", atMs: nowMs, what });
    const story = `${write.by} (${write.how}) gave the candidate ${after} % after ${before} %`;
    const { ended } = this;
    if (ended !== undefined && ended.atMs + STALE_MS <= write.beganMs) {
      return wrong(`${story}, although ${ended.by} had ended its release`);
    }
    // Whose program was shown that the users it gives more of are gone: contract/transition/rolled-back.ts.
    const { knew } = write;
    if (ended !== undefined && knew !== undefined && knew.deployed[this.candidate] > 0)
      if (knew.shownMs > ended.atMs)
        return wrong(`${story}, and had seen that ${ended.by} had taken its users`);
    const verdict = this.verdicts.get(write.by);
    const isDecided =
      (verdict?.kind === "advance" && verdict.to === after) || (verdict?.kind === "promote" && after === 100);
    if (!isDecided && after > this.given) {
      return wrong(`${story}; its last verdict was ${verdict?.kind ?? "none"}`);
    }
    if (ended !== undefined) return "fight";
    this.promoted = verdict?.kind === "promote" && after === 100;
    this.given = Math.max(this.given, after);
    return undefined;
  }

  private taken(write: RouteWrite, after: number, nowMs: number): void {
    const verdict = this.verdicts.get(write.by);
    const isRetreat = verdict?.kind === "retreat" && write.how === "emergency";
    if (write.how === "emergency")
      this.persons = this.persons.filter(({ atMs, works }) => atMs >= nowMs || works());
    this.given = after;
    this.promoted = false;
    const isFailing = verdict?.kind === "rollback" && verdict.cause === "failing";
    if (after === 0 && isFailing && write.how === "emergency" && this.ended === undefined)
      this.refusedBy = write.by;
    if (after === 0 && !isRetreat && write.how === "emergency") this.ended = { atMs: nowMs, by: write.by };
  }
}

import type { Ask } from "../protocols/ask.ts";
import type { Machine, Tell } from "./machine.ts";
import type { PlannedStage, Stage } from "./stages.ts";

/** How far the suite is. */
export interface SuiteProgress {
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
  /** About, for all that is still to come. */
  readonly secondsLeft: number;
}

/** Not oftener than this. */
const EVERY_MS = 2_000;

/** Tells how far the suite is, and how long the rest of it takes at the speed that the answers have had so far. */
export class SuiteClock {
  readonly #machine: Machine;
  readonly #report: (progress: SuiteProgress) => void;
  #plan: (secondsPerAnswer: number) => readonly PlannedStage[] = () => [];
  #answers = 0;
  #seconds = 0;
  #toldMs = Number.NEGATIVE_INFINITY;
  #toldStage: Stage | undefined;

  constructor(machine: Machine, report: (progress: SuiteProgress) => void) {
    this.#machine = machine;
    this.#report = report;
  }

  get secondsPerAnswer(): number {
    return this.#answers === 0 ? 0 : this.#seconds / this.#answers;
  }

  planned(plan: (secondsPerAnswer: number) => readonly PlannedStage[]): void {
    this.#plan = plan;
  }

  /** Asks as before, and remembers how long that takes. */
  timed(ask: Ask): Ask {
    return async (slot, question) => {
      const reply = await ask(slot, question);
      if (reply.status === 200 && question.method === "POST") {
        this.#answers += 1;
        this.#seconds += reply.seconds;
      }
      return reply;
    };
  }

  stage(stage: Stage): Tell {
    const startMs = this.#machine.wall();
    const tell: Tell = (done, total) => {
      const nowMs = this.#machine.wall();
      if (stage === this.#toldStage && nowMs - this.#toldMs < EVERY_MS) return;
      this.#toldMs = nowMs;
      this.#toldStage = stage;
      const plan = this.#plan(this.secondsPerAnswer);
      const at = plan.findIndex((one) => one.stage === stage);
      const later = plan.slice(at + 1).reduce((sum, { seconds }) => sum + seconds, 0);
      const here =
        done === 0 ? (plan[at]?.seconds ?? 0) : ((nowMs - startMs) / 1000 / done) * Math.max(0, total - done);
      this.#report({ stage, done, total, secondsLeft: here + later });
    };
    return tell;
  }
}

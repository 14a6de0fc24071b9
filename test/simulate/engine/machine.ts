import type { Fate } from "../../../validation/core/owner.ts";
import { Shown } from "../watch/shown.ts";
import type { Timeline } from "./timeline.ts";

/** A machine. Several may be called alike: runners in containers are (docs/architecture.md, State). */
export class Machine {
  readonly name: string;
  /** How far its clock is ahead of the true time. */
  skewMs: number;
  /** Nothing outside is reached until then. */
  cutOffUntilMs = 0;
  fullUntilMs = 0;
  readonly runs: ProcessOnMachine[] = [];
  /** Texts by path; what is not there is no file. */
  readonly files = new Map<string, string>();
  /** Who of this machine's processes is alone with the stack. */
  alone: ProcessOnMachine | undefined;

  constructor(name: string, skewMs: number) {
    this.name = name;
    this.skewMs = skewMs;
  }

  fateOfRun(run: string): Fate {
    const known = this.runs.find((one) => one.run === run);
    if (known === undefined) return "unknown";
    return known.lives || known.engineLives ? "runs" : "ended";
  }
}

const HOSTNAME = "runner";
const PID = 7;

export class ProcessOnMachine {
  readonly machine: Machine;
  readonly verb: string;
  readonly run: string;
  readonly owner: string;
  readonly beganMs: number;
  lives = true;
  /** Pulumi's process, a child, that goes on when this one is killed alone (validation/adapters/processes/descendants.ts). */
  engineLives = false;
  wasKilled = false;
  /** What it could not read in its present look. */
  readonly blindTo = new Set<string>();
  readonly shown = new Shown();
  /** Whether the route's tags could not be written: then nothing tells of what it has done while Pulumi cannot. */
  couldNotTag = false;
  /** A person has said that whoever holds the stack is gone. */
  isForced = false;
  calls = 0;
  private readonly timeline: Timeline;

  constructor(machine: Machine, verb: string, timeline: Timeline, number: number) {
    this.machine = machine;
    this.verb = verb;
    this.timeline = timeline;
    this.run = `run-${number}`;
    this.beganMs = timeline.nowMs;
    const since = new Date(timeline.nowMs + machine.skewMs).toISOString();
    this.owner = `ci@${HOSTNAME}:${PID} since ${since} run ${this.run}`;
    machine.runs.push(this);
  }

  get name(): string {
    return `${this.verb} ${this.run} on ${this.machine.name}`;
  }

  clockMs(): number {
    return this.timeline.nowMs + this.machine.skewMs;
  }
}

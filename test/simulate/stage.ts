import { UserError } from "../../validation/errors.ts";
import { messageOf } from "../../validation/reading.ts";
import type { StepOutcome } from "../../validation/rollout/step-types.ts";
import { candidateReady } from "../validation/support/samples.ts";
import { project } from "../validation/support/raw-config.ts";
import type { VerbRun } from "./actors/verbs.ts";
import { useDisks } from "./disk/disks.ts";
import { Machine, ProcessOnMachine } from "./engine/machine.ts";
import { Timeline } from "./engine/timeline.ts";
import { Wire } from "./engine/wire.ts";
import { HOSTS } from "./scenario/incidents-of.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { signalsIn } from "./scenario/signal.ts";
import { unlikeTruth } from "./watch/finality.ts";
import { Watcher } from "./watch/watcher.ts";
import { buildCloud } from "./world/build.ts";
import type { CloudOfOne } from "./world/cloud-of-one.ts";
import { contextOf } from "./world/context.ts";

const MINUTE_MS = 60_000;
const HOST_SKEW_MS = 2_000;

/** The cloud, the machines, and the processes on them, all of which the watcher sees. */
export class Stage {
  readonly scenario: Scenario;
  readonly timeline: Timeline;
  readonly wire: Wire;
  readonly cloud: CloudOfOne;
  readonly watcher: Watcher;
  readonly lambda = new Machine("lambda", 0);
  readonly hosts: ReadonlyMap<string, Machine>;
  readonly processes: ProcessOnMachine[] = [];
  readonly trace: string[] = [];
  private readonly byRun: Map<string, ProcessOnMachine>;

  constructor(scenario: Scenario) {
    const { draw, beginsMs, incidents, tasks } = scenario;
    this.scenario = scenario;
    const timeline = new Timeline(beginsMs);
    const note = (line: string) => this.note(line);
    const wire = new Wire(timeline, draw, incidents, note);
    this.byRun = useDisks(timeline, wire);
    const ready = candidateReady();
    const raw = project({
      ...ready,
      blue: { ...ready.blue, minTasks: tasks, maxTasks: 40 },
      green: { ...ready.green, minTasks: tasks, maxTasks: 40 },
      service: { stickinessSeconds: scenario.stickinessSeconds },
      rollout: scenario.rollout,
      signals: signalsIn(scenario.signal),
    });
    this.timeline = timeline;
    this.wire = wire;
    this.cloud = buildCloud(scenario, raw, { timeline, wire, note });
    this.watcher = new Watcher(scenario, this.cloud, this.processes);
    const skew = (host: string) => (draw("skew", host) - 0.5) * HOST_SKEW_MS;
    this.hosts = new Map(HOSTS.map((host) => [host, new Machine(host, skew(host))]));
  }

  note(line: string): void {
    const minutes = (this.timeline.nowMs - this.scenario.beginsMs) / MINUTE_MS;
    this.trace.push(`+${minutes.toFixed(2)} ${line}`);
  }

  begin(machine: Machine, verb: string): ProcessOnMachine {
    const by = new ProcessOnMachine(machine, verb, this.timeline, this.processes.length);
    this.processes.push(by);
    this.byRun.set(by.run, by);
    return by;
  }

  start(
    verb: string,
    host: string,
    force: boolean,
    flow: (run: VerbRun) => Promise<string>,
  ): ProcessOnMachine {
    const by = this.begin(this.hosts.get(host) ?? this.lambda, verb);
    by.isForced = force;
    this.note(`${by.name} begins`);
    const report: VerbRun["context"]["reporter"]["report"] = (event) => {
      if (event.kind === "checked") this.watcher.checked(by, event);
      if (event.kind === "note") this.note(`${by.name}: ${event.message}`);
    };
    const context = contextOf(this.cloud, by, { force, reporter: { report } });
    const decided = (who: ProcessOnMachine, outcome: StepOutcome) => this.decided(who, outcome);
    const told = (who: ProcessOnMachine, result: string) => this.watcher.told(who.name, result);
    flow({ cloud: this.cloud, by, context, decided, told }).then(
      (said) => this.ended(by, said),
      (error: unknown) => {
        if (!by.lives) return;
        if (error instanceof TypeError || error instanceof RangeError)
          this.watcher.wrong("crash", `${by.name}: ${error.stack ?? error.message}`);
        const told = error instanceof UserError ? error.code : "error";
        this.ended(by, `${told}: ${messageOf(error)}`);
      },
    );
    return by;
  }

  private ended(by: ProcessOnMachine, said: string): void {
    by.lives = false;
    this.note(`${by.name} ends: ${said}`);
  }

  private decided(by: ProcessOnMachine, outcome: StepOutcome): void {
    const what = unlikeTruth(this.cloud, outcome, by.machine.skewMs);
    if (what !== undefined) this.watcher.wrong("finality", `${by.name}: ${what}`);
  }
}

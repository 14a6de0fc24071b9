import { UserError } from "../../validation/errors.ts";
import { messageOf } from "../../validation/reading.ts";
import type { StepOutcome } from "../../validation/rollout/step-types.ts";
import { candidateReady } from "../validation/support/samples.ts";
import { project } from "../validation/support/raw-config.ts";
import { contextOf } from "./world/context.ts";
import { runAct, runRevert, runRollout, runStep, type VerbRun } from "./actors/verbs.ts";
import { WatchdogOnLambda } from "./actors/watchdog.ts";
import { useDisks } from "./disk/disks.ts";
import { Machine, ProcessOnMachine } from "./engine/machine.ts";
import { Timeline } from "./engine/timeline.ts";
import { Wire } from "./engine/wire.ts";
import type { Incident, OperatorAct } from "./engine/incidents.ts";
import { HOSTS } from "./scenario/incidents-of.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { buildCloud } from "./world/build.ts";
import type { CloudOfOne } from "./world/cloud-of-one.ts";
import { unlikeTruth } from "./watch/finality.ts";
import { atTheEnd } from "./watch/at-the-end.ts";
import { CANDIDATE } from "./watch/slots.ts";
import { Watcher } from "./watch/watcher.ts";
import type { Violation } from "./watch/violation.ts";

export interface Simulated {
  readonly violations: readonly Violation[];
  /** What happened, a line each. */
  readonly trace: readonly string[];
  readonly end: string;
}

const MINUTE_MS = 60_000;
const FIRST_HOST_SKEW_MS = 2_000;
/** After the trouble everything has to have ended by then. */
/** A watchdog and a reborn rollout have begun by then. */
const QUIET_MS = 13 * MINUTE_MS;
const REST_MS = 90 * MINUTE_MS;

/** One release from its first users to its end, with everything that is drawn for it. */
export async function simulate(scenario: Scenario): Promise<Simulated> {
  const release = new SimulatedRelease(scenario);
  return release.run();
}

class SimulatedRelease {
  private readonly scenario: Scenario;
  private readonly timeline: Timeline;
  private readonly cloud: CloudOfOne;
  private readonly watcher: Watcher;
  private readonly lambda: Machine;
  private readonly hosts: ReadonlyMap<string, Machine>;
  private readonly processes: ProcessOnMachine[] = [];
  private readonly byRun: Map<string, ProcessOnMachine>;
  private readonly trace: string[] = [];
  private runner: ProcessOnMachine | undefined;
  private readonly wire: Wire;
  private healing = false;
  private healed = false;

  constructor(scenario: Scenario) {
    const { draw, beginsMs, incidents } = scenario;
    this.scenario = scenario;
    this.timeline = new Timeline(beginsMs);
    const wire = new Wire(this.timeline, draw, incidents, (line) => this.note(line));
    this.wire = wire;
    this.byRun = useDisks(this.timeline, wire);
    const raw = project({
      ...candidateReady(),
      blue: { ...candidateReady().blue, minTasks: scenario.tasks, maxTasks: 40 },
      green: { ...candidateReady().green, minTasks: scenario.tasks, maxTasks: 40 },
      rollout: scenario.rollout,
    });
    this.cloud = buildCloud(scenario, raw, {
      timeline: this.timeline,
      wire,
      note: (line) => this.note(line),
    });
    this.watcher = new Watcher(scenario, this.cloud, this.processes);
    this.lambda = new Machine("lambda", 0);
    const skew = (host: string) => (draw("skew", host) - 0.5) * FIRST_HOST_SKEW_MS;
    this.hosts = new Map(HOSTS.map((host) => [host, new Machine(host, skew(host))]));
  }

  async run(): Promise<Simulated> {
    const { scenario, timeline, watcher } = this;
    this.everyMinute(1);
    this.start("rollout", "a", false, (run) => runRollout(run, false));
    for (const incident of scenario.incidents) timeline.at(incident.atMs, () => this.happen(incident));
    if (scenario.ticks) this.tick();
    timeline.at(scenario.healsMs, () => this.heal());
    const endsMs = scenario.healsMs + REST_MS;
    await timeline.run(endsMs, () => watcher.violations.length > 0 || this.isOver());
    if (watcher.violations.length === 0)
      for (const one of atTheEnd(this.cloud, scenario, this.processes)) watcher.add(one);
    const { release } = this.cloud.backend.last().config;
    return { violations: watcher.violations, trace: this.trace, end: release?.state ?? "none" };
  }

  private isOver(): boolean {
    return this.healed && this.processes.every(({ lives, engineLives }) => !lives && !engineLives);
  }

  private isQuiet(): boolean {
    const { scenario, timeline, processes } = this;
    const lastMs = Math.max(
      0,
      ...scenario.incidents.filter(({ kind }) => kind !== "call").map(({ atMs }) => atMs),
    );
    const waitMs = Math.max(lastMs, scenario.beginsMs) + QUIET_MS;
    const works = ({ verb, lives, engineLives }: ProcessOnMachine) =>
      verb !== "watchdog" && (lives || engineLives);
    return timeline.nowMs > waitMs && !processes.some(works);
  }

  private note(line: string): void {
    const minutes = (this.timeline.nowMs - this.scenario.beginsMs) / MINUTE_MS;
    this.trace.push(`+${minutes.toFixed(2)} ${line}`);
  }

  /** CloudWatch evaluates the alarms, and EventBridge calls the function. */
  private everyMinute(minute: number): void {
    const { timeline, cloud, watcher, scenario } = this;
    timeline.at(scenario.beginsMs + minute * MINUTE_MS + 7_000, () => {
      cloud.alarms.evaluate(cloud.figures, cloud.backend.last().config.thresholds, timeline.nowMs);
      if (scenario.rollout.watchdog) {
        this.watchdog.alarmed();
        this.watchdog.scheduled();
      }
      watcher.minute();
      // Where nothing more is to come, nobody has to wait for it.
      if (this.isQuiet()) this.heal();
      if (!this.isOver()) this.everyMinute(minute + 1);
    });
  }

  private known: WatchdogOnLambda | undefined;
  private get watchdog(): WatchdogOnLambda {
    this.known ??= new WatchdogOnLambda(this.cloud, this.lambda, (machine, verb) =>
      this.begin(machine, verb),
    );
    return this.known;
  }

  private begin(machine: Machine, verb: string): ProcessOnMachine {
    const by = new ProcessOnMachine(machine, verb, this.timeline, this.processes.length);
    this.processes.push(by);
    this.byRun.set(by.run, by);
    return by;
  }

  private start(
    verb: string,
    host: string,
    force: boolean,
    flow: (run: VerbRun) => Promise<string>,
  ): ProcessOnMachine {
    const machine = this.hosts.get(host) ?? this.lambda;
    const by = this.begin(machine, verb);
    by.isForced = force;
    if (verb.startsWith("rollout")) this.runner = by;
    this.note(`${by.name} begins`);
    const context = contextOf(this.cloud, by, {
      force,
      reporter: {
        report: (event) => {
          if (event.kind === "checked") this.watcher.checked(by, event);
          if (event.kind === "note") this.note(`${by.name}: ${event.message}`);
        },
      },
    });
    const run: VerbRun = {
      cloud: this.cloud,
      by,
      context,
      decided: (who, outcome) => this.decided(who, outcome),
    };
    flow(run).then(
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

  /** A schedule elsewhere, which only looks. */
  private tick(): void {
    const { timeline } = this;
    timeline.at(timeline.nowMs + 5 * MINUTE_MS, () => {
      if (this.healing) return;
      this.start("step", "c", false, runStep);
      this.tick();
    });
  }

  private happen(incident: Incident): void {
    const { timeline, hosts } = this;
    const untilMs = "ms" in incident ? timeline.nowMs + incident.ms : 0;
    const machine = "host" in incident ? hosts.get(incident.host) : undefined;
    if (incident.kind !== "call") this.note(`— ${JSON.stringify({ ...incident, atMs: undefined })}`);
    switch (incident.kind) {
      case "network":
        if (machine !== undefined) machine.cutOffUntilMs = untilMs;
        return;
      case "clock":
        if (machine !== undefined) machine.skewMs += incident.ms;
        return;
      case "fullDisk":
        if (machine !== undefined) machine.fullUntilMs = untilMs;
        return;
      case "sickTasks":
        this.cloud.tasks.fallSick(CANDIDATE, timeline.nowMs, untilMs);
        return;
      case "kill":
        return this.kill(incident);
      case "act":
        this.act(incident.act, incident.host, incident.percent);
        return;
      case "call":
      case "lateMetrics":
      case "partialAlarms":
        // They are asked for where they matter: wire.ts, world/build.ts.
        return;
    }
  }

  private kill({ reborn, afterMs, force, engine }: Extract<Incident, { readonly kind: "kill" }>): void {
    const { runner, timeline } = this;
    if (runner?.lives !== true) return;
    runner.lives = false;
    runner.wasKilled = true;
    if (!engine) runner.engineLives = false;
    timeline.at(timeline.nowMs + afterMs, () =>
      this.start("rollout", reborn, force, (run) => runRollout(run, force)),
    );
  }

  private act(act: OperatorAct, host: string, percent: number): void {
    const { authority } = this.watcher;
    const asked = { setShare: percent, promote: 100, promoteWithoutEvidence: 100, revertToCandidate: 100 };
    const share = Object.entries(asked).find(([name]) => name === act)?.[1];
    if (share !== undefined) authority.asked(share, this.timeline.nowMs);
    const force = act === "secondRolloutByForce";
    this.start(act, host, force, (run) => runAct(run, act, percent));
  }

  /** Nothing goes wrong any more, and somebody goes on with the release, or ends it; each command is a process. */
  private heal(tries = 0): void {
    if (tries === 0) {
      if (this.healing) return;
      this.healing = true;
      this.wire.forgive();
      for (const machine of this.hosts.values()) {
        machine.cutOffUntilMs = 0;
        machine.fullUntilMs = 0;
      }
    }
    const isRollout = tries % 2 === 0;
    const verb = isRollout ? "rollout at last" : "revert at last";
    this.start(verb, "b", true, async (run) => {
      try {
        const said = await (isRollout ? runRollout(run, true) : runRevert(run, false));
        this.healed = isEnd(said) || tries === LAST_TRY;
        return said;
      } finally {
        this.healed ||= tries === LAST_TRY;
        if (!this.healed) this.timeline.at(this.timeline.nowMs + 1_000, () => this.heal(tries + 1));
      }
    });
  }
}

/** Rollout, revert, and that twice more: whoever reads what they say does no more either. */
const LAST_TRY = 5;
const isEnd = (said: string) => said.startsWith("promoted:") || said.startsWith("rolledBack:");

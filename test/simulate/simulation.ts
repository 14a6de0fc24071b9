import { SLOTS } from "../../contract/slot.ts";
import { runAct, runRevert, runRollout, runStep } from "./actors/verbs.ts";
import { WatchdogOnLambda } from "./actors/watchdog.ts";
import type { ProcessOnMachine } from "./engine/machine.ts";
import type { Incident, OperatorAct } from "./engine/incidents.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { Stage } from "./stage.ts";
import { atTheEnd } from "./watch/at-the-end.ts";
import { CANDIDATE } from "./watch/slots.ts";
import type { Violation } from "./watch/violation.ts";

export interface Simulated {
  readonly violations: readonly Violation[];
  /** What happened, a line each. */
  readonly trace: readonly string[];
  readonly end: string;
}

const MINUTE_MS = 60_000;
/** After the trouble everything has to have ended by then. */
/** A watchdog and a reborn rollout have begun by then. */
const QUIET_MS = 9 * MINUTE_MS;
/** A candidate that is left with users is reverted by the watchdog, within that time. */
const LEFT_ALONE_MS = 30 * MINUTE_MS;
const REST_MS = 90 * MINUTE_MS;

/** One release from its first users to its end, with everything that is drawn for it. */
export async function simulate(scenario: Scenario): Promise<Simulated> {
  const release = new SimulatedRelease(scenario);
  return release.run();
}

class SimulatedRelease {
  private readonly stage: Stage;
  private runner: ProcessOnMachine | undefined;
  private healing = false;
  private healed = false;

  constructor(scenario: Scenario) {
    this.stage = new Stage(scenario);
  }

  async run(): Promise<Simulated> {
    const { scenario, timeline, watcher } = this.stage;
    this.everyMinute(1);
    this.start("rollout", "a", false, (run) => runRollout(run, false));
    for (const incident of scenario.incidents) timeline.at(incident.atMs, () => this.happen(incident));
    if (scenario.ticks) this.tick();
    timeline.at(scenario.healsMs, () => this.heal());
    const endsMs = scenario.healsMs + REST_MS;
    await timeline.run(endsMs, () => watcher.violations.length > 0 || this.isOver());
    if (watcher.violations.length === 0)
      for (const one of atTheEnd(this.stage.cloud, scenario, this.stage.processes, watcher.authority.refusal))
        watcher.add(one);
    const { release } = this.stage.cloud.backend.last().config;
    return { violations: watcher.violations, trace: this.stage.trace, end: release?.state ?? "none" };
  }

  private start(...given: Parameters<Stage["start"]>): ProcessOnMachine {
    const by = this.stage.start(...given);
    if (by.verb.startsWith("rollout")) this.runner = by;
    return by;
  }

  private isOver(): boolean {
    return this.healed && this.stage.processes.every(({ lives, engineLives }) => !lives && !engineLives);
  }

  private isQuiet(): boolean {
    const { scenario, timeline, processes, watcher } = this.stage;
    const lastMs = Math.max(
      0,
      ...scenario.incidents.filter(({ kind }) => kind !== "call").map(({ atMs }) => atMs),
    );
    const isLeft = watcher.hasUsersByVerdict();
    const waitMs = Math.max(lastMs, scenario.beginsMs) + (isLeft ? LEFT_ALONE_MS : QUIET_MS);
    const works = ({ verb, lives, engineLives }: ProcessOnMachine) =>
      verb !== "watchdog" && (lives || engineLives);
    return timeline.nowMs > waitMs && !processes.some(works);
  }

  /** CloudWatch evaluates the alarms, and EventBridge calls the function. */
  private everyMinute(minute: number): void {
    const { timeline, cloud, watcher, scenario } = this.stage;
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
    this.known ??= new WatchdogOnLambda(
      this.stage.cloud,
      this.stage.lambda,
      (machine, verb) => this.stage.begin(machine, verb),
      (by, reason) => this.stage.watcher.rolledBackByWatchdog(by, reason),
    );
    return this.known;
  }

  /** A schedule elsewhere, which only looks. */
  private tick(): void {
    const { timeline } = this.stage;
    timeline.at(timeline.nowMs + 5 * MINUTE_MS, () => {
      if (this.healing) return;
      this.start("step", "c", false, runStep);
      this.tick();
    });
  }

  private happen(incident: Incident): void {
    const { timeline, hosts, scenario, cloud } = this.stage;
    if ("beside" in incident && incident.beside) {
      const own = { ...incident, beside: false };
      const afterMs = scenario.draw("beside after", incident.atMs) * LONG_UPDATE_MS;
      cloud.backend.besideUpdate(() => timeline.at(timeline.nowMs + afterMs, () => this.happen(own)));
      return;
    }
    const untilMs = "ms" in incident ? timeline.nowMs + incident.ms : 0;
    const machine = "host" in incident ? hosts.get(incident.host) : undefined;
    if (incident.kind !== "call") this.stage.note(`— ${JSON.stringify({ ...incident, atMs: undefined })}`);
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
        this.stage.cloud.tasks.fallSick(CANDIDATE, timeline.nowMs, untilMs);
        return;
      case "fewTasks":
        this.stage.cloud.tasks.fallSick(CANDIDATE, timeline.nowMs, untilMs, 1);
        return;
      case "allSick":
        for (const slot of SLOTS) this.stage.cloud.tasks.fallSick(slot, timeline.nowMs, untilMs);
        return;
      case "kill":
        return this.kill(incident);
      case "act":
        this.act(incident.act, incident.host, incident.percent);
        return;
      case "call":
      case "lateMetrics":
      case "outage":
      case "activeDown":
      case "wentBack":
      case "partialAlarms":
        // They are asked for where they matter: wire.ts, world/build.ts.
        return;
    }
  }

  private kill({ reborn, afterMs, force, engine }: Extract<Incident, { readonly kind: "kill" }>): void {
    const { runner } = this;
    const { timeline } = this.stage;
    if (runner?.lives !== true) return;
    runner.lives = false;
    runner.wasKilled = true;
    if (!engine) runner.engineLives = false;
    timeline.at(timeline.nowMs + afterMs, () =>
      this.start("rollout", reborn, force, (run) => runRollout(run, force)),
    );
  }

  private act(act: OperatorAct, host: string, percent: number): void {
    const { authority } = this.stage.watcher;
    const asked = { setShare: percent, promote: 100, promoteWithoutEvidence: 100, revertToCandidate: 100 };
    const share = Object.entries(asked).find(([name]) => name === act)?.[1];
    const force = act === "secondRolloutByForce";
    const atMs = this.stage.timeline.nowMs;
    const by = this.start(act, host, force, (run) => runAct(run, act, percent));
    const works = () => by.lives || by.engineLives;
    if (share !== undefined) authority.asked({ share, atMs, works });
  }

  /** Nothing goes wrong any more, and somebody goes on with the release, or ends it; each command is a process. */
  private heal(tries = 0): void {
    if (tries === 0) {
      if (this.healing) return;
      this.healing = true;
      this.stage.wire.forgive();
      this.stage.cloud.backend.forgetWaiting();
      for (const machine of this.stage.hosts.values()) {
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
        if (!this.healed)
          this.stage.timeline.at(this.stage.timeline.nowMs + 1_000, () => this.heal(tries + 1));
      }
    });
  }
}

/** From its lock on an update takes about so long. */
const LONG_UPDATE_MS = 6_000;
/** Rollout, revert, and that twice more: whoever reads what they say does no more either. */
const LAST_TRY = 5;
const isEnd = (said: string) => said.startsWith("promoted:") || said.startsWith("rolledBack:");

import type { CohortsOutcome } from "../validation/cohorts/cohorts.ts";
import type { DeployOutcome } from "../validation/deploy/deploy.ts";
import type { FreezeOutcome } from "../validation/deploy/freeze.ts";
import type { RetireOutcome } from "../validation/deploy/retire.ts";
import type { RotateOutcome } from "../validation/deploy/rotate.ts";
import type { ExperimentOutcomeNow } from "../validation/experiment/experiment.ts";
import type { AllStacksOutcome } from "../validation/insight/all-stacks.ts";
import type { CostOutcome } from "../validation/insight/cost.ts";
import type { DiffOutcome } from "../validation/insight/diff.ts";
import type { DoctorOutcome } from "../validation/insight/doctor.ts";
import type { HistoryOutcome } from "../validation/insight/history.ts";
import type { LogsOutcome } from "../validation/insight/logs.ts";
import type { ReplayOutcome } from "../validation/insight/replay.ts";
import type { StatusOutcome } from "../validation/insight/status.ts";
import type { PauseAnswer } from "../validation/judge/ecs-flows.ts";
import type { JudgeAnswer } from "../validation/judge/judge-pair.ts";
import type { PlanOutcome } from "../validation/planning/plan.ts";
import type { RolloutForMachines, StepForMachines } from "../validation/report/for-machines.ts";
import type { RevertOutcome } from "../validation/rollback/revert.ts";
import type { RestoreOutcome } from "../validation/rollout/drift.ts";
import type { ReplayRequestsOutcome } from "../validation/shadow/replay-requests.ts";
import type { FeedbackOutcome } from "../validation/signals/feedback/feedback.ts";
import type { NewStack } from "../validation/stack/init.ts";
import type { SyncOutcome } from "../validation/stack/sync.ts";
import type { PromoteOutcome } from "../validation/steering/promote.ts";
import type { SteerOutcome } from "../validation/steering/steer.ts";
import type { TestPlan } from "../validation/suite/dry-run.ts";
import type { TestOutcome } from "../validation/suite/test-candidate.ts";
import type { ReportResult } from "./actions/report.ts";
import type { VerifyResult } from "./actions/verify.ts";
import type { ConsoleResult } from "./verbs/inspect/console.ts";
import type { ErrorResult, InterruptedResult } from "./json.ts";
import type { MadeProject } from "./project/new-project.ts";

/**
 * What each verb prints with `--json`, beside `schema`. docs/schemas/ follows from these types (`npm run
 * generate:schemas`); docs/seeing/json.md says what may change within a version.
 */
export interface VerbResults {
  readonly console: ConsoleResult;
  readonly report: ReportResult;
  readonly verify: VerifyResult;
  readonly approve: SteerOutcome;
  readonly cohort: CohortsOutcome;
  readonly cost: CostOutcome;
  readonly deploy: DeployOutcome;
  readonly diff: DiffOutcome;
  readonly doctor: DoctorOutcome;
  readonly experiment: SteerOutcome | ExperimentOutcomeNow;
  readonly feedback: FeedbackOutcome;
  readonly freeze: FreezeOutcome;
  readonly history: HistoryOutcome;
  readonly init: NewStack | MadeProject;
  readonly judge: JudgeAnswer | PauseAnswer;
  readonly logs: LogsOutcome;
  readonly pause: SteerOutcome;
  readonly plan: PlanOutcome;
  readonly promote: PromoteOutcome | SteerOutcome;
  readonly replay: ReplayOutcome;
  readonly "replay-requests": ReplayRequestsOutcome;
  readonly restore: RestoreOutcome;
  readonly resume: SteerOutcome;
  readonly retire: RetireOutcome;
  readonly revert: RevertOutcome;
  readonly rollout: RolloutForMachines;
  readonly rotate: RotateOutcome;
  readonly status: StatusOutcome | AllStacksOutcome;
  readonly step: StepForMachines;
  readonly sync: SyncOutcome;
  readonly test: TestOutcome | TestPlan;
  /** Of any verb. */
  readonly error: ErrorResult;
  readonly interrupted: InterruptedResult;
}

/** A small wrong edit of the product, which the simulation has to find. */
export interface Defect {
  readonly name: string;
  /** Path in the repository. */
  readonly file: string;
  /** Stands there once. */
  readonly from: string;
  readonly to: string;
}

export const DEFECTS: readonly Defect[] = [
  {
    name: "gates-that-could-not-read-are-passed-over",
    file: "validation/core/decide.ts",
    from: `    { why: "unreadable", found: sorted.unreadable },\n`,
    to: "",
  },
  {
    name: "lock-of-a-holder-that-nobody-knows-is-broken",
    file: "validation/stack/locks.ts",
    from: "holders.length > 0 && holders.every(({ dead }) => dead)",
    to: "holders.length > 0 && holders.every(({ runs }) => runs !== true)",
  },
  {
    name: "newest-minutes-count-as-they-come",
    file: "validation/core/comparison/data.ts",
    from: "return isSame && at.nowMs - (minute.atMs + MINUTE_MS) >= at.lagSeconds * 1000 && isWhole(minute, at);",
    to: "return isSame || isWhole(minute, at);",
  },
  {
    name: "watchdog-takes-the-time-before-the-deadline-for-after",
    file: "watchdog/decide.ts",
    from: "nowMs < deadlineMs + GRACE_MS)",
    to: "nowMs >= deadlineMs + GRACE_MS)",
  },
  {
    name: "watchdog-hears-no-alarm",
    file: "watchdog/decide.ts",
    from: "if (reasons.length > 0) return",
    to: "if (reasons.length > 9) return",
  },
  {
    name: "watchdog-moves-users-to-the-candidate",
    file: "watchdog/roll-back.ts",
    from: "const to = otherSlot(watched.shifted);",
    to: "const to = watched.shifted;",
  },
  {
    name: "updates-forget-who-was-rolled-back-meanwhile",
    file: "contract/transition/rolled-back.ts",
    from: "if (wouldShift && live.split[shifted] === 0) {",
    to: "if (wouldShift && live.split[shifted] === 100) {",
  },
  {
    name: "pause-stops-nobody",
    file: "validation/core/decide.ts",
    from: "const isStopped = paused !== undefined || drift !== undefined || watchOnly;",
    to: "const isStopped = drift !== undefined || watchOnly;",
  },
  {
    name: "approval-is-not-waited-for",
    file: "validation/core/decide.ts",
    from: "if (isProven && !isStopped && awaited === undefined) return",
    to: "if (isProven && !isStopped) return",
  },
  {
    name: "failing-candidates-stay",
    file: "validation/core/assessment.ts",
    from: `answer.kind === "fail" && about === "candidate" && onFail === "rollback"`,
    to: `answer.kind === "fail" && about === "baseline" && onFail === "rollback"`,
  },
  {
    name: "evidence-is-written-in-place",
    file: "packages/pulumi-engine/state/files.ts",
    from: 'const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;',
    to: "const temporary = path;",
  },
  {
    name: "full-disk-is-left-littered",
    file: "packages/pulumi-engine/state/files.ts",
    from: "    // On a full disk every try would leave one more.\n    await removeIfThere(temporary);",
    to: "",
  },
  {
    name: "rollout-waits-past-every-deadline",
    file: "validation/rollout/act.ts",
    from: "    finished: expired ||",
    to: "    finished: false ||",
  },
  {
    name: "second-rollout-does-not-leave",
    file: "validation/rollout/ownership.ts",
    from: `(standing === "alive" || standing === "elsewhere") && !ownership.takeOver`,
    to: `standing === "alive" && !ownership.takeOver`,
  },
  {
    name: "bake-is-counted-in-seconds",
    file: "validation/core/decide.ts",
    from: "state.liveSinceMs + bakeMinutes * 60_000;",
    to: "state.liveSinceMs + bakeMinutes * 1_000;",
  },
  {
    name: "share-is-live-since-the-earliest-moment-known",
    file: "validation/core/live-since.ts",
    from: "return Math.max(known.stepSinceMs, known.updateEndedMs, known.agreedMs ?? 0);",
    to: "return Math.min(known.stepSinceMs, known.updateEndedMs, known.agreedMs ?? 0);",
  },
  {
    name: "deadline-that-reverts-only-holds",
    file: "validation/core/decide.ts",
    from: `if (expired && policy.atDeadline === "revert") {`,
    to: `if (expired && policy.atDeadline === undefined) {`,
  },
  {
    name: "emergency-revert-is-taken-for-drift",
    file: "validation/core/situation.ts",
    from: "const revertedAtOnce = shifted.deployed > 0 && shifted.live === 0;",
    to: "const revertedAtOnce = false;",
  },
  {
    name: "share-is-greater-than-the-verdict-says",
    file: "validation/core/changes/changes.ts",
    from: '    [weightKey(release.slot)]: percent,\n    release: {\n      ...release,\n      state: "running",\n      weight: percent,',
    to: '    [weightKey(release.slot)]: percent + 2,\n    release: {\n      ...release,\n      state: "running",\n      weight: percent + 2,',
  },
  {
    name: "healthy-targets-are-never-enough",
    file: "validation/gates/target-health.ts",
    from: "if (healthy === 0) return fail(",
    to: "if (healthy <= minTasks) return fail(",
  },
  {
    name: "steps-are-jumped-over",
    file: "validation/core/changes/steering.ts",
    from: "steps.find((step) => step > share);",
    to: "steps.findLast((step) => step > share);",
  },
  {
    name: "update-made-up-from-what-is-no-longer-deployed-is-carried-out",
    file: "contract/transition/writer.ts",
    from: "if (from !== undefined && from < previous)",
    to: "if (from !== undefined && from < 0)",
  },
  {
    name: "mark-of-a-rollback-before-the-first-update-is-not-looked-for",
    file: "validation/rollout/step.ts",
    from: "if (mark.value !== undefined) return completeRevert",
    to: "if (mark.value === null) return completeRevert",
  },
  {
    name: "tasks-that-are-not-well-are-enough",
    file: "validation/gates/target-health.ts",
    from: "if (healthy < minTasks || unhealthy > 0) {",
    to: "if (healthy < 0) {",
  },
  {
    name: "another-task-definition-runs",
    file: "validation/gates/running.ts",
    from: "if (primary.taskDefinitionArn !== requested.taskDefinitionArn) {",
    to: "if (primary.taskDefinitionArn === undefined) {",
  },
  {
    name: "one-approval-is-for-all-shares",
    file: "validation/core/changes/steering.ts",
    from: "filter((share) => !release.approvedSteps.includes(share))",
    to: "filter(() => release.approvedSteps.length === 0)",
  },
  {
    name: "whoever-takes-over-resumes",
    file: "validation/core/changes/steering.ts",
    from: "{ release: { ...release, owner, liveSince: iso(liveSinceMs) } }",
    to: '{ release: { ...release, owner, state: "running", liveSince: iso(liveSinceMs) } }',
  },
  {
    name: "step-has-ten-times-its-time",
    file: "validation/core/changes/changes.ts",
    from: "deadline: iso(nowMs + deadlineMinutes * 60_000),",
    to: "deadline: iso(nowMs + deadlineMinutes * 600_000),",
  },
  {
    name: "persons-revert-refuses-the-model",
    file: "validation/core/changes/changes.ts",
    from: 'by === "gates" ? reason : undefined,',
    to: "reason,",
  },
  {
    name: "mark-of-an-earlier-release-ends-this-one",
    file: "validation/rollback/rollback-mark.ts",
    from: "(isOpen(release) && releaseId === release.id) ||",
    to: "isOpen(release) ||",
  },
  {
    name: "watchdog-takes-an-earlier-mark-for-its-own",
    file: "watchdog/decide.ts",
    from: "if (mark !== undefined && mark.releaseId === release?.id)",
    to: "if (mark !== undefined)",
  },
  {
    name: "old-checkout-is-carried-out",
    file: "contract/transition/transition.ts",
    from: "if (next.generation < from.generation)",
    to: "if (next.generation < 0)",
  },
  {
    name: "cookies-stay-after-a-rollback",
    file: "contract/route/route.ts",
    from: "enabled: stickinessSeconds > 0 && divided,",
    to: "enabled: stickinessSeconds > 0 && (divided || split.green === 0),",
  },
  {
    name: "comparison-begins-anew",
    file: "validation/core/changes/compared.ts",
    from: "windows: [...before.windows, { from: iso(nowMs) }]",
    to: "windows: [{ from: iso(nowMs) }]",
  },
  {
    name: "rollback-is-told-as-promotion",
    file: "validation/rollout/rollout.ts",
    from: 'if (exitCode === EXIT.rolledBack) return { ...base, exitCode, result: "rolledBack" };',
    to: 'if (exitCode === EXIT.rolledBack) return { ...base, exitCode: EXIT.done, result: "promoted" };',
  },
  {
    name: "signal-that-holds-is-passed-over",
    file: "validation/gates/signals.ts",
    from: 'signal.definition.action === "hold");',
    to: 'signal.definition.action === "rollback");',
  },
  {
    name: "signal-that-holds-ends-the-release",
    file: "validation/core/comparison/compared.ts",
    from: '    case "hold":\n    case "report":\n      return "alone";',
    to: '    case "report":\n      return "alone";',
  },
  {
    name: "memo-is-written-in-place",
    file: "validation/adapters/route-memo.ts",
    from: "const unfinished = `${path}.${process.pid}.tmp`;",
    to: "const unfinished = path;",
  },
  {
    name: "slots-of-a-signal-are-swapped",
    file: "validation/signals/metrics.ts",
    from: "new Map((read.get(idOf(metric(arm)))",
    to: 'new Map((read.get(idOf(metric(arm === "active" ? "candidate" : "active")))',
  },
  {
    name: "promotion-leaves-the-active-slot",
    file: "validation/core/changes/changes.ts",
    from: "    activeSlot: release.slot,\n    blueWeight: 0,",
    to: "    activeSlot: config.activeSlot,\n    blueWeight: 0,",
  },
  {
    name: "active-slot-in-trouble-is-passed-over",
    file: "validation/core/decide.ts",
    from: `    { why: "baseline-failing", found: sorted.baselineFailing },\n`,
    to: "",
  },
  {
    name: "watchdog-blames-for-what-hits-both",
    file: "watchdog/alarm-explained.ts",
    from: "return isExcess ? undefined :",
    to: "return isExcess || counts.usual.exposure >= 0 ? undefined :",
  },
];

import { isOpen, type Release } from "../../../contract/release/release.ts";
import { iso } from "../../core/iso.ts";
import type { Outcome } from "../../outcome.ts";
import type { Deployed, Reporter } from "../../ports.ts";
import type { ProgressEvent } from "../../progress.ts";
import { messageOf } from "../../reading.ts";
import type { StepOutcome } from "../../rollout/step-types.ts";
import type { TestOutcome } from "../../suite/test-candidate.ts";
import { evidenceRecord, type EvidenceRecord } from "../evidence.ts";
import { chained } from "./chain.ts";
import { eventOf } from "./events.ts";
import { endsSealed, journalKeeper, putAwayFormer, type JournalFiles, type JournalKeeper } from "./keeper.ts";
import { beginOf } from "./begin.ts";

export interface RecorderSettings {
  /** Whole: `fraud-model/prod`. */
  readonly stack: string;
  readonly files: JournalFiles;
  /** Name and version of this tool. */
  readonly who: () => string;
  /** What is deployed, for the first line of a journal. */
  readonly deployed: () => Promise<Deployed | undefined>;
  readonly reporter: Reporter;
}

/**
 * Writes the journal of whatever release a flow works on, in the order in which it is told. A failure is told once and
 * stops nothing. Times are epoch milliseconds of the cloud's clock.
 */
export interface Recorder {
  heard(event: ProgressEvent, nowMs: number): Promise<void>;
  /** `before`: what was deployed when it looked. */
  looked(step: StepOutcome, before: Deployed, nowMs: number): Promise<void>;
  tested(outcome: TestOutcome, nowMs: number): Promise<void>;
  /** The record of a step, with its place in the journal. */
  recordOf(step: StepOutcome, nowMs: number): Promise<EvidenceRecord>;
  /** The flow has ended: seals what has ended. Answers with the releases that are sealed by it. */
  conclude(outcome: FlowEnd, nowMs: number): Promise<readonly string[]>;
}

/** What a flow may end with. */
export type FlowEnd = Outcome & { readonly release?: Release | undefined };

export function createRecorder(settings: RecorderSettings): Recorder {
  const { stack, files, who, deployed, reporter } = settings;
  const keepers = new Map<string, JournalKeeper>();
  const records = new WeakMap<StepOutcome, EvidenceRecord>();
  let current: Release | undefined;
  let queue = Promise.resolve();
  let isTold = false;

  const keeperOf = (releaseId: string) => {
    const keeper = keepers.get(releaseId) ?? journalKeeper(files.of(releaseId));
    keepers.set(releaseId, keeper);
    return keeper;
  };
  /** In the order in which things happened. */
  const soon = (write: () => void | Promise<void>) => {
    queue = queue.then(write).catch((error: unknown) => {
      if (isTold) return;
      isTold = true;
      const message = `the journal of this release has gaps from here on: ${messageOf(error)}`;
      reporter.report({ kind: "note", message });
    });
    return queue;
  };
  /** undefined: what is there was sealed, and nothing is written behind a seal. */
  const begun = (release: Release, config: Deployed["config"] | undefined, nowMs: number) => {
    current = release;
    const keeper = keeperOf(release.id);
    putAwayFormer(files.of(release.id), keeper, release);
    if (keeper.state().isSealed) return undefined;
    if (keeper.state().digests.length === 0 && config !== undefined)
      keeper.add(beginOf({ stack, who: who(), nowMs, release, config }));
    return keeper;
  };
  const heard = async (event: ProgressEvent, nowMs: number) => {
    if (event.kind === "reverted") {
      const releaseId = current?.id ?? files.releases()[0];
      const keeper = releaseId === undefined ? undefined : keeperOf(releaseId);
      if (keeper === undefined || keeper.state().isSealed || keeper.state().digests.length === 0) return;
      keeper.add(eventOf(event, keeper.state(), nowMs));
    }
    if (event.kind !== "applied" || event.release === undefined) return;
    const { release } = event;
    const before = keeperOf(release.id).state();
    const isNew = before.digests.length === 0;
    if (isNew && !isOpen(release)) return;
    const keeper = begun(release, isNew ? (await deployed())?.config : undefined, nowMs);
    keeper?.add(eventOf(event, before, nowMs));
  };

  return {
    heard: (event, nowMs) => soon(() => heard(event, nowMs)),
    looked: (step, { config }, nowMs) =>
      soon(() => {
        const { release, verdict } = step;
        if (release === undefined || verdict === undefined) return;
        const keeper = begun(release, config, nowMs);
        if (keeper !== undefined) records.set(step, keeper.look(evidenceRecord(stack, step, nowMs)));
      }),
    tested: ({ release, ...report }, nowMs) =>
      soon(async () => {
        if (release === undefined) return;
        const keeper = begun(release, (await deployed())?.config, nowMs);
        keeper?.add({ kind: "tests", at: iso(nowMs), report });
      }),
    async recordOf(step, nowMs) {
      await queue;
      return records.get(step) ?? chained(evidenceRecord(stack, step, nowMs));
    },
    async conclude({ release }, nowMs) {
      const sealed: string[] = [];
      await soon(() => {
        const now = release ?? current;
        if (now === undefined) return;
        for (const id of files.releases().filter((one) => !endsSealed(files.of(one))))
          if (sealIfEnded(keeperOf(id), id, now, iso(nowMs))) sealed.push(id);
        // Those that have just ended are reported on next.
        if (sealed.length > 0) files.dropOld((id) => !sealed.includes(id) && endsSealed(files.of(id)));
      });
      return sealed;
    },
  };
}

/** The journal of a release that has ended gets its seal, also of one whose end another process has brought about. */
function sealIfEnded(keeper: JournalKeeper, id: string, now: Release, at: string): boolean {
  const { isSealed, digests, release: last } = keeper.state();
  if (isSealed || digests.length === 0) return false;
  const release = id === now.id ? now : last;
  const isOver = release !== undefined && (release.state === "promoted" || release.state === "rolledBack");
  if (isOver) keeper.seal(at, release.state, `${WORDS[release.state]}: ${release.reason}`);
  else if (id !== now.id) keeper.seal(at, "replaced", `release ${now.id} is there now`);
  return keeper.state().isSealed;
}

const WORDS = { promoted: "promoted", rolledBack: "rolled back" } as const;

import { join } from "node:path";
import { fullName } from "../contract/names/names.ts";
import { journalFiles, journalIn } from "../validation/adapters/journal-files.ts";
import { lazily } from "../validation/adapters/target.ts";
import type { Context, Reporter } from "../validation/ports.ts";
import type { EvidenceRecord } from "../validation/report/evidence.ts";
import type { FlowEnd } from "../validation/report/journal/recorder.ts";
import type { Looked, StepOutcome } from "../validation/rollout/step-types.ts";
import type { TestOutcome } from "../validation/suite/test-candidate.ts";
import { ownVersion } from "./local/own-files.ts";
import type { LocalPlace } from "./local/place.ts";
import type { StackTarget } from "./stack-target.ts";

/** The journal of the release that a flow works on. Nothing of it is loaded before the first thing to write. */
export interface Journal {
  /** Everything that is reported, with the journal listening. */
  readonly reporter: Reporter;
  readonly looked: Looked;
  tested(outcome: TestOutcome): void;
  recordOf(step: StepOutcome): Promise<EvidenceRecord>;
  /** The flow has ended: seals what has ended, and writes its report. Answers with the report's file, if it wrote one. */
  conclude(outcome: FlowEnd): Promise<string | undefined>;
}

/** Where releases are kept: beside the local cloud, or beside Pulumi.yaml for a stack on AWS. */
export const releasesFolder = (
  { kind }: Pick<StackTarget, "kind">,
  { root, directory }: Pick<LocalPlace, "root" | "directory">,
): string => join(kind === "local" ? directory : join(root, ".bluegreen"), "releases");

/** Where those of one model of one stack are. `stack`: its whole name, like `fraud-model/prod`. */
export const releasesOf = (
  stack: string,
  target: Pick<StackTarget, "kind">,
  place: Pick<LocalPlace, "root" | "directory">,
): string => join(releasesFolder(target, place), ...stack.split("/"));

export function journalOf(
  target: StackTarget & { readonly model?: string },
  place: LocalPlace,
  context: Context,
): Journal {
  const { clock, reporter, store } = context;
  const stack = fullName(target);
  const folder = releasesOf(stack, target, place);
  const recorder = lazily(async () => {
    const { createRecorder } = await import("../validation/report/journal/recorder.ts");
    return createRecorder({
      stack,
      files: journalFiles(folder),
      who: () => `ml-blue-green ${ownVersion()}`,
      deployed: () => store.deployed(),
      reporter,
    });
  });
  return {
    reporter: {
      report(event) {
        reporter.report(event);
        if (event.kind !== "applied" && event.kind !== "reverted") return;
        const nowMs = clock.now();
        void recorder().then((one) => one.heard(event, nowMs));
      },
    },
    looked(step, before) {
      const nowMs = clock.now();
      void recorder().then((one) => one.looked(step, before, nowMs));
    },
    tested(outcome) {
      const nowMs = clock.now();
      void recorder().then((one) => one.tested(outcome, nowMs));
    },
    recordOf: async (step) => (await recorder()).recordOf(step, clock.now()),
    async conclude(outcome) {
      const sealed = await (await recorder()).conclude(outcome, clock.now());
      if (sealed.length === 0) return undefined;
      const { keepReport } = await import("./report-files.ts");
      const note = (message: string) => reporter.report({ kind: "note", message });
      let report: string | undefined;
      for (const release of sealed) report = await keepReport(journalIn(folder, release), note);
      return report;
    },
  };
}

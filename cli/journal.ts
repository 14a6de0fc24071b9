import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fullName } from "../contract/names/names.ts";
import { journalFiles } from "../validation/adapters/journal-files.ts";
import { lazily } from "../validation/adapters/target.ts";
import type { Context, Reporter } from "../validation/ports.ts";
import type { EvidenceRecord } from "../validation/report/evidence.ts";
import type { EndedFlow } from "../validation/report/journal/recorder.ts";
import type { Looked, StepOutcome } from "../validation/rollout/step-types.ts";
import type { TestOutcome } from "../validation/suite/test-candidate.ts";
import { OWN_TREE } from "./local/own-files.ts";
import type { LocalPlace } from "./local/place.ts";
import type { StackTarget } from "./stack-target.ts";

/** The journal of the release that a flow works on. Nothing of it is loaded before the first thing to write. */
export interface Journal {
  /** Everything that is reported, with the journal listening. */
  readonly reporter: Reporter;
  readonly looked: Looked;
  tested(outcome: TestOutcome): void;
  recordOf(step: StepOutcome): Promise<EvidenceRecord>;
  conclude(outcome: EndedFlow): Promise<void>;
}

/** Where releases are kept: beside the local cloud, or beside Pulumi.yaml for a stack on AWS. */
export const releasesFolder = (
  { kind }: Pick<StackTarget, "kind">,
  { root, directory }: LocalPlace,
): string => join(kind === "local" ? directory : join(root, ".bluegreen"), "releases");

export function journalOf(
  target: StackTarget & { readonly model?: string },
  place: LocalPlace,
  context: Context,
): Journal {
  const { clock, reporter, store } = context;
  const stack = fullName(target);
  const recorder = lazily(async () => {
    const { createRecorder } = await import("../validation/report/journal/recorder.ts");
    return createRecorder({
      stack,
      files: journalFiles(join(releasesFolder(target, place), ...stack.split("/"))),
      who: toolName,
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
    conclude: async (outcome) => (await recorder()).conclude(outcome, clock.now()),
  };
}

function toolName(): string {
  const { name, version }: { readonly name: string; readonly version: string } = JSON.parse(
    readFileSync(join(OWN_TREE, "package.json"), "utf8"),
  );
  return `${name} ${version}`;
}

import { readCohorts } from "../cohorts/cohort.ts";
import { overrideFields, slotFields } from "./keys.ts";
import { labelFields } from "../signals/label-fields.ts";
import { copyFields } from "./model-fields.ts";
import type { Raw } from "./own-keys.ts";
import { iamFields, networkFields, rolloutFields, serviceFields, thresholdFields } from "./sections.ts";
import type { StackConfig } from "./stack-config.ts";
import { suiteFields } from "./suite.ts";
import { besideSuiteFile } from "../checks/suite-problems.ts";
import { strayedKeys } from "../checks/stray-keys.ts";
import { unknownKeys } from "../checks/key-problems.ts";
import type { Problem } from "../checks/problem.ts";
import { configProblems } from "../checks/problems.ts";
import { policyUnder } from "../release/experiment-policy.ts";
import { releaseFields, releaseOf } from "../release/release.ts";
import { splitOf } from "../route/split.ts";
import { perSlot } from "../slot.ts";
import { withoutCustomMetrics } from "../signals/custom-metrics.ts";
import { readSignals } from "../signals/read-signals.ts";
import { createReader } from "./reader.ts";

export type Parsed =
  | { readonly ok: true; readonly config: StackConfig }
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      /** What could be read, with the defaults in place of what was refused: to look for more problems, not to use. */
      readonly readable: StackConfig;
    };

/**
 * Reads a stack's configuration from Pulumi's own form: values as text, objects as JSON text, the project's own keys
 * bare (contract/config/own-keys.ts). Keys of other namespaces are not ours and pass. All problems come at once.
 */
export function parseConfig(raw: Raw): Parsed {
  const reader = createReader(raw);
  const activeSlot = reader.slot("activeSlot");
  const rollout = withoutCustomMetrics(reader);
  const release = releaseOf(reader.fields("release", reader.object("release"), releaseFields));
  const config: StackConfig = {
    activeSlot,
    weights: { blue: reader.percent("blueWeight"), green: reader.percent("greenWeight") },
    split: splitOf(activeSlot, reader.percent(activeSlot === "blue" ? "greenWeight" : "blueWeight")),
    slots: perSlot((slot) => {
      const { overrides, service, ...own } = reader.object(slot);
      return {
        ...reader.fields(slot, own, slotFields),
        overrides: reader.fields(`${slot}.overrides`, overrides ?? {}, overrideFields),
        service: reader.fields(`${slot}.service`, service ?? {}, copyFields),
      };
    }),
    release,
    generation: reader.whole("generation", Number.MAX_SAFE_INTEGER),
    cohorts: readCohorts(reader),
    service: reader.fields("service", reader.object("service"), serviceFields),
    network: reader.fields("network", reader.object("network"), networkFields),
    iam: reader.fields("iam", reader.object("iam"), iamFields),
    thresholds: reader.fields("thresholds", reader.object("thresholds"), thresholdFields),
    rollout: policyUnder(reader.fields("rollout", rollout, rolloutFields), release),
    signals: readSignals(reader),
    suite: reader.fields("suite", reader.object("suite"), suiteFields),
    labels: reader.fields("labels", reader.object("labels"), labelFields),
    testTokens: reader.text("testToken")?.split(",") ?? [],
    notifyUrl: reader.text("notifyUrl"),
    localCloud: reader.text("localCloud"),
  };
  const beside = besideSuiteFile(reader.object("suite"));
  const found = [...strayedKeys(raw), ...reader.problems, ...unknownKeys(raw), ...beside];
  const problems = found.length > 0 ? found : configProblems(config);
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems, readable: config };
}

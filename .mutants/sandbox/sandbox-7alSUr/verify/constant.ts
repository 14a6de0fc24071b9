import type { Checks } from "./differences.ts";
import { optionalObject, textAt, type JsonObject } from "./read/json.ts";

/** What stays as it is while a release lasts. */
export interface Constants {
  check(entry: JsonObject, checks: Checks): void;
}

/** docs/decision.md: limits of slow answers and the schedule are taken once for a pair of models and kept. */
const FROZEN = ["slowThresholds", "schedule"];

export function constants(begin: JsonObject): Constants {
  const release = optionalObject(begin, "release");
  let pair: string | undefined;
  let frozen: JsonObject = {};
  return {
    check(entry, checks) {
      const now = optionalObject(entry, "release");
      if (now !== undefined && release !== undefined)
        for (const name of ["id", "digest", "slot"]) checks.same(`release.${name}`, now[name], release[name]);
      if (entry["stack"] !== undefined) checks.same("stack", textAt(entry, "stack"), begin["stack"]);
      const comparison = optionalObject(entry, "comparison");
      if (comparison === undefined) return;
      const compared = now && optionalObject(now, "compared");
      const pairNow = `${String(compared?.["active"])} ${String(compared?.["attempt"])}`;
      if (pairNow !== pair) frozen = comparison;
      pair = pairNow;
      for (const name of FROZEN) checks.same(`comparison.${name}`, comparison[name], frozen[name]);
    },
  };
}

/** The model of a record is what its release says. */
export function checkModel(record: JsonObject, checks: Checks): void {
  const [model, release] = [optionalObject(record, "model"), optionalObject(record, "release")];
  if (model === undefined || release === undefined) return;
  checks.same("model.image", model["image"], release["digest"]);
  checks.same("model.modelVersion", model["modelVersion"], release["modelVersion"]);
  const digest = /@(sha256:[0-9a-f]{64})$/.exec(textAt(release, "digest"))?.[1];
  checks.same("model.digest", model["digest"], digest);
}

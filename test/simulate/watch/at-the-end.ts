import { isDeepStrictEqual } from "node:util";
import { isOpen, type Release } from "../../../contract/release/release.ts";
import { showSplit } from "../../../contract/route/split.ts";
import { ROUTE_ARN } from "../../validation/support/world.ts";
import { onDiskOf } from "../disk/of-process.ts";
import { evidenceOf } from "../actors/verbs.ts";
import type { ProcessOnMachine } from "../engine/machine.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { CloudOfOne } from "../world/cloud-of-one.ts";
import type { Violation } from "./violation.ts";

/** What has to hold when the trouble is over and a release was brought to its end. */
export function atTheEnd(
  cloud: CloudOfOne,
  scenario: Scenario,
  processes: readonly ProcessOnMachine[],
  /** Whose gates have rolled the candidate back; undefined: nobody's. */
  refusedBy: string | undefined,
): readonly Violation[] {
  const atMs = cloud.nowMs();
  const of = (invariant: Violation["invariant"], what: string): Violation => ({ invariant, atMs, what });
  const waiting = processes.filter(({ lives }) => lives);
  const { config } = cloud.backend.last();
  const { release, split } = config;
  const shares = cloud.rule.shares();
  const isPromotedByVerdict =
    release?.state === "promoted" && !/ by |manually/.test(release.reason) && scenario.model.word === "bad";
  const refuser = processes.find(({ name }) => name === refusedBy);
  const isForgotten =
    refuser?.wasKilled === false &&
    !refuser.couldNotTag &&
    release?.state === "rolledBack" &&
    release.compared !== undefined &&
    release.compared.refused === undefined;
  // A candidate from which a person has taken its tasks, or ECS its task definition before its first users, waits for one.
  const waitsForDeploy = ({ slot, state }: Release) =>
    config.slots[slot].minTasks === 0 || (state === "deployed" && cloud.hasGoneBack(atMs));
  return [
    ...waiting.map(({ name }) => of("waits", `${name} has not ended`)),
    ...(isOpen(release) && !waitsForDeploy(release)
      ? [of("convergence", `release ${release.id} is ${release.state}`)]
      : []),
    ...(isDeepStrictEqual({ ...split }, { ...shares })
      ? []
      : [of("convergence", `deployed is ${showSplit(split)}, and the route has ${showSplit(shares)}`)]),
    ...(isPromotedByVerdict ? [of("rollback", `a bad model was promoted: ${release.reason}`)] : []),
    ...(isForgotten ? [of("verdicts", `${refusedBy} rolled it back, and it is not refused`)] : []),
    ...processes.flatMap((by) => brokenFiles(by).map((what) => of("evidence", what))),
  ];
}

function brokenFiles(by: ProcessOnMachine): readonly string[] {
  return [
    ...broken(by, evidenceOf(by), isWhole),
    ...broken(by, onDiskOf(by, "route"), (text) => text === `${ROUTE_ARN}\n`),
  ];
}

function broken(by: ProcessOnMachine, path: string, isRight: (text: string) => boolean): readonly string[] {
  const { files } = by.machine;
  const text = files.get(path);
  const left = [...files.keys()].filter((name) => name.startsWith(`${path}.`));
  return [
    ...(text === undefined || isRight(text) ? [] : [`${path} is a part of a file`]),
    ...(by.wasKilled ? [] : left.map((name) => `${name} was left, although ${by.name} was not killed`)),
  ];
}

function isWhole(text: string): boolean {
  try {
    return Object.hasOwn(Object(JSON.parse(text)), "verdict");
  } catch {
    return false;
  }
}

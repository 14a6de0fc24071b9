import { modelFields } from "../config/model-fields.ts";
import { problem, type Problem } from "../checks/problem.ts";
import type { TaskPart } from "../config/task-settings.ts";
import type { PartChange } from "./definition-changes.ts";
import { inTurn } from "./routing.ts";
import { hadUsers, isManual, type SlotTransition } from "./step.ts";
import { isNever, keptChanges, notInPlace } from "./in-use.ts";

/** Another model, or another service of it, goes to a slot that nobody needs. */
export function keepsModelInUse(step: SlotTransition): readonly Problem[] {
  const changes = keptChanges(step);
  return changes.map((change) => kept(step, change, changes));
}

/** Scaling takes the tasks above a lower limit away at once, whatever the users need. Manually alone: no tool lowers it. */
export function keepsLimitOfUsers(step: SlotTransition): readonly Problem[] {
  const { previous, next, slot } = step;
  const before = previous.slots[slot]?.maxTasks;
  const { image, maxTasks } = next.slots[slot];
  if (before === undefined || image === undefined || maxTasks >= before) return [];
  if (!isManual(previous, next) || !hadUsers(step) || next.service.allowInPlace) return [];
  const key = `${slot}.maxTasks`;
  const allowed = `${before} or more while ${slot} has users, unless service.allowInPlace is true`;
  return [problem(key, maxTasks, allowed, `pulumi config set --path ${key} ${before}`)];
}

function kept(step: SlotTransition, change: PartChange, changes: readonly PartChange[]): Problem {
  const { slot } = step;
  const { part, key, before, after } = change;
  const isHidden = part === "environment" || part === "secrets";
  const use = hadUsers(step) ? "has users" : "stands by";
  const allowed = `${isHidden ? "its value" : before || "nothing"} as deployed while ${slot} ${use}${unless(step, change)}`;
  const got = isHidden ? "changed" : after || "nothing";
  // `sync` puts the keys of a release back as deployed; those that belong to a person are the person's to undo.
  if (key.startsWith(`${slot}.`)) {
    const anew = part === "rotated" ? `npx bluegreen rotate ${slot}` : deployCommand(step, changes);
    return { key, got, allowed, fix: inTurn("npx bluegreen sync", anew) };
  }
  const forNext = `${allowed}. It is for the next model once ${slot} has a copy of its own`;
  return { key, got, allowed: forNext, fix: inTurn("npx bluegreen freeze", "pulumi up") };
}

function unless(step: SlotTransition, change: PartChange): string {
  if (isNever(change)) return "";
  const why = notInPlace(step);
  return why === undefined ? ", unless service.allowInPlace is true" : ` (service.allowInPlace: ${why})`;
}

/** How `deploy` gives a part to its model. */
const DEPLOY_FLAGS: Readonly<Partial<Record<TaskPart, (value: string) => string>>> = {
  cpu: (value) => `--cpu ${value}`,
  capacity: (value) => `--capacity ${value}`,
  gpus: (value) => `--gpus ${value}`,
  memory: (value) => `--memory ${value}`,
  port: (value) => `--port ${value}`,
  healthPath: (value) => `--health-path ${value}`,
  environment: () => "--env NAME=value",
  secrets: () => "--set 'secrets={…}'",
  agent: () => "--set 'agent={…}'",
};

function deployCommand({ next, slot }: SlotTransition, changes: readonly PartChange[]): string {
  const { image, modelVersion = "<version>" } = next.slots[slot];
  const flags = changes.flatMap(({ part, after }) => {
    const flag = DEPLOY_FLAGS[part];
    if (flag !== undefined) return [flag(after)];
    return Object.hasOwn(modelFields, part) ? [`--set '${part}=${after}'`] : [];
  });
  return ["npx bluegreen deploy", String(image), `--model-version ${modelVersion}`, ...new Set(flags)].join(
    " ",
  );
}

import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../contract/field.ts";
import { commandBack, raiseProblem, slotsToProve, type RouteMoment } from "../contract/raise.ts";
import { perSlot, SLOTS, type PerSlot } from "../contract/slot.ts";

/** The states of a target group's targets, in ELB's words. */
export type TargetStates = (targetGroupArn: string) => Promise<readonly string[]>;

/**
 * Runs before each update of the route, in the program's process, and not in a preview: gives no slot more users
 * that has no healthy target, so that a plain `pulumi up` is safe, too. Taking users back asks nothing of nobody.
 * `typed`: how the commands that mend it are typed here.
 */
export function healthyFirst(
  targetGroups: PerSlot<pulumi.Input<string>>,
  statesOf: TargetStates,
  typed: (text: string) => string,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook("healthy-first", async ({ oldInputs, newInputs }) => {
    const arns = await valueOf(pulumi.output(targetGroups));
    await proveRaise(momentOf(oldInputs, arns), momentOf(newInputs, arns), arns, statesOf).catch(
      (error: unknown) => {
        throw error instanceof Error ? new Error(typed(error.message), { cause: error }) : error;
      },
    );
  });
}

/** @throws an Error that says what is wrong, also when nothing can be said of the targets: no data is not good news. */
export async function proveRaise(
  before: RouteMoment,
  after: RouteMoment,
  targetGroups: PerSlot<string>,
  statesOf: TargetStates,
): Promise<void> {
  // The program declares whole percents of both groups; whatever else stands there was not understood.
  if (SLOTS.reduce((sum, slot) => sum + after.weights[slot], 0) !== 100) {
    throw new Error("the weights that the route would have could not be read. Nothing was changed.");
  }
  for (const slot of slotsToProve(before, after)) {
    const states = await statesOf(targetGroups[slot]).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        `whether ${slot} has healthy targets could not be read (${reason}), so it gets no more users. Nothing was ` +
          `changed. Run the same command again, or take the change back: ${commandBack(slot, before, after)}`,
        { cause: error },
      );
    });
    const problem = raiseProblem(slot, before, after, states);
    if (problem !== undefined) throw new Error(problem);
  }
}

/** What the inputs of a listener rule (aws.lb.ListenerRule) say. */
export function momentOf(inputs: unknown, targetGroups: PerSlot<string>): RouteMoment {
  const rule = isRecord(inputs) ? inputs : {};
  const groups = members(rule["actions"]).flatMap((action) =>
    members(isRecord(action["forward"]) ? action["forward"]["targetGroups"] : []),
  );
  const weightOf = (arn: string) => Number(groups.find((group) => group["arn"] === arn)?.["weight"] ?? 0);
  const tags = isRecord(rule["tags"]) ? rule["tags"] : {};
  return {
    weights: perSlot((slot) => weightOf(targetGroups[slot])),
    tags: Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)])),
  };
}

function members(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  // An Output is no promise; when a hook runs, everything that the resource needs is known.
  return new Promise((resolve) => output.apply(resolve));
}

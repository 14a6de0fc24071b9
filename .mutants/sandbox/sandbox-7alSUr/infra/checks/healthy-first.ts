import * as pulumi from "@pulumi/pulumi";
import {
  commandBack,
  raiseProblem,
  slotsToProve,
  type PrimaryDeployment,
  type RouteChange,
} from "../../contract/route/raised-slots.ts";
import { SLOTS, type PerSlot, type Slot } from "../../contract/slot.ts";
import { changeOf } from "./route-change.ts";

/** What AWS is asked before a slot gets more users. */
export interface Questions {
  /** The states of a target group's targets, in ELB's words. */
  readonly targets: (targetGroupArn: string) => Promise<readonly string[]>;
  /** What a service runs; undefined: there is no such service, or it has no primary deployment. */
  readonly primary: (cluster: string, service: string) => Promise<PrimaryDeployment | undefined>;
}

/** What the last update asked for on a slot. */
export interface Requested {
  /** The ARN of a task definition; of a slot that something else fills, the image that was recorded. */
  readonly model: string;
  /** That ECS was asked to run it with; undefined: something else fills the slot. */
  readonly service: { readonly cluster: string; readonly name: string } | undefined;
}

/** A stack as its last update left it. */
export interface StackBefore {
  /** Whether users were on it whom an update could hurt. */
  readonly hadUsers: boolean;
  /** undefined: the slot was empty. */
  readonly requested: PerSlot<Requested | undefined>;
}

/**
 * Runs before each update and each creation of the route, in the program's process, and not in a preview: gives no
 * slot more users that has no healthy target, or runs another model than was asked for, so that a plain `pulumi up` is
 * safe, too. Moving users back asks nothing of nobody. The first route is exempt: its targets wait for it, because
 * ELB checks none that no rule leads to. `typed`: how the commands that fix it are typed here.
 */
export function healthyFirst(
  name: string,
  targetGroups: PerSlot<pulumi.Input<string>>,
  standing: StackBefore,
  questions: Questions,
  typed: (text: string) => string,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, async ({ oldInputs, newInputs }) => {
    if (oldInputs === undefined && !standing.hadUsers) return;
    const arns = await valueOf(pulumi.output(targetGroups));
    await proveRaise(changeOf(oldInputs, newInputs, arns), arns, standing.requested, questions).catch(
      (error: unknown) => {
        throw error instanceof Error ? new Error(typed(error.message), { cause: error }) : error;
      },
    );
  });
}

/** @throws an Error that says what is wrong, also when nothing can be said of the slot: no data is not good news. */
export async function proveRaise(
  change: RouteChange,
  targetGroups: PerSlot<string>,
  requested: PerSlot<Requested | undefined>,
  questions: Questions,
): Promise<void> {
  // The program declares whole percents of both groups; whatever else stands there was not understood.
  if (SLOTS.reduce((sum, slot) => sum + change.after.weights[slot], 0) !== 100) {
    throw new Error("the weights that the route would have could not be read. Nothing was changed.");
  }
  for (const slot of slotsToProve(change)) {
    const asked = requested[slot];
    const isExternal = asked !== undefined && asked.service === undefined;
    const [states, primary] = await Promise.all([
      answered(slot, change, "has healthy targets", questions.targets(targetGroups[slot])),
      answered(slot, change, "runs what was asked for", primaryOf(asked, questions)),
    ]);
    const problem = raiseProblem(slot, change, { states, requested: asked?.model, isExternal, primary });
    if (problem !== undefined) throw new Error(problem);
  }
}

async function primaryOf(asked: Requested | undefined, questions: Questions) {
  const service = asked?.service;
  return service && (await questions.primary(service.cluster, service.name));
}

async function answered<T>(slot: Slot, change: RouteChange, what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `whether ${slot} ${what} could not be read (${reason}), so it gets no more users. Nothing was ` +
        `changed. Run the same command again, or undo the change: ${commandBack(slot, change)}`,
      { cause: error },
    );
  }
}

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  // An Output is no promise; when a hook runs, everything that the resource needs is known.
  return new Promise((resolve) => output.apply(resolve));
}

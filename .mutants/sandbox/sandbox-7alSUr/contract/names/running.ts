import type { Slot } from "../slot.ts";
import type { RunningSlot, StackOutputs } from "./outputs.ts";

/** A slot with an ECS service of the stack. */
export type OnEcs = RunningSlot & { readonly serviceName: string; readonly taskDefinitionArn: string };

/** Whether the stack itself runs the model; otherwise something else fills the slot, and ECS is asked nothing of it. */
export const isOnEcs = (running: RunningSlot): running is OnEcs =>
  running.serviceName !== undefined && running.taskDefinitionArn !== undefined;

/** What was asked for on the slot: a task definition; of a slot that something else fills, the image that was recorded. */
export const requestedOn = ({
  taskDefinitionArn,
  image,
}: Pick<RunningSlot, "taskDefinitionArn" | "image">): string => taskDefinitionArn ?? image;

/** The same of a stack; undefined: the slot is empty. */
export function requestedIn({ slots }: Pick<StackOutputs, "slots">, slot: Slot): string | undefined {
  const { running } = slots[slot];
  return running && requestedOn(running);
}

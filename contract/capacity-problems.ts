import type { Capacity } from "./capacity.ts";
import { fargateSizeProblem } from "./fargate.ts";
import type { Problem } from "./problem.ts";
import { SLOTS, type Slot } from "./slot.ts";
import type { StackConfig } from "./stack-config.ts";

/** What a slot's tasks run on and how large they are, whether the slot is empty or not. */
interface Size {
  readonly slot: Slot;
  readonly capacity: Capacity;
  readonly gpus: number;
  readonly cpu: number;
  readonly memory: number;
  /** Whether any of it is the slot's own. */
  readonly own: boolean;
}

/** What does not fit between a slot's capacity, its size, and the network. */
export function capacityProblems(config: StackConfig): readonly Problem[] {
  const sizes = SLOTS.map((slot) => sizeOf(config, slot));
  // What is said for the service is one problem, not one for each slot.
  const [shared, other] = [sizes.filter(({ own }) => !own).slice(0, 1), sizes.filter(({ own }) => own)];
  const ec2 = sizes.some(({ capacity }) => capacity === "ec2") ? instanceProblems(config) : [];
  return [...[...shared, ...other].flatMap(sizeProblems), ...ec2];
}

function sizeOf({ service, slots }: StackConfig, slot: Slot): Size {
  const { capacity, gpus, cpu, memory } = slots[slot].overrides;
  return {
    slot,
    capacity: capacity ?? service.capacity,
    gpus: gpus ?? service.gpus,
    cpu: cpu ?? service.cpu,
    memory: memory ?? service.memory,
    own: [capacity, gpus, cpu, memory].some((value) => value !== undefined),
  };
}

function sizeProblems({ slot, capacity, gpus, cpu, memory, own }: Size): readonly Problem[] {
  const key = (name: string) => (own ? `${slot}.overrides.${name}` : `service.${name}`);
  const problems: Problem[] = [];
  const allowed = capacity === "ec2" ? undefined : fargateSizeProblem(cpu, memory);
  if (allowed !== undefined) {
    const mend = `pulumi config set --path ${key("memory")} <MiB>`;
    problems.push({ key: key("memory"), got: String(memory), allowed, mend });
  }
  if (gpus > 0 && capacity !== "ec2") {
    const mend = `pulumi config set --path ${key("capacity")} ec2`;
    problems.push({ key: key("gpus"), got: String(gpus), allowed: "0: Fargate has no GPUs", mend });
  }
  return problems;
}

/** Instances stand in a VPC before the stack does, and give no task of theirs a public address (ECS, awsvpc mode). */
function instanceProblems({ service, network, localCloud }: StackConfig): readonly Problem[] {
  if (localCloud !== undefined) {
    const allowed = "fargate or fargateSpot: the local cloud has no instances and no GPUs";
    const mend = "pulumi config set --path service.capacity fargate";
    return [{ key: "service.capacity", got: "ec2", allowed, mend }];
  }
  const problems: Problem[] = [];
  if (service.capacityProvider === undefined) {
    problems.push({
      key: "service.capacityProvider",
      got: "nothing",
      allowed: "the capacity provider whose instances run the tasks",
      mend: "pulumi config set --path service.capacityProvider <name>",
    });
  }
  if (network.vpcId === undefined) {
    problems.push({
      key: "network.vpcId",
      got: "nothing",
      allowed: "the VPC in which the instances of the capacity provider stand",
      mend: "pulumi config set --path network.vpcId vpc-…",
    });
  }
  if (network.assignPublicIp) {
    problems.push({
      key: "network.assignPublicIp",
      got: "true",
      allowed: "false: a task on an EC2 instance cannot have a public IP, its subnet needs NAT",
      mend: "pulumi config set --path network.assignPublicIp false",
    });
  }
  return problems;
}

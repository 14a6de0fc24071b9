import { fargateSizeProblem, isFargateCpu } from "./fargate.ts";
import { serviceOf, type ModelService } from "../config/model-service.ts";
import type { Problem } from "./problem.ts";
import { SLOTS, type Slot } from "../slot.ts";
import type { StackConfig } from "../config/stack-config.ts";

/** What tasks run on and how large they are: those of the template, or those of a slot that has any of it for itself. */
interface Size extends Pick<ModelService, (typeof SIZES)[number] | "capacityProvider"> {
  /** Where to say it. */
  readonly home: string;
}

const SIZES = ["capacity", "gpus", "cpu", "memory"] as const;

/** What does not fit between a slot's capacity, its size, and the network. */
export function capacityProblems(config: StackConfig): readonly Problem[] {
  const own = SLOTS.flatMap((slot) => ownSize(config, slot));
  // Where each model brought its own with its deploy, no other is asked for.
  const isAsked = own.filter(({ home }) => home.endsWith(".overrides")).length < SLOTS.length;
  const sizes = [...(isAsked ? [{ ...config.service, home: "service" }] : []), ...own];
  const onInstances = sizes.filter(({ capacity }) => capacity === "ec2");
  const ec2 = onInstances.length === 0 ? [] : instanceProblems(config, onInstances);
  return [...sizes.flatMap(sizeProblems), ...ec2];
}

function ownSize(config: StackConfig, slot: Slot): readonly Size[] {
  const { overrides, service } = config.slots[slot];
  const homes = [
    { home: `${slot}.overrides`, own: overrides },
    { home: `${slot}.service`, own: service },
  ];
  const found = homes.find(({ own }) => SIZES.some((key) => own[key] !== undefined));
  return found === undefined ? [] : [{ ...serviceOf(config, slot), home: found.home }];
}

function sizeProblems({ home, capacity, gpus, cpu, memory }: Size): readonly Problem[] {
  const problems: Problem[] = [];
  const allowed = capacity === "ec2" ? undefined : fargateSizeProblem(cpu, memory);
  if (allowed !== undefined) {
    const [size, got, unit] = isFargateCpu(cpu) ? ["memory", memory, "<MiB>"] : ["cpu", cpu, "<CPU units>"];
    const key = `${home}.${size}`;
    problems.push({ key, got: String(got), allowed, fix: `pulumi config set --path ${key} ${unit}` });
  }
  if (gpus > 0 && capacity !== "ec2") {
    const fix = `pulumi config set --path ${home}.capacity ec2`;
    problems.push({ key: `${home}.gpus`, got: String(gpus), allowed: "0: Fargate has no GPUs", fix });
  }
  return problems;
}

/** Instances stand in a VPC before the stack does, and give no task of theirs a public address (ECS, awsvpc mode). */
function instanceProblems({ network, localCloud }: StackConfig, sizes: readonly Size[]): readonly Problem[] {
  if (localCloud !== undefined) {
    const allowed = "fargate or fargateSpot: the local cloud has no instances and no GPUs";
    const fix = "pulumi config set --path service.capacity fargate";
    return [{ key: "service.capacity", got: "ec2", allowed, fix }];
  }
  const problems: Problem[] = [];
  if (sizes.some(({ capacityProvider }) => capacityProvider === undefined)) {
    problems.push({
      key: "service.capacityProvider",
      got: "nothing",
      allowed: "the capacity provider whose instances run the tasks",
      fix: "pulumi config set --path service.capacityProvider <name>",
    });
  }
  if (network.vpcId === undefined) {
    problems.push({
      key: "network.vpcId",
      got: "nothing",
      allowed: "the VPC in which the instances of the capacity provider stand",
      fix: "pulumi config set --path network.vpcId vpc-…",
    });
  }
  if (network.assignPublicIp) {
    problems.push({
      key: "network.assignPublicIp",
      got: "true",
      allowed: "false: a task on an EC2 instance cannot have a public IP, its subnet needs NAT",
      fix: "pulumi config set --path network.assignPublicIp false",
    });
  }
  return problems;
}

import { isExternal, serviceOf } from "../../../contract/config/model-service.ts";
import { isOnEcs } from "../../../contract/names/running.ts";
import { SLOTS, type Slot } from "../../../contract/slot.ts";
import type { AlarmReading } from "../../core/observation.ts";
import type { Facts, Finding } from "./facts.ts";
import { broken, notApplicable, ok, unknown } from "./finding.ts";
import { noStack } from "./machine.ts";

/** What of the slots is in place: images that run on the slot's processor, alarms that have data. */

/** Docker's words for ECS's processors. */
const PLATFORM: Readonly<Record<string, string>> = { X86_64: "amd64", ARM64: "arm64" };

export function images(facts: Facts): readonly Finding[] {
  if (facts.cloud === "local") return [notApplicable("image", "on the local cloud an image is a command")];
  if (!facts.config.readable) return [noStack("image")];
  const { slots } = facts.config.value;
  const used = SLOTS.filter((slot) => slots[slot].image !== undefined);
  return used.length === 0
    ? [notApplicable("image", "both slots are empty")]
    : used.map((slot) => image(facts, slot));
}

function image(facts: Facts, slot: Slot): Finding {
  const { config, platforms } = facts;
  if (config.readable && isExternal(config.value, slot)) {
    return notApplicable("image", `${slot}: something else runs it`);
  }
  const architecture = config.readable ? serviceOf(config.value, slot).architecture : "";
  const wanted = PLATFORM[architecture] ?? architecture;
  if (runs(facts, slot)) return ok("image", `${slot}: its tasks run on ${architecture}`);
  const found = platforms[slot];
  if (!found.readable) {
    const fix = `docker manifest inspect --verbose <image> must name ${wanted}`;
    return unknown("image", `${slot}: ${found.why}`, fix);
  }
  const built = found.value.join(", ");
  if (found.value.includes(wanted)) return ok("image", `${slot}: built for ${built}`);
  const saw = `${slot}: built for ${built || "nothing that it names"}, and ${architecture} is asked for`;
  return broken("image", saw, `docker buildx build --platform linux/${wanted} …, or service.architecture`);
}

/** Whether ECS has finished a deployment of just this task definition: then the image fits the processor. */
export function runs({ deployed, services }: Pick<Facts, "deployed" | "services">, slot: Slot): boolean {
  if (!deployed.readable || deployed.value === undefined || !services.readable) return false;
  const requested = deployed.value.outputs.slots[slot].running;
  if (requested === undefined || !isOnEcs(requested)) return false;
  const primary = services.value.get(requested.serviceName)?.primary;
  return primary?.rolloutState === "COMPLETED" && primary.taskDefinitionArn === requested.taskDefinitionArn;
}

export function alarms(facts: Facts): readonly Finding[] {
  const { deployed, alarms } = facts;
  if (!deployed.readable) return [unknown("alarms", deployed.why, "see stack")];
  if (deployed.value === undefined)
    return [notApplicable("alarms", "there are none before the first `pulumi up`")];
  const { slots } = deployed.value.outputs;
  const used = SLOTS.filter((slot) => slots[slot].running !== undefined);
  if (used.length === 0) return [notApplicable("alarms", "both slots are empty")];
  if (!alarms.readable)
    return [unknown("alarms", alarms.why, "see credentials; it needs cloudwatch:DescribeAlarms")];
  return used.map((slot) => alarmsOf(facts, slot, alarms.value));
}

function alarmsOf({ deployed }: Facts, slot: Slot, found: readonly AlarmReading[]): Finding {
  const running = deployed.readable ? deployed.value?.outputs.slots[slot].running : undefined;
  if (running === undefined) return notApplicable("alarms", `${slot} is empty`);
  const names = Object.values(running.alarms);
  const readings = names.map((name) => ({ name, reading: found.find((one) => one.name === name) }));
  const missing = readings.filter(({ reading }) => reading === undefined).map(({ name }) => name);
  if (missing.length > 0)
    return broken("alarms", `${slot}: missing: ${missing.join(", ")}`, "pulumi refresh, then pulumi up");
  if (running.minTasks === 0) return notApplicable("alarms", `${slot} is scaled to zero`);
  const settled = readings.filter(({ reading }) => reading?.evaluationState !== "IN_WARM_UP");
  const noVerdict = settled.filter(({ reading }) => reading?.evaluationState !== undefined);
  if (noVerdict.length > 0) {
    const words = noVerdict.map(({ name, reading }) => `${name}: ${reading?.evaluationState}`).join(", ");
    return broken("alarms", `${slot}: not evaluated: ${words}`, "read the alarm's reason in CloudWatch");
  }
  const silent = settled
    .filter(({ reading }) => reading?.state === "INSUFFICIENT_DATA")
    .map(({ name }) => name);
  if (silent.length === 0) return ok("alarms", `${slot}: ${names.length}, each with a state of its own`);
  const fix = "wait five minutes after a deployment; if it stays, the tasks do not run: npx bluegreen status";
  return broken("alarms", `${slot}: without data: ${silent.join(", ")}`, fix);
}

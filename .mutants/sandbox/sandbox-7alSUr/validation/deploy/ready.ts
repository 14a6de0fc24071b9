import { serviceOf } from "../../contract/config/model-service.ts";
import { isOnEcs, type OnEcs } from "../../contract/names/running.ts";
import type { Slot } from "../../contract/slot.ts";
import type { ServiceReading } from "../core/observation.ts";
import { familyOf, runsOf } from "../core/runs.ts";
import { UserError } from "../errors.ts";
import { untilFilled } from "./external.ts";
import { lastWords } from "./failed-task-log.ts";
import { attempt } from "../reading.ts";
import type { Context, Deployed } from "../ports.ts";

const LOOK_EVERY_MS = 3_000;
/** Beyond twice the time that a model may take to load: pulling the image, retries of ECS, health checks. */
const PATIENCE_MS = 900_000;

/**
 * Waits until the slot runs what was asked for and its tasks are healthy in all target groups that it serves;
 * answers with how many are. Of a slot that something else fills only the targets are looked at. Throws UserError when ECS gives up or the time is over.
 */
export async function untilReady(context: Context, deployed: Deployed, slot: Slot): Promise<number> {
  const { clock } = context;
  // The machine starts a process in its own time, however fast the cloud's clock runs.
  const startsMs = serviceOf(deployed.config, slot).startupSeconds * 2_000;
  const [untilMs, untilWallMs] = [clock.now() + startsMs + PATIENCE_MS, clock.wall() + startsMs];
  const requested = deployed.outputs.slots[slot].running;
  if (requested === undefined) {
    throw new UserError("BG103", `The outputs name no service for ${slot}.`);
  }
  if (!isOnEcs(requested)) return untilFilled(context, deployed, slot, requested, { untilMs, untilWallMs });
  for (;;) {
    const state = await attempt(() => readiness(context, deployed, slot, requested));
    if (state.readable) {
      const { healthy, needed, services, service, ready, checks } = state.value;
      const rolloutState = service?.primary?.rolloutState ?? "unknown";
      const runs = runsOf(requested, { readable: true, value: services });
      const instead = runs.kind === "other" ? { instead: runs.taskDefinition } : {};
      context.reporter.report({ kind: "preparing", slot, healthy, needed, rolloutState, checks, ...instead });
      if (ready) return healthy;
      await refuseFailed(context, deployed, slot, service, checks);
    } else {
      context.reporter.report({ kind: "note", message: `${slot} could not be looked at: ${state.why}` });
    }
    if (clock.now() >= untilMs && clock.wall() >= untilWallMs) {
      if (!state.readable) throw new UserError("BG141", `${slot}: ${state.why}`);
      const { service, checks } = state.value;
      const family = familyOf(requested.taskDefinitionArn);
      const sinceMs = sinceOf(deployed, slot);
      throw new UserError("BG141", await lastWords(context, slot, family, service, checks, sinceMs));
    }
    await clock.sleep(LOOK_EVERY_MS);
  }
}

async function readiness(context: Context, deployed: Deployed, slot: Slot, requested: OnEcs) {
  const { clusterName, slots } = deployed.outputs;
  // Without a test token there are no test rules, and the program registers no targets in the test groups.
  const isTested = deployed.config.testTokens.length > 0;
  const [services, production, test] = await Promise.all([
    context.services.read(clusterName, [requested.serviceName]),
    context.health.targets(slots[slot].targetGroupArn),
    isTested ? context.health.targets(slots[slot].testTargetGroupArn) : undefined,
  ]);
  const service = services.get(requested.serviceName);
  const healthy = Math.min(production.healthy, test?.healthy ?? Number.POSITIVE_INFINITY);
  const runs =
    service?.primary?.taskDefinitionArn === requested.taskDefinitionArn &&
    service.primary.rolloutState === "COMPLETED";
  const checks = production.unhealthy > 0 ? await failedChecks(context, slots[slot].targetGroupArn) : [];
  // A slot that was asked to have no tasks is ready without any.
  return {
    services,
    service,
    healthy,
    needed: requested.minTasks,
    ready: runs && healthy >= requested.minTasks,
    checks,
  };
}

/** For the message alone: that they cannot be read hides nothing that was counted. */
async function failedChecks(context: Context, targetGroupArn: string): Promise<readonly string[]> {
  const checks = await attempt(() => context.health.failedChecks(targetGroupArn));
  return checks.readable ? checks.value : [];
}

/**
 * Refuses a candidate whose ECS deployment failed: no wait brings it back. What cannot be read says nothing here; the gates
 * call it unreadable.
 */
export async function refuseGivenUp(context: Context, deployed: Deployed, slot: Slot): Promise<void> {
  const { outputs } = deployed;
  const requested = outputs.slots[slot].running;
  if (requested === undefined || !isOnEcs(requested)) return;
  const { serviceName } = requested;
  const services = await attempt(() => context.services.read(outputs.clusterName, [serviceName]));
  if (!services.readable) return;
  await refuseFailed(context, deployed, slot, services.value.get(serviceName), []);
}

async function refuseFailed(
  context: Context,
  deployed: Deployed,
  slot: Slot,
  service: ServiceReading | undefined,
  checks: readonly string[],
): Promise<void> {
  const requested = deployed.outputs.slots[slot].running;
  if (requested === undefined || !isOnEcs(requested)) return;
  const end = endOf(requested, service);
  if (end.kind === "open") return;
  const family = familyOf(requested.taskDefinitionArn);
  const instead =
    end.kind === "wentBack"
      ? `ECS went back to ${end.to}. ${family}, which was requested, does not run. `
      : "";
  const isFormer = end.kind === "wentBack";
  const sinceMs = sinceOf(deployed, slot);
  const words = await lastWords(context, slot, family, service, checks, sinceMs, isFormer);
  throw new UserError("BG140", `${instead}${words}`);
}

/** When the slot's model was deployed; 0: not known. */
function sinceOf({ config: { release } }: Deployed, slot: Slot): number {
  const isOwn = release?.slot === slot && release.state === "deployed";
  return isOwn ? Date.parse(release.stepSince) : 0;
}

type End =
  | { readonly kind: "open" }
  | { readonly kind: "failed" }
  /** `to`: family and revision of the former task definition. */
  | { readonly kind: "wentBack"; readonly to: string };

/** ECS's circuit breaker either fails the deployment or goes back to the former task definition. */
export function endOf(requested: Pick<OnEcs, "taskDefinitionArn">, service: ServiceReading | undefined): End {
  const primary = service?.primary;
  if (primary?.rolloutState === "FAILED") return { kind: "failed" };
  if (primary?.rolloutState !== "COMPLETED") return { kind: "open" };
  const { taskDefinitionArn } = primary;
  if (taskDefinitionArn === requested.taskDefinitionArn) return { kind: "open" };
  return { kind: "wentBack", to: familyOf(taskDefinitionArn) };
}

import type { EcsModel, ScalableTargetRecord, ServiceRecord } from "./model.ts";

function resourceIdOf(service: ServiceRecord): string {
  return `service/${service.cluster}/${service.name}`;
}

/** The service's scalable target, if it has one. */
function scalableTargetOf(model: EcsModel, service: ServiceRecord): ScalableTargetRecord | undefined {
  return model.scalableTargets[resourceIdOf(service)];
}

/**
 * Application Auto Scaling: a desired count outside of the scalable target's minimum and maximum is brought to the
 * nearer of the two. Returns whether it was.
 */
export function keepWithinCapacity(model: EcsModel, service: ServiceRecord): boolean {
  const target = scalableTargetOf(model, service);
  if (target === undefined || service.status !== "ACTIVE") return false;
  const within = Math.min(target.maxCapacity, Math.max(target.minCapacity, service.desiredCount));
  const changed = within !== service.desiredCount;
  service.desiredCount = within;
  return changed;
}

import { EXPLICIT_PROVIDERS, STASH, STASH_TYPE } from "./builtins.ts";
import type { Control } from "./control.ts";
import { messageOf } from "../errors.ts";
import { emitDiagnostic, type Emit } from "./events.ts";
import type { Hooks } from "./hook-binding.ts";
import type { Ledger } from "./ledger.ts";
import type { Transforms } from "./transforms.ts";
import type { Provider } from "../values/provider.ts";
import type { Step, StepReporter } from "./steps.ts";
import { isProviderType, rootUrn } from "../values/urn.ts";

/** What every part of a deployment works with. */
export interface Context {
  project: string;
  stack: string;
  /** A preview: nothing is carried out or saved. */
  planning: boolean;
  provider: Provider;
  ledger: Ledger;
  reporter: StepReporter;
  control: Control;
  emit: Emit;
  hooks: Hooks;
  transforms: Transforms;
}

/** An error that belongs to one resource. */
export class ResourceFailure extends Error {
  readonly urn: string;

  constructor(urn: string, message: string) {
    super(message);
    this.name = "ResourceFailure";
    this.urn = urn;
  }
}

/** Reports the step, and carries it out unless this is a preview. Throws ResourceFailure. */
export async function perform(context: Context, step: Step, action: () => Promise<void>): Promise<void> {
  context.control.check();
  context.reporter.start(step);
  try {
    if (!context.planning) await action();
  } catch (error) {
    context.reporter.failed(step);
    throw new ResourceFailure((step.new ?? step.old)?.urn ?? "", messageOf(error));
  }
  context.reporter.done(step);
}

/** Tells of the error and starts nothing more. */
export function fail(context: Context, error: unknown): void {
  const urn = error instanceof ResourceFailure ? error.urn : rootUrn(context);
  emitDiagnostic(context.emit, { urn, message: messageOf(error), severity: "error" });
  context.control.stop();
}

export function providerFor(context: Context, type: string): Provider {
  if (isProviderType(type)) return EXPLICIT_PROVIDERS;
  return type === STASH_TYPE ? STASH : context.provider;
}

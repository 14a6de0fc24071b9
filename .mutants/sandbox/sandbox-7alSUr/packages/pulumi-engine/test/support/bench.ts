import { NO_PROGRAM } from "../../deployment/hook-binding.ts";
import { createTransforms } from "../../deployment/transforms.ts";
import type { Context } from "../../deployment/context.ts";
import { createControl, Stopped } from "../../deployment/control.ts";
import { createDeployment } from "../../deployment/deployment.ts";
import type { Deployment, Registered } from "../../deployment/registrations.ts";
import { emitter, type EngineEvent } from "../../deployment/events.ts";
import { plainGoal, type Goal } from "../../deployment/goal.ts";
import { openLedger } from "../../deployment/ledger.ts";
import type { StackState } from "../../state/state.ts";
import { stepReporter } from "../../deployment/steps.ts";
import { createTargets } from "../../deployment/targets.ts";
import { urnOf } from "../../values/urn.ts";
import type { FakeCloud } from "./fake-provider.ts";

/** A resource of a test's program: `needs` are the names of resources declared before it. */
export interface Declared extends Partial<Goal> {
  name: string;
  needs?: string[];
}

export interface Deployed {
  succeeded: boolean;
  counts: Record<string, number>;
  errors: string[];
  events: EngineEvent[];
  registered: Map<string, Registered>;
}

export interface DeployOptions {
  planning?: boolean;
  targets?: string[];
  targetDependents?: boolean;
  outputs?: Record<string, unknown>;
  /** Instead of the declared resources. */
  program?: (deployment: Deployment) => Promise<void>;
}

const TYPE = "test:index:Thing";

/** The URN of a resource of the bench's stack. */
export function urn(name: string, type = TYPE): string {
  return urnOf({ stack: "dev", project: "bench", type, name });
}

/** A stack whose programs are lists of resources, without any process; its state is what would be on disk. */
export function bench(cloud: FakeCloud) {
  const stack = {
    saved: {
      project: "bench",
      stack: "dev",
      resources: [],
      pending: [],
      outputs: {},
    } satisfies StackState as StackState,
    control: createControl(),
    async deploy(resources: Declared[], options: DeployOptions = {}): Promise<Deployed> {
      const events: EngineEvent[] = [];
      const emit = emitter([(event) => events.push(event)]);
      const planning = options.planning ?? false;
      stack.control = createControl();
      const context: Context = {
        project: "bench",
        stack: "dev",
        planning,
        provider: cloud.provider,
        // A copy, as a file would be: later changes in memory must not show.
        ledger: openLedger(structuredClone(stack.saved), async (state) => {
          if (!planning) stack.saved = structuredClone(state);
        }),
        reporter: stepReporter(emit, planning),
        control: stack.control,
        emit,
        hooks: NO_PROGRAM,
        transforms: createTransforms(),
      };
      const targets = { urns: options.targets ?? [], dependents: options.targetDependents ?? false };
      const deployment = createDeployment(context, createTargets(targets));
      const registered = new Map<string, Registered>();
      await (options.program?.(deployment) ??
        registerAll(deployment, resources, registered, options.outputs));
      const succeeded = await deployment.finish();
      await context.ledger.save();
      return { succeeded, counts: context.reporter.counts, errors: errorsOf(events), events, registered };
    },
  };
  return stack;
}

/** All at once, each as soon as what it needs is there: as the SDK does it. */
async function registerAll(
  deployment: Deployment,
  resources: Declared[],
  registered: Map<string, Registered>,
  outputs?: Record<string, unknown>,
): Promise<void> {
  const running = new Map<string, Promise<Registered>>();
  const all: Promise<Registered>[] = [];
  for (const { needs = [], ...declared } of resources) {
    const register = async (): Promise<Registered> => {
      const found = await Promise.all(needs.map((name) => running.get(name)));
      const dependencies = found.flatMap((dependency) => (dependency === undefined ? [] : [dependency.urn]));
      const goal = plainGoal({ type: TYPE, custom: true, inputs: {}, dependencies, ...declared });
      const result = await deployment.register(goal);
      registered.set(declared.name, result);
      return result;
    };
    const result = register();
    all.push(result);
    running.set(declared.name, result);
  }
  const results = await Promise.allSettled(all);
  const unexpected = results.find(
    (result) => result.status === "rejected" && !(result.reason instanceof Stopped),
  );
  if (unexpected?.status === "rejected") throw unexpected.reason;
  if (outputs === undefined || results.some((result) => result.status === "rejected")) return;
  const root = await deployment.register(
    plainGoal({ type: "pulumi:pulumi:Stack", name: "bench-dev", custom: false, inputs: {} }),
  );
  await deployment.registerOutputs(root.urn, outputs);
}

function errorsOf(events: EngineEvent[]): string[] {
  return events.flatMap((event) =>
    "diagnosticEvent" in event && event.diagnosticEvent.severity === "error"
      ? [event.diagnosticEvent.message]
      : [],
  );
}

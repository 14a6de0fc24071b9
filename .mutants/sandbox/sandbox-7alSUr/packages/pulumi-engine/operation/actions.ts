import { readStackOutputs } from "../deployment/builtins.ts";
import { resolveValue } from "../config/config.ts";
import { fail, ResourceFailure, type Context } from "../deployment/context.ts";
import { deleteAll, dependsOn } from "../deployment/deletion.ts";
import { createDeployment } from "../deployment/deployment.ts";
import { emitDiagnostic } from "../deployment/events.ts";
import type { UpdateKind } from "../state/history.ts";
import { startProgram } from "./program.ts";
import type { Run } from "./run.ts";
import { rootUrn } from "../values/urn.ts";

/** What each kind of update does between reading the state and writing it. False: something failed. */
export const ACTIONS: Record<UpdateKind, (run: Run, context: Context) => Promise<boolean>> = {
  update: deployProgram,
  // Reading back, which a refresh consists of, has been done (operation.ts).
  refresh: (_run, context) => Promise.resolve(!context.control.stopped),
  destroy: destroyAll,
};

// The program has told the person what went wrong (sdk/nodejs/cmd/run/index.ts).
const EXIT_AFTER_LOGGED_ERROR = 32;

async function deployProgram(run: Run, context: Context): Promise<boolean> {
  const { parts, request } = run;
  // gRPC takes longer to load than everything else here; commands that run no program do without.
  const [{ startMonitor }, { createHooks }, { createCallbacks }] = await Promise.all([
    import("../grpc/monitor.ts"),
    import("../grpc/hooks.ts"),
    import("../grpc/callbacks.ts"),
  ]);
  const callbacks = createCallbacks();
  const hooks = createHooks(callbacks, (urn, message) =>
    emitDiagnostic(context.emit, { urn, message, severity: "warning" }),
  );
  context.hooks = hooks;
  const deployment = createDeployment(context, run.targets);
  const monitor = await startMonitor({
    context,
    deployment,
    components: parts.components,
    hooks,
    callbacks,
    stackOutputs: (name) => readStackOutputs(name, context.ledger.previous, parts.stacks.load),
  });
  try {
    const program = startProgram({
      project: run.project,
      stack: request.stack,
      address: monitor.address,
      planning: request.planning,
      parallel: request.parallel,
      ...programConfig(run),
      env: request.env,
      compileCacheDirectory: parts.compileCacheDirectory,
      onLine: (message, stream) =>
        emitDiagnostic(context.emit, { urn: rootUrn(context), message, severity: STREAMS[stream] }),
    });
    void context.control.whenStopped.then(() => program.kill());
    const code = await program.ended;
    await context.control.idle();
    if (context.control.stopped) return false;
    if (code === 0) return await deployment.finish();
    if (code !== EXIT_AFTER_LOGGED_ERROR) {
      fail(context, new Error(`Program exited with non-zero exit code: ${code ?? "killed"}`));
    }
    return false;
  } finally {
    monitor.close();
    callbacks.close();
  }
}

const STREAMS = { stdout: "info", stderr: "info#err" } as const;

function programConfig({ config, parts }: Run): { config: Record<string, string>; secretKeys: string[] } {
  const values = Object.entries(config).map(([key, raw]) => [key, resolveValue(raw, parts.secrets)] as const);
  return {
    config: Object.fromEntries(values.map(([key, { text }]) => [key, text])),
    secretKeys: values.filter(([, { secret }]) => secret).map(([key]) => key),
  };
}

async function destroyAll(run: Run, context: Context): Promise<boolean> {
  const { ledger, control } = context;
  for (const state of ledger.leftovers()) if (state.external === true) ledger.remove(state);
  const doomed = ledger.leftovers().filter((state) => run.targets.has(state.urn));
  run.targets.checkAllExist(
    ledger.previous.resources.map(({ urn }) => urn),
    context.stack,
  );
  const parents = new Map(ledger.leftovers().map((state) => [state.urn, state.parent]));
  const kept = ledger.leftovers().filter((state) => !doomed.includes(state));
  for (const state of doomed) {
    const dependent = kept.find((other) => dependsOn(other, state, parents));
    if (dependent !== undefined) {
      throw new ResourceFailure(
        state.urn,
        `cannot be destroyed alone: ${dependent.urn} depends on it; name it with --target too`,
      );
    }
  }
  await control.run(() => deleteAll(context, doomed));
  if (kept.length === 0) ledger.setOutputs({});
  return true;
}

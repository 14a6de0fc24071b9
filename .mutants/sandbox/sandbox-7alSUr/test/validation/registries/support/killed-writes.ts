import type { Context } from "../../../../validation/ports.ts";
import type { RegistryTools } from "../../../../validation/registries/define.ts";

/**
 * A process that is killed at its n-th write, be it an update, the route, or a registry: before it took effect or after.
 * What it reads between is of no account; what it would do afterwards never happens.
 */
export function killedAtWrite(context: Context, tools: RegistryTools, n: number, when: "before" | "after") {
  const { promise: killed, resolve: kill } = Promise.withResolvers<"killed">();
  const never = new Promise<never>(() => {});
  const writes: string[] = [];
  const guarded = async <T>(what: string, write: () => Promise<T>): Promise<T> => {
    if (writes.length >= n) return never;
    writes.push(what);
    const isLast = writes.length === n;
    if (isLast && when === "before") {
      kill("killed");
      return never;
    }
    const done = await write();
    if (!isLast) return done;
    kill("killed");
    return never;
  };
  return {
    killed,
    writes,
    context: {
      ...context,
      store: {
        ...context.store,
        apply: (update) => guarded(update.message, () => context.store.apply(update)),
      },
      route: {
        ...context.route,
        write: (arn, forward) => guarded("the route", () => context.route.write(arn, forward)),
      },
    } satisfies Context,
    tools: {
      ...tools,
      ask: (request) => {
        if (request.method !== "GET") {
          return guarded(`${request.method} ${request.body}`, () => tools.ask(request));
        }
        return writes.length >= n ? never : tools.ask(request);
      },
    } satisfies RegistryTools,
  };
}

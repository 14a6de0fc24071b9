import type { Context } from "../../../validation/ports.ts";

export interface Killed {
  readonly kind: "killed";
}

/**
 * A context whose process is killed at its n-th call to the outside, before or after the call took effect:
 * the call never answers, and nothing after it happens.
 */
export function killedAt(context: Context, n: number, when: "before" | "after") {
  let calls = 0;
  let kill: (value: Killed) => void = () => {};
  const killed = new Promise<Killed>((resolve) => {
    kill = resolve;
  });
  const never = new Promise<never>(() => {});
  const guard = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function" || ["now", "wall", "fromWall", "report"].includes(String(name))) {
          return method;
        }
        return async (...args: unknown[]) => {
          calls += 1;
          if (calls > n || (calls === n && when === "before")) {
            kill({ kind: "killed" });
            return never;
          }
          const result: unknown = await Reflect.apply(method, target, args);
          if (calls !== n) return result;
          kill({ kind: "killed" });
          return never;
        };
      },
    });
  // Each port is guarded as itself, so the record is a Context again.
  const guarded = Object.fromEntries(
    Object.entries(context).map(([name, port]) => [name, typeof port === "object" ? guard(port) : port]),
  ) as unknown as Context;
  return { context: guarded, killed, calls: () => calls };
}

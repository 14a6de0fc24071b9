import { problem, type Problem } from "../problem.ts";
import { SLOTS } from "../slot.ts";
import type { StackConfig } from "../stack-config.ts";
import { isRoutingWrite } from "./definition-changes.ts";
import type { Previous } from "./previous.ts";
import { hadUsers } from "./step.ts";

export type Scheme = "http" | "https";

/** How users come to the stack's own load balancer; undefined: it has none, and the shared listener is another's. */
export function schemeOf({ network, service }: Pick<StackConfig, "network" | "service">): Scheme | undefined {
  if (network.listenerArn !== undefined) return undefined;
  return service.certificateArn === undefined ? "http" : "https";
}

/**
 * From HTTP to HTTPS and back the one listener changes its port (infra/load-balancer.ts). Nobody answers at port 80 until
 * the redirect stands there, and most clients make a GET of a POST that is redirected with 301 (RFC 9110, 15.4.2); the
 * way back, nobody answers at port 443 any more. Another certificate touches nobody.
 */
export function entranceProblems(previous: Previous, next: StackConfig): readonly Problem[] {
  const [before, after] = [previous.scheme, schemeOf(next)];
  if (before === undefined || after === undefined || before === after) return [];
  if (next.service.allowInPlace || isRoutingWrite(previous, next)) return [];
  if (!SLOTS.some((slot) => hadUsers({ previous, next, slot }))) return [];
  const key = "service.certificateArn";
  const why = "while the stack has users, unless service.allowInPlace is true";
  return before === "http"
    ? [
        problem(
          key,
          next.service.certificateArn,
          `nothing as deployed ${why}: requests by http fail from then on`,
          `pulumi config rm --path ${key}`,
        ),
      ]
    : [
        problem(
          key,
          "nothing",
          `a certificate as deployed ${why}: requests by https fail from then on`,
          `pulumi config set --path ${key} <ARN>`,
        ),
      ];
}

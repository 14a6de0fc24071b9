import { speaksHttps } from "../checks/host-name.ts";
import { problem, type Problem } from "../checks/problem.ts";
import { SLOTS } from "../slot.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { schemeOf, type EntranceMemory, type HttpListener } from "./entrance-memory.ts";
import { isRoutingWrite } from "./definition-changes.ts";
import type { Previous } from "./previous.ts";
import { inTurn } from "./routing.ts";
import { hadUsers } from "./step.ts";

/** What the listener at port 80 is called in the program: as it was, or as version 0.1 called it. */
export function httpListenerOf(previous: Previous | undefined): HttpListener {
  return previous?.entrance?.httpListener ?? (previous?.scheme === "https" ? "redirect" : "listener");
}

const KEY = "service.certificateArn";
const ZONE = "service.hostedZoneId";

/**
 * From HTTP to HTTPS and back the route moves to the listener of the other port (infra/network/listeners.ts). Who comes by HTTP
 * is redirected from then on, to the name that it came by, and most clients make a GET of a POST that is redirected with
 * 301 (RFC 9110, 15.4.2); the way back, nobody answers at port 443 any more. Another certificate touches nobody.
 */
export function entranceProblems(previous: Previous, next: StackConfig): readonly Problem[] {
  const [before, after] = [previous.scheme, schemeOf(next)];
  if (before === undefined || after === undefined || before === after) return [];
  if (isRoutingWrite(previous, next)) return [];
  const hasUsers = SLOTS.some((slot) => hadUsers({ previous, next, slot }));
  return hasUsers && !next.service.allowInPlace
    ? [underUsers(previous, next)]
    : protectedProblems(previous, next);
}

function underUsers({ entrance }: Previous, { service }: StackConfig): Problem {
  const why = "while the stack has users, unless service.allowInPlace is true";
  if (speaksHttps(service)) {
    const [key, got] =
      service.certificateArn === undefined ? [ZONE, service.hostedZoneId] : [KEY, service.certificateArn];
    const allowed = `nothing as deployed ${why}: requests by http are redirected from then on, a POST arrives as a GET, and who calls the load balancer's own name meets a certificate for another`;
    return problem(key, got, allowed, removing(service));
  }
  const [key, ...back] = puttingBack(entrance);
  const allowed = `a certificate as deployed ${why}: requests by https fail from then on`;
  return problem(key, "nothing", allowed, inTurn(...back));
}

/** Which key brought HTTPS, and the commands that bring it again. */
function puttingBack(entrance: EntranceMemory | undefined): readonly [string, ...string[]] {
  const { hostedZoneId, hostName } = { hostedZoneId: "", hostName: "", ...entrance };
  const [key, value] = hostedZoneId === "" ? [KEY, "<ARN>"] : [ZONE, hostedZoneId];
  const set = `pulumi config set --path ${key} ${value}`;
  return [key, set, `pulumi config set --path service.hostName ${hostName || "<name>"}`];
}

/** The commands that take HTTPS away: a name without it is refused. */
function removing(service: Partial<StackConfig["service"]>): string {
  const keys = (["certificateArn", "hostedZoneId", "hostName"] as const).filter(
    (name) => service[name] !== undefined,
  );
  return inTurn(...keys.map((name) => `pulumi config rm --path service.${name}`));
}

/**
 * The route is made anew on the other listener, and Pulumi makes nothing anew that was protected and shall be; without a
 * certificate the listener at port 443 goes, and Pulumi deletes nothing that was protected by the last update
 * (pulumi, pkg/resource/deploy/step_generator.go). Said here, with the steps, and not by its error in the middle.
 */
function protectedProblems({ entrance }: Previous, next: StackConfig): readonly Problem[] {
  if (entrance?.isProtected !== true) return [];
  const unprotect = "pulumi config set --path rollout.protect false";
  if (schemeOf(next) === "https") {
    const allowed =
      "false in the update that brings the certificate: the route is made anew at port 443. Afterwards it may be true again";
    return next.rollout.protect ? [problem("rollout.protect", true, allowed, unprotect)] : [];
  }
  const allowed =
    "a certificate as deployed until an update with rollout.protect false: the listener at port 443 goes with it, and is protected. Then take it out again";
  const [key, ...back] = puttingBack(entrance);
  return [problem(key, "nothing", allowed, inTurn(...back, unprotect, "pulumi up"))];
}

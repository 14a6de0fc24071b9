import type { Facts, Finding } from "./facts.ts";
import { broken, notApplicable, ok, unknown } from "./finding.ts";

/** What of the machine is in place: Node, the engine, its backend, and which stack is meant. */

// @pulumi/pulumi loads the program's TypeScript by Node's own type stripping, which is on from here.
const LEAST_NODE = [22, 18] as const;

export function stack({ stack, config, deployed }: Facts): Finding {
  if (!stack.named) return broken("stack", stack.why, stack.fix);
  if (!config.readable)
    return broken(
      "stack",
      `${stack.words}: ${config.why}`,
      "name a stack that has a file here, and fix each key as the message says",
    );
  if (!deployed.readable) {
    return unknown("stack", `what is deployed of ${stack.words}: ${deployed.why}`, "see engine and backend");
  }
  const state = deployed.value === undefined ? "its configuration is in order; not deployed yet" : "deployed";
  return ok("stack", `${stack.words}: ${state}`);
}

export function node({ shellNode, cloud }: Facts): Finding {
  if (!shellNode.readable) return unknown("node", shellNode.why, "node --version");
  const needed = `${LEAST_NODE.join(".")} or newer`;
  const fix = `put Node ${needed} on PATH for the pulumi command (.node-version says 24)`;
  const version = shellNode.value;
  if (cloud === "local") return ok("node", "the project's own Node 24 runs verbs and engine");
  if (version === undefined) return broken("node", "no node on PATH beside the project's own", fix);
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const isEnough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return isEnough
    ? ok("node", `${version} in this shell`)
    : broken("node", `${version} in this shell; a plain \`pulumi up\` needs ${needed}`, fix);
}

export function engine({ engine, cloud }: Facts): Finding {
  if (engine.readable) return ok("engine", engine.value);
  const fix = "install the Pulumi CLI (https://www.pulumi.com/docs/install/) and put it on PATH";
  return cloud === "unclear" ? unknown("engine", engine.why, fix) : broken("engine", engine.why, fix);
}

export function backend({ backend, cloud }: Facts): Finding {
  if (cloud === "local") return ok("backend", "files of the local cloud");
  return backend.readable
    ? ok("backend", backend.value)
    : unknown("backend", backend.why, "pulumi login <backend>, then pulumi whoami --verbose");
}

export const noStack = (check: Finding["check"]) =>
  unknown(check, "the stack's configuration is not known", "see stack");

/** What only AWS has. */
export const notOnAws = (check: Finding["check"]) => notApplicable(check, "the local cloud has none");

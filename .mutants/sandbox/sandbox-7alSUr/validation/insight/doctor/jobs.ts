import type { StackConfig } from "../../../contract/config/stack-config.ts";
import type { Facts, Finding } from "./facts.ts";
import { broken, notApplicable, ok, unknown } from "./finding.ts";
import { noStack, notOnAws } from "./machine.ts";

/** What jobs of GitHub need beside a role: secrets that open without a passphrase, a runner that is let in. */

// docs/github.md: how bootstrap's output is put in.
const CHANGE = (stack: string) =>
  `pulumi stack change-secrets-provider --stack ${stack} "awskms://…" (output secretsProvider of bootstrap/), then pulumi up, and commit Pulumi.${stack}.yaml`;

export function secrets(facts: Facts): Finding {
  const { cloud, encryption, backend, stack } = facts;
  if (cloud === "local") return notOnAws("secrets");
  if (cloud === "unclear" || !stack.named) return noStack("secrets");
  const fix = CHANGE(stack.name);
  if (!encryption.readable) return unknown("secrets", encryption.why, "see stack");
  const { value } = encryption;
  if (value === "passphrase") {
    return broken("secrets", "encrypted with a passphrase, which no job of GitHub has", fix);
  }
  if (value !== undefined) {
    return value.startsWith("awskms:")
      ? ok("secrets", `encrypted by ${value}: nobody needs a passphrase`)
      : unknown("secrets", `encrypted by ${value}, and jobs have an identity at AWS alone`, fix);
  }
  if (!backend.readable) return unknown("secrets", `the stack's file does not say: ${backend.why}`, fix);
  // Pulumi: a stack of Pulumi Cloud has a key there; one of any other backend asks for a passphrase at its first secret.
  return backend.value.startsWith("https://")
    ? ok("secrets", "encrypted by Pulumi Cloud")
    : broken("secrets", `the stack's file names no key, so on ${backend.value} it is a passphrase`, fix);
}

const WAYS =
  "HTTPS (service.hostName with service.hostedZoneId or service.certificateArn: docs/aws.md; then pulumi config rm --path service.testCidrs), or a runner with an address of its own that is let in (variable BLUEGREEN_RUNNER): docs/github.md, Runners that are let in";
const EVERYBODY = "0.0.0.0/0";

/**
 * Hosted runners have another address in each job (GitHub, "About GitHub-hosted runners": the ranges of Azure change
 * weekly, and are no allow list), so a rule for certain addresses keeps them out.
 */
export function runners(facts: Facts): Finding {
  const name = "runners";
  const { cloud, config, hasTestToken, runner } = facts;
  if (cloud === "local") return notOnAws(name);
  if (!config.readable) return noStack(name);
  if (!hasTestToken.readable) return unknown(name, hasTestToken.why, "see stack");
  if (!hasTestToken.value) {
    const saw = "no testToken, so there are no test rules, and a release ends before its first user";
    return broken(name, saw, "pulumi config set --secret testToken $(openssl rand -hex 24)");
  }
  const { internal, listenerArn } = config.value.network;
  if (internal && listenerArn === undefined) return inside(runner);
  const closed = letIn(config.value).filter(({ cidrs }) => cidrs.length > 0 && !cidrs.includes(EVERYBODY));
  if (closed.length === 0) return ok(name, "any runner with the token is let in");
  const who = closed.map(({ key, cidrs }) => `${key} lets in ${cidrs.join(", ")} alone`).join("; ");
  if (runner === "hosted") {
    return broken(name, `${who}, and this runner of GitHub has another address in each job`, WAYS);
  }
  if (runner === "own") return ok(name, `${who}; this runner is to be among them`);
  // Nobody knows here whether GitHub is to release this stack.
  return notApplicable(name, `${who}; runners that GitHub hosts are not. For releases from there: ${WAYS}`);
}

/** Whoever tests must stand where an internal load balancer can be reached. */
function inside(runner: Facts["runner"]): Finding {
  const who = "the load balancer is reached from inside its network alone (network.internal)";
  if (runner === "own") return ok("runners", `${who}; this runner is to be there`);
  const way =
    "a runner in the VPC, or one that is connected to it (variable BLUEGREEN_RUNNER): docs/github.md";
  return runner === "hosted"
    ? broken("runners", `${who}, and this runner of GitHub is not there`, way)
    : notApplicable("runners", `${who}; runners that GitHub hosts are not there. For releases: ${way}`);
}

/** An empty list of `testCidrs` adds no condition; with plain HTTP the program refuses it. */
const letIn = ({ network, service }: StackConfig) => [
  { key: "service.testCidrs", cidrs: service.testCidrs },
  ...(network.listenerArn === undefined
    ? [{ key: "service.allowedCidrs", cidrs: service.allowedCidrs }]
    : []),
];

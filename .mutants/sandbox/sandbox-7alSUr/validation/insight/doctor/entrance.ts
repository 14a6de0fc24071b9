import { missingHostName, speaksHttps } from "../../../contract/checks/host-name.ts";
import { leadsThere, leadsWords } from "../../stack/way-in.ts";
import { NETWORK } from "./account.ts";
import type { Certificate, Facts, Finding } from "./facts.ts";
import { broken, notApplicable, ok, unknown } from "./finding.ts";
import { noStack, notOnAws } from "./machine.ts";

/** Whether users can come in by the name of the model: certificate and DNS. */

const SOON_DAYS = 21;
const DAY_MS = 86_400_000;

export function certificate(facts: Facts): Finding {
  const name = "certificate";
  const { cloud, config, certificate, deployed, region, nowMs } = facts;
  if (cloud === "local") return notOnAws(name);
  if (!config.readable) return noStack(name);
  const { service, network } = config.value;
  const shared = network.listenerArn !== undefined;
  if (!speaksHttps(service) && !shared) {
    const saw =
      "plain HTTP; service.hostName with service.hostedZoneId or service.certificateArn would make it HTTPS";
    return notApplicable(name, saw);
  }
  const [, , of, at] = service.certificateArn?.split(":") ?? [];
  if (of === "acm" && at !== undefined && region.readable && at !== region.value) {
    // ACM: a load balancer takes certificates of its own region alone.
    return broken(
      name,
      `it stands in ${at}, the stack in ${region.value}`,
      "request one in the stack's region",
    );
  }
  if (!shared && service.hostName === undefined) {
    const { key, allowed, fix } = missingHostName;
    return broken(name, `${key} is missing: ${allowed}`, `${fix}, then pulumi up`);
  }
  const url = deployed.readable ? deployed.value?.outputs.url : undefined;
  if (deployed.readable && url === undefined) {
    return unknown(name, "nothing shows it before the first `pulumi up`", "run it again then");
  }
  if (url?.startsWith("http:") === true) return notApplicable(name, "the shared listener speaks plain HTTP");
  return certificate.readable ? judged(certificate.value, nowMs) : unknown(name, certificate.why, NETWORK);
}

function judged({ names, hostName, covers, endsMs, distrust }: Certificate, nowMs: number): Finding {
  const days = Math.floor((endsMs - nowMs) / DAY_MS);
  const saw = `for ${names.join(", ")}, ${days} days left`;
  const renew = "in ACM, see why it was not renewed: its DNS validation record must still be there";
  if (days < SOON_DAYS) return broken("certificate", saw, renew);
  if (distrust !== undefined) {
    const fix = "use a certificate of ACM or of a public CA";
    return broken("certificate", `${saw}; clients do not trust it: ${distrust}`, fix);
  }
  const fix = "set service.hostName to a name of it, or give a certificate for this one, then pulumi up";
  return covers
    ? ok("certificate", saw)
    : broken("certificate", `${saw}; it does not cover ${hostName}, by which the model is called`, fix);
}

export function dns({ cloud, config, deployed, leads }: Facts): Finding {
  const name = "dns";
  if (cloud === "local") return notOnAws(name);
  if (!config.readable || !deployed.readable) return noStack(name);
  if (deployed.value === undefined) {
    return notApplicable(name, "there is nothing to lead to before the first `pulumi up`");
  }
  const { loadBalancerDnsName } = deployed.value.outputs;
  if (loadBalancerDnsName === undefined) {
    return unknown(
      name,
      "an earlier version deployed the stack, and did not tell its load balancer's name",
      "pulumi up",
    );
  }
  if (!leads.readable) return unknown(name, leads.why, NETWORK);
  if (leads.value === undefined)
    return notApplicable(name, "the model is called by the load balancer's own name");
  const { hostName } = leads.value;
  if (leadsThere(leads.value)) return ok(name, `${hostName} leads to the load balancer`);
  const record = `a record of ${hostName} that leads to ${loadBalancerDnsName}: a CNAME, in Route 53 an alias`;
  return leads.value.addresses.length === 0
    ? broken(name, leadsWords(leads.value), record)
    : unknown(
        name,
        `${leadsWords(leads.value)}, and whether that leads on to it nobody can tell from here`,
        `${record}; behind a CDN or a proxy of yours, see that it leads on`,
      );
}

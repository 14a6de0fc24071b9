import type { StackOutputs } from "../../contract/names/outputs.ts";
import { UserError } from "../errors.ts";

/** Where the model answers, as the outputs say it. */
export type Address = Pick<StackOutputs, "url" | "loadBalancerDnsName">;

/** Where the DNS leads whoever calls the model by its name. */
export interface Leads {
  readonly hostName: string;
  /** The load balancer's own name; on the local cloud with its port. */
  readonly loadBalancer: string;
  /** None: the name has no address. */
  readonly addresses: readonly string[];
  readonly loadBalancerAddresses: readonly string[];
}

/** Whether the name of the model is one that is not the load balancer's own. */
export const isNamed = ({ url, loadBalancerDnsName }: Address): boolean =>
  loadBalancerDnsName !== undefined && new URL(url).hostname !== hostAndPort(loadBalancerDnsName).host;

/** On the local cloud a load balancer's name has its port, as one below 1024 is not everybody's to open. */
export function hostAndPort(name: string): { readonly host: string; readonly port: string | undefined } {
  const { hostname, port } = new URL(`tcp://${name}`);
  return { host: hostname, port: port || undefined };
}

/** A load balancer with many addresses answers with some of them at a time, so one in common is enough. */
export const leadsThere = ({ addresses, loadBalancerAddresses }: Leads): boolean =>
  addresses.some((address) => loadBalancerAddresses.includes(address));

/** `model.example.com has no address yet`, `… leads to 192.0.2.1, not to the load balancer`. */
export const leadsWords = ({ hostName, addresses }: Leads): string =>
  addresses.length === 0
    ? `${hostName} has no address yet`
    : `${hostName} leads to ${addresses.join(", ")}, not to the load balancer`;

/** What to say of requests that go to the load balancer by its own name. `why`: as in `leadsWords`. */
export const detourWords = (why: string, { loadBalancerDnsName }: Address, hostName: string): string =>
  `${why}: asking ${loadBalancerDnsName} with ${hostName} as the server name of TLS and as Host`;

/** ELB: the names of load balancers. What they end in is the partition's (AWS SDK, partitions.json: `dnsSuffix`). */
const OWN_NAME =
  /\.elb\.(?:amazonaws\.(?:com|com\.cn|eu)|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

/**
 * Version 0.1 made a stack with a certificate and no name, which nobody can call by HTTPS.
 * @throws UserError when the address is such.
 */
export function requireName(address: Address): void {
  const { protocol, hostname } = new URL(address.url);
  if (protocol !== "https:" || isNamed(address)) return;
  if (hostname !== address.loadBalancerDnsName && !OWN_NAME.test(hostname)) return;
  throw new UserError("BG280", `The stack answers at ${address.url}.`);
}

import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { UserError } from "../errors.ts";
import { attempt } from "../reading.ts";
import {
  detourWords,
  hostAndPort,
  isNamed,
  leadsThere,
  leadsWords,
  type Address,
  type Leads,
} from "../stack/way-in.ts";

/** One request to the model; a path of its URL. Rejects where there is no whole answer. */
export type Send = (path: string, request: ModelRequest) => Promise<Answered>;

interface ModelRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly redirect?: "manual";
  readonly signal: AbortSignal;
}

interface Answered {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** In pieces as they come; null: there is none. */
  readonly body: AsyncIterable<Uint8Array> | null;
  text(): Promise<string>;
}

/** Addresses of a name; none: it has none. Rejects when nobody could be asked. */
export type LookUp = (name: string) => Promise<readonly string[]>;

/** As every client of this machine finds them: its hosts file included. */
export const machineLookUp: LookUp = async (name) => {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch (error) {
    // getaddrinfo has this one for a name that does not exist, and for one without addresses.
    if (error instanceof Error && "code" in error && error.code === "ENOTFOUND") return [];
    throw error;
  }
};

/**
 * Where the DNS leads whoever calls the model by its name; undefined: it is called by the load balancer's own, or a
 * version deployed it that did not tell that.
 */
export async function leadsOf(address: Address, lookUp: LookUp = machineLookUp): Promise<Leads | undefined> {
  const { url, loadBalancerDnsName } = address;
  if (loadBalancerDnsName === undefined || !isNamed(address)) return undefined;
  const hostName = new URL(url).hostname;
  const { host } = hostAndPort(loadBalancerDnsName);
  const [addresses, loadBalancerAddresses] = await Promise.all([
    lookUp(hostName),
    isIP(host) === 0 ? lookUp(host) : [host],
  ]);
  return { hostName, loadBalancer: loadBalancerDnsName, addresses, loadBalancerAddresses };
}

/**
 * How requests reach the model. By its name where the DNS leads that to the load balancer; else straight to the load
 * balancer, with the name as server name of TLS and as Host, which is told: so a certificate is held against the name
 * all the same, and a token goes to nobody else who has it. Never rejects.
 */
export async function wayIn(
  address: Address,
  tell: (words: string) => void,
  lookUp: LookUp = machineLookUp,
): Promise<Send> {
  const { url, loadBalancerDnsName } = address;
  const leads = await attempt(() => leadsOf(address, lookUp));
  const isDirect = leads.readable && (leads.value === undefined || leadsThere(leads.value));
  if (loadBalancerDnsName === undefined || isDirect)
    return (path, request) => fetch(urlOf(url, path), request);
  const { hostname } = new URL(url);
  const unknown = leads.readable ? "" : leads.why;
  const why =
    leads.readable && leads.value
      ? leadsWords(leads.value)
      : `${hostname} could not be looked up (${unknown})`;
  tell(detourWords(why, address, hostname));
  return straightTo(url, loadBalancerDnsName);
}

const urlOf = (url: string, path: string) => `${url}${path}`;

/** undici's own fetch, because that of Node does not take a connector of another version of it. */
async function straightTo(url: string, loadBalancer: string): Promise<Send> {
  const { Agent, buildConnector, fetch: fetchBy } = await import("undici");
  const { hostname } = new URL(url);
  const { host, port } = hostAndPort(loadBalancer);
  const connect = buildConnector({});
  const dispatcher = new Agent({
    connect: (options, done) => {
      // Node holds the certificate against the server name, and undici sends the Host of the URL.
      const there = { hostname: host, port: port ?? options.port, servername: hostname };
      // A redirect may lead elsewhere.
      connect(options.hostname === hostname ? { ...options, ...there } : options, done);
    },
  });
  return (path, request) => fetchBy(urlOf(url, path), { ...request, dispatcher });
}

/**
 * What a model server with keys wants to be asked with, as `Bearer sk-…`: in the environment alone, so that no
 * configuration, state or evidence has it. Throws UserError.
 */
export function modelHeaders(environment = process.env): Readonly<Record<string, string>> {
  const said = environment["BLUEGREEN_MODEL_AUTHORIZATION"]?.trim() ?? "";
  if (said === "") return {};
  // fetch would refuse it, and repeat it in its error.
  if (!/^[\x20-\x7e]+$/.test(said)) throw new UserError("BG193", "");
  return { authorization: said };
}

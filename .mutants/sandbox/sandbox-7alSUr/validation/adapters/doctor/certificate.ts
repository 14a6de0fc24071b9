import { isIP } from "node:net";
import { checkServerIdentity, connect, type TLSSocket } from "node:tls";
import type { Certificate } from "../../insight/doctor/facts.ts";
import { hostAndPort, type Address } from "../../stack/way-in.ts";

const PATIENCE_MS = 5_000;

/**
 * The certificate that the load balancer shows to whoever calls the model by its name, whether it is trusted or not, and
 * wherever the DNS leads that name.
 */
export async function shownCertificate({ url, loadBalancerDnsName }: Address): Promise<Certificate> {
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== "https:") throw new Error(`${url} is no HTTPS`);
  const to = loadBalancerDnsName === undefined ? { host: hostname } : hostAndPort(loadBalancerDnsName);
  const socket = await handshake(to.host, Number(("port" in to && to.port) || port || "443"), hostname);
  try {
    return read(socket, hostname);
  } finally {
    socket.destroy();
  }
}

function handshake(host: string, port: number, name: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    // Nothing is sent over it: what is wrong with the certificate is what we want to see.
    // RFC 6066: an address is no server name.
    const servername = isIP(name) === 0 ? name : "";
    const socket = connect({ host, port, servername, rejectUnauthorized: false });
    socket.setTimeout(PATIENCE_MS, () => {
      socket.destroy(new Error(`${host}:${port} did not answer within ${PATIENCE_MS / 1000} s`));
    });
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", reject);
  });
}

function read(socket: TLSSocket, hostName: string): Certificate {
  const certificate = socket.getPeerCertificate();
  const { valid_to: validTo, subject, subjectaltname = "" } = certificate;
  if (validTo === undefined) throw new Error("it showed no certificate");
  const names = subjectaltname
    .split(", ")
    .filter((one) => one.startsWith("DNS:"))
    .map((one) => one.slice("DNS:".length));
  // Node looks at the name of a certificate that it trusts alone, and then says so here (`authorizationError`).
  const error = String(socket.authorizationError ?? "");
  return {
    names: names.length > 0 ? names : [String(subject.CN)],
    hostName,
    covers: checkServerIdentity(hostName, certificate) === undefined,
    endsMs: Date.parse(validTo),
    distrust: socket.authorized || error.includes("ERR_TLS_CERT_ALTNAME_INVALID") ? undefined : error,
  };
}

import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import type { Certificate } from "../../doctor/facts.ts";

const PATIENCE_MS = 5_000;

/** The certificate that an HTTPS URL shows, whether it is trusted or not. */
export async function shownCertificate(url: string): Promise<Certificate> {
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== "https:") throw new Error(`${url} is no HTTPS`);
  const socket = await handshake(hostname, Number(port || "443"));
  try {
    return read(socket);
  } finally {
    socket.destroy();
  }
}

function handshake(host: string, port: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    // Nothing is sent over it: what is wrong with the certificate is what we want to see.
    // RFC 6066: an address is no server name.
    const servername = isIP(host) === 0 ? host : "";
    const socket = connect({ host, port, servername, rejectUnauthorized: false });
    socket.setTimeout(PATIENCE_MS, () => {
      socket.destroy(new Error(`${host}:${port} did not answer within ${PATIENCE_MS / 1000} s`));
    });
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", reject);
  });
}

function read(socket: TLSSocket): Certificate {
  const { valid_to: validTo, subject, subjectaltname = "" } = socket.getPeerCertificate();
  if (validTo === undefined) throw new Error("it showed no certificate");
  const names = subjectaltname
    .split(", ")
    .filter((one) => one.startsWith("DNS:"))
    .map((one) => one.slice("DNS:".length));
  // The load balancer is asked by its own name, which its certificate is not for.
  const error = String(socket.authorizationError ?? "");
  const distrust = socket.authorized || error.includes("ERR_TLS_CERT_ALTNAME_INVALID") ? undefined : error;
  return {
    names: names.length > 0 ? names : [String(subject.CN)],
    endsMs: Date.parse(validTo),
    distrust,
  };
}

import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { getCACertificates, setDefaultCACertificates, TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testRoute } from "../../../validation/adapters/test-route.ts";
import { leadsOf, wayIn, type LookUp } from "../../../validation/adapters/way-in.ts";
import type { Address } from "../../../validation/stack/way-in.ts";
import { CERTIFICATE, KEY } from "../../support/certificate.ts";

const TOKEN = "t".repeat(32);
const NAME = "model.example.com";
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0)) await clean();
});

async function portOf(server: Server & { closeAllConnections(): void }): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanup.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );
  // A TCP server that listens has an address with a port.
  return (server.address() as AddressInfo).port;
}

/** A load balancer at a port of its own, and what it is asked. */
async function balancer(scheme: "http" | "https") {
  const seen: { readonly host: string | undefined; readonly serverName: unknown }[] = [];
  const answer: RequestListener = ({ headers, socket }: IncomingMessage, response) => {
    seen.push({
      host: headers.host,
      serverName: socket instanceof TLSSocket && "servername" in socket && socket.servername,
    });
    response.end("prediction");
  };
  const server =
    scheme === "https" ? createServer({ key: KEY, cert: CERTIFICATE }, answer) : createHttpServer(answer);
  return { seen, port: await portOf(server) };
}

/** A name service that knows these names. */
const knows =
  (names: Readonly<Record<string, readonly string[]>>): LookUp =>
  async (name) =>
    names[name] ?? [];
const nobody: LookUp = () => Promise.reject(new Error("getaddrinfo EAI_AGAIN"));

const asked = async (address: Address, lookUp: LookUp) => {
  const told: string[] = [];
  const ask = testRoute(address, TOKEN, 5, (words) => told.push(words), lookUp);
  const { status, text } = await ask("green", { method: "GET", path: "/health" });
  return { status, text, told };
};

describe("While the DNS does not lead to the load balancer, a test asks it by its own name", () => {
  beforeEach(() => {
    const before = getCACertificates("default");
    cleanup.push(() => setDefaultCACertificates(before));
    setDefaultCACertificates([...before, CERTIFICATE]);
  });

  test("with the model's name as server name of TLS and as Host, and says so", async () => {
    const { seen, port } = await balancer("https");
    const address = { url: `https://${NAME}`, loadBalancerDnsName: `localhost:${port}` };
    expect(await asked(address, knows({ localhost: ["127.0.0.1"] }))).toEqual({
      status: 200,
      text: "prediction",
      told: [
        `${NAME} has no address yet: asking localhost:${port} with ${NAME} as the server name of TLS and as Host`,
      ],
    });
    expect(seen).toEqual([{ host: NAME, serverName: NAME }]);
  });

  test("so that its token goes to nobody else who has the name still", async () => {
    const { seen, port } = await balancer("https");
    const address = { url: `https://${NAME}`, loadBalancerDnsName: `127.0.0.1:${port}` };
    const { status, told } = await asked(address, knows({ [NAME]: ["192.0.2.1", "192.0.2.2"] }));
    expect(status).toBe(200);
    expect(told).toEqual([
      expect.stringMatching(/^model\.example\.com leads to 192\.0\.2\.1, 192\.0\.2\.2, not/),
    ]);
    expect(seen).toHaveLength(1);
  });

  test("also where nobody could be asked for the name", async () => {
    const { port } = await balancer("https");
    const address = { url: `https://${NAME}`, loadBalancerDnsName: `127.0.0.1:${port}` };
    const { status, told } = await asked(address, nobody);
    expect(status).toBe(200);
    expect(told).toEqual([expect.stringMatching(/could not be looked up \(getaddrinfo EAI_AGAIN\): asking/)]);
  });

  test("and takes no certificate that is for another name", async () => {
    const { seen, port } = await balancer("https");
    const address = { url: "https://model.example.org", loadBalancerDnsName: `127.0.0.1:${port}` };
    const { status, text } = await asked(address, knows({}));
    expect(status).toBe(0);
    expect(text).toMatch(/altnames/);
    expect(seen).toEqual([]);
  });
});

describe("Whichever way", () => {
  test("a certificate that nobody trusts is not taken", async () => {
    const { seen, port } = await balancer("https");
    const address = { url: `https://${NAME}`, loadBalancerDnsName: `127.0.0.1:${port}` };
    const { status, text } = await asked(address, knows({}));
    expect(status).toBe(0);
    expect(text).toMatch(/self-signed/);
    expect(seen).toEqual([]);
  });

  test("plain HTTP of a shared listener is asked with the name as Host, at the listener's port", async () => {
    const { seen, port } = await balancer("http");
    const address = { url: `http://${NAME}:${port}`, loadBalancerDnsName: "127.0.0.1" };
    expect((await asked(address, knows({}))).status).toBe(200);
    expect(seen).toEqual([{ host: `${NAME}:${port}`, serverName: false }]);
  });

  test("a name that leads to the load balancer is asked as every user does, and nothing is said", async () => {
    const { seen, port } = await balancer("http");
    const address = { url: `http://localhost:${port}`, loadBalancerDnsName: "lb.example.com" };
    const lookUp = knows({ localhost: ["192.0.2.9", "192.0.2.1"], "lb.example.com": ["192.0.2.1"] });
    expect(await asked(address, lookUp)).toEqual({ status: 200, text: "prediction", told: [] });
    expect(seen).toHaveLength(1);
  });

  test("a stack without a name, and one of a version that told none, is asked at its address", async () => {
    const { port } = await balancer("http");
    const url = `http://127.0.0.1:${port}`;
    for (const address of [{ url }, { url, loadBalancerDnsName: `127.0.0.1:${port}` }]) {
      expect(await asked(address, nobody)).toEqual({ status: 200, text: "prediction", told: [] });
      expect(await leadsOf(address, nobody)).toBeUndefined();
    }
  });

  test("names are looked up as every client of this machine does, its hosts file included", async () => {
    const found = await leadsOf({ url: "http://localhost:1", loadBalancerDnsName: "127.0.0.1:1" });
    expect(found).toMatchObject({ hostName: "localhost", loadBalancerAddresses: ["127.0.0.1"] });
    expect(found?.addresses.filter((address) => !["127.0.0.1", "::1"].includes(address))).toEqual([]);
    expect(found?.addresses).not.toEqual([]);
  });

  test("a redirect to another name is followed there", async () => {
    const { seen, port } = await balancer("http");
    const redirecting = createHttpServer((_request, response) =>
      response.writeHead(307, { location: `http://localhost:${port}/there` }).end(),
    );
    const own = await portOf(redirecting);
    const send = await wayIn(
      { url: `http://${NAME}`, loadBalancerDnsName: `127.0.0.1:${own}` },
      () => {},
      knows({}),
    );
    const signal = AbortSignal.timeout(5_000);
    expect(await (await send("/predict", { method: "GET", headers: {}, signal })).text()).toBe("prediction");
    expect(seen).toEqual([{ host: `localhost:${port}`, serverName: false }]);
  });
});

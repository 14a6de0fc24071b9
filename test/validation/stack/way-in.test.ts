import { expect, test } from "vitest";
import { syntheticRequests } from "../../../validation/adapters/synthetic-requests.ts";
import { UserError } from "../../../validation/errors.ts";
import { examine } from "../../../validation/suite/test-candidate.ts";
import { hostAndPort, isNamed, requireName, type Address } from "../../../validation/stack/way-in.ts";
import { candidateReady } from "../support/samples.ts";
import { World } from "../support/world.ts";

const ELB = "app-1234.us-east-1.elb.amazonaws.com";
const refused = (address: Address) => {
  try {
    requireName(address);
    return undefined;
  } catch (error) {
    return error instanceof UserError ? error.code : error;
  }
};

test.each<[string, Address, string | undefined]>([
  ["HTTPS by the load balancer's own name", { url: `https://${ELB}`, loadBalancerDnsName: ELB }, "BG280"],
  ["the same as version 0.1 told it", { url: `https://${ELB}` }, "BG280"],
  ["the same in China, at a port", { url: `https://${ELB}.cn:8443` }, "BG280"],
  [
    "the same in the European Sovereign Cloud",
    { url: "https://app-1234.eusc-de-east-1.elb.amazonaws.eu" },
    "BG280",
  ],
  ["the same in an isolated region", { url: "https://app-1234.us-iso-east-1.elb.c2s.ic.gov" }, "BG280"],
  ["HTTPS by a name that begins like one", { url: `https://${ELB}.example.com` }, undefined],
  ["HTTPS by a name", { url: "https://model.example.com", loadBalancerDnsName: ELB }, undefined],
  [
    "HTTPS by a name, as version 0.1 told it of a shared listener",
    { url: "https://m.example.com" },
    undefined,
  ],
  ["plain HTTP", { url: `http://${ELB}`, loadBalancerDnsName: ELB }, undefined],
])("%s: %o is %s", (_what, address, code) => {
  expect(refused(address)).toBe(code);
});

test("Neither tests nor synthetic load begin where nobody can call the model by HTTPS", async () => {
  const address = { url: `https://${ELB}` };
  const world = new World({
    ...candidateReady(),
    testToken: "t".repeat(32),
    localCloud: "http://127.0.0.1:1",
  });
  const deployed = world.deployed();
  const tools = {
    connect: () => () => Promise.reject(new Error("nobody is asked")),
    connectStreams: () => () => Promise.reject(new Error("nobody is asked")),
    wait: async () => {},
    readFile: async () => '{"features": [1], "label": 1}\n',
  };
  const outputs = { ...deployed.outputs, ...address };
  await expect(
    examine(world.context(), { ...deployed, outputs }, tools, { golden: "golden.jsonl" }),
  ).rejects.toThrow("no certificate covers. The stack answers at https://app-1234");
  await expect(syntheticRequests("/nowhere", () => {})(deployed.config, address)).rejects.toThrow(UserError);
});

test("A load balancer has a port in its name on the local cloud alone", () => {
  expect(hostAndPort("127.0.0.1:4567")).toEqual({ host: "127.0.0.1", port: "4567" });
  expect(hostAndPort("127.0.0.1:80")).toEqual({ host: "127.0.0.1", port: "80" });
  expect(hostAndPort(ELB)).toEqual({ host: ELB, port: undefined });
  expect(isNamed({ url: "http://127.0.0.1:4567", loadBalancerDnsName: "127.0.0.1:4567" })).toBe(false);
  expect(isNamed({ url: `http://${ELB}:8080`, loadBalancerDnsName: ELB })).toBe(false);
  expect(isNamed({ url: `http://model.example.com`, loadBalancerDnsName: "127.0.0.1:4567" })).toBe(true);
});

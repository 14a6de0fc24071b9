import { describe, expect, test, vi } from "vitest";
import { parseOutputs } from "../../contract/names/outputs.ts";
import { BY_VERB } from "../../contract/transition/writer.ts";
import { PLAIN_LISTENER, PRIVATE_ZONE } from "../support/pulumi-mock-calls.ts";
import { find, keysOf, runProgram } from "../support/pulumi-mocks.ts";
import { CERTIFICATE, EXISTING_VPC, HTTPS, ONE_SLOT, SHARED, TWO_SLOTS, TYPE, ZONE } from "./configs.ts";

describe("The host name", () => {
  test("with a certificate is the address of the model, and the load balancer's own name an output beside it", async () => {
    const { outputs } = await runProgram({ ...ONE_SLOT, service: HTTPS });
    expect(parseOutputs(outputs)).toMatchObject({
      url: "https://model.example.com",
      loadBalancerDnsName: "lb.example.com",
    });
  });

  test("without one there is none, and plain HTTP is called by the load balancer's own", async () => {
    const { outputs } = await runProgram(ONE_SLOT);
    expect(parseOutputs(outputs)).toMatchObject({
      url: "http://lb.example.com",
      loadBalancerDnsName: "lb.example.com",
    });
  });

  test("of a shared listener is the one that is given, and else the first that is no pattern", async () => {
    const of = async (service: object) =>
      parseOutputs((await runProgram({ ...ONE_SLOT, network: SHARED, service })).outputs);
    expect(await of({})).toMatchObject({
      url: "https://model.example.com:8443",
      loadBalancerDnsName: "shared.example.com",
    });
    expect((await of({ hostName: "other.example.com" }))?.url).toBe("https://other.example.com:8443");
  });
});

describe("A hosted zone", () => {
  test("gives the certificate, its proof and the name's record", async () => {
    const run = await runProgram({ ...ONE_SLOT, service: ZONE });
    expect(find(run, `${TYPE.certificate}::certificate`).inputs).toMatchObject({
      domainName: "model.example.com",
      validationMethod: "DNS",
    });
    const proof = find(run, `${TYPE.record}::certificate`);
    expect(proof.inputs).toMatchObject({
      zoneId: ZONE.hostedZoneId,
      name: "_a1.model.example.com.",
      type: "CNAME",
      records: ["_b2.acm-validations.aws."],
      allowOverwrite: true,
    });
    // Other certificates of the account for this name need it for their renewal.
    expect(proof.options.retainOnDelete).toBe(true);
    const validation = find(run, `${TYPE.certificateValidation}::certificate`);
    expect(validation.inputs["validationRecordFqdns"]).toEqual(["_a1.model.example.com."]);
    const listener = find(run, `${TYPE.listener}::https`);
    expect(listener.options.dependsOn).toContain(`${TYPE.certificateValidation}::certificate`);
    expect(parseOutputs(run.outputs)?.url).toBe("https://model.example.com");
  });

  test("leads the name to the load balancer once somebody listens there, and takes no record from anybody", async () => {
    const run = await runProgram({ ...ONE_SLOT, service: ZONE });
    const { inputs, options } = find(run, `${TYPE.record}::host-name`);
    expect(inputs).toMatchObject({
      zoneId: ZONE.hostedZoneId,
      name: "model.example.com",
      type: "A",
      aliases: [{ name: "lb.example.com", zoneId: "ZLOADBALANCER", evaluateTargetHealth: false }],
    });
    expect(inputs["allowOverwrite"]).toBeUndefined();
    expect(options.dependsOn).toEqual(
      expect.arrayContaining([`${TYPE.listener}::https`, `${TYPE.listener}::listener`]),
    );
    expect(options.protect).toBe(true);
  });

  test("leads the name to a load balancer with IPv6 by both kinds of address", async () => {
    const network = { ...EXISTING_VPC, ipAddressType: "dualstack" };
    const run = await runProgram({ ...ONE_SLOT, network, service: ZONE });
    const kinds = run.resources.flatMap(({ type, name, inputs }) =>
      type === TYPE.record && name.startsWith("host-name") ? [inputs["type"]] : [],
    );
    expect(kinds).toEqual(["A", "AAAA"]);
    const record = find(run, `${TYPE.record}::host-name-ipv6`).inputs;
    expect(record["aliases"]).toEqual(find(run, `${TYPE.record}::host-name`).inputs["aliases"]);
  });

  test("beside a certificate that is given makes the record alone", async () => {
    const run = await runProgram({ ...ONE_SLOT, service: { ...ZONE, certificateArn: CERTIFICATE } });
    const made = keysOf(run).filter((key) => /acm|route53/.test(key));
    expect(made).toEqual([`${TYPE.record}::host-name`]);
    expect(find(run, `${TYPE.listener}::https`).inputs["certificateArn"]).toBe(CERTIFICATE);
  });

  test("and everything of HTTPS is absent without it", async () => {
    expect(keysOf(await runProgram(ONE_SLOT)).filter((key) => /acm|route53/.test(key))).toEqual([]);
  });
});

describe("What only AWS knows of them is asked before anything is made", () => {
  const elsewhere = "arn:aws:acm:eu-west-1:123456789012:certificate/1";
  test.each([
    [
      "a certificate of another region",
      { ...HTTPS, certificateArn: elsewhere },
      "a certificate of us-east-1",
    ],
    ["a private zone", { ...ZONE, hostedZoneId: PRIVATE_ZONE }, "is private"],
    ["the zone of another name", { ...ZONE, hostName: "model.example.org" }, "it is that of example.com"],
    ["a zone that only ends alike", { ...ZONE, hostName: "modelexample.com" }, "it is that of example.com"],
  ])("%s is refused", async (_what, service, words) => {
    await expect(runProgram({ ...ONE_SLOT, service })).rejects.toThrow(words);
  });

  test("a certificate of IAM has no region", async () => {
    const certificateArn = "arn:aws:iam::123456789012:server-certificate/model";
    const { outputs } = await runProgram({ ...ONE_SLOT, service: { ...HTTPS, certificateArn } });
    expect(parseOutputs(outputs)?.url).toBe("https://model.example.com");
  });

  test("a shared listener with HTTPS needs a name, and one without does not", async () => {
    const network = { ...SHARED, hostHeaders: [] };
    await expect(runProgram({ ...ONE_SLOT, network })).rejects.toThrow(
      "service.hostName is nothing; allowed: the name that users call: the listener speaks HTTPS",
    );
    const plain = { ...network, listenerArn: PLAIN_LISTENER };
    const { outputs } = await runProgram({ ...ONE_SLOT, network: plain });
    expect(parseOutputs(outputs)?.url).toMatch(/^http:\/\/shared\.example\.com/);
  });
});

describe("A stack of version 0.1 that has a certificate and no name", () => {
  const service = { certificateArn: CERTIFICATE };

  test("gets its name with the next update manually", async () => {
    await expect(runProgram({ ...ONE_SLOT, service })).rejects.toThrow(
      "service.hostName is nothing; allowed: the name that users call: service.certificateArn covers none of the load balancer's own. Fix it: pulumi config set --path service.hostName model.example.com",
    );
  });

  test("is reverted all the same, by the tools and manually", async () => {
    const shifted = { ...TWO_SLOTS, service: HTTPS, greenWeight: 10 };
    const { outputs } = await runProgram(shifted);
    const back = { ...TWO_SLOTS, service };
    expect(parseOutputs((await runProgram(back, "dev", outputs)).outputs)?.url).toBe(
      "https://lb.example.com",
    );
    vi.stubEnv(BY_VERB, "1");
    const byVerb = await runProgram({ ...back, generation: 1 }, "dev", outputs);
    expect(parseOutputs(byVerb.outputs)?.split).toEqual({ blue: 100, green: 0 });
  });
});

import { CERTIFICATE, DAY, deployed, given, NOW, unreadable, withService, type Case } from "./cases.ts";

const LB = "lb-1234.us-east-1.elb.amazonaws.com";
const hostName = "model.example.com";
const arn = (region: string) => `arn:aws:acm:${region}:000000000000:certificate/1`;

/** A stack that speaks HTTPS. */
export const HTTPS = withService({ certificateArn: arn("us-east-1"), hostName });
const at = (url: string, loadBalancerDnsName: string | undefined) => {
  const { loadBalancerDnsName: _, ...outputs } = { ...deployed.outputs, url };
  const named = loadBalancerDnsName === undefined ? {} : { loadBalancerDnsName };
  return given({ ...deployed, outputs: { ...outputs, ...named } });
};
const SECURE = at(`https://${hostName}`, LB);
const SHARED = given({
  ...deployed.config,
  network: {
    ...deployed.config.network,
    listenerArn: "arn:aws:elasticloadbalancing:us-east-1:1:listener/app/x/1/2",
  },
});

const certificates: readonly Omit<Case, "check">[] = [
  { title: "plain HTTP", facts: {}, results: ["notApplicable"], words: "plain HTTP" },
  {
    title: "a good certificate",
    facts: { config: HTTPS, deployed: SECURE },
    results: ["ok"],
    words: "90 days left",
  },
  {
    title: "a good certificate that the stack made itself",
    facts: { config: withService({ hostedZoneId: "Z0123456789", hostName }), deployed: SECURE },
    results: ["ok"],
    words: "for model.example.com",
  },
  {
    title: "a certificate that ends in 20 days",
    facts: {
      config: HTTPS,
      deployed: SECURE,
      certificate: given({ ...CERTIFICATE, endsMs: NOW + 20.9 * DAY }),
    },
    results: ["broken"],
    words: "20 days left",
  },
  {
    title: "a certificate of nobody",
    facts: {
      config: HTTPS,
      deployed: SECURE,
      certificate: given({ ...CERTIFICATE, distrust: "self-signed" }),
    },
    results: ["broken"],
    words: "self-signed",
  },
  {
    title: "a certificate for another name",
    facts: {
      config: HTTPS,
      deployed: SECURE,
      certificate: given({ ...CERTIFICATE, names: ["www.example.com"], covers: false }),
    },
    results: ["broken"],
    words: "for www.example.com, 90 days left; it does not cover model.example.com",
  },
  {
    title: "a certificate and no name, as version 0.1 deployed it",
    facts: {
      config: withService({ certificateArn: arn("us-east-1") }),
      deployed: at(`https://${LB}`, undefined),
    },
    results: ["broken"],
    words: "pulumi config set --path service.hostName model.example.com, then pulumi up",
  },
  {
    title: "a certificate and no name before the first deployment",
    facts: { config: withService({ certificateArn: arn("us-east-1") }), deployed: given(undefined) },
    results: ["broken"],
    words: "service.hostName is missing",
  },
  {
    title: "a certificate of another region",
    facts: { config: withService({ certificateArn: arn("eu-west-1"), hostName }), deployed: SECURE },
    results: ["broken"],
    words: "stands in eu-west-1",
  },
  {
    title: "a certificate of IAM, which is of no region",
    facts: {
      config: withService({ certificateArn: "arn:aws:iam::000000000000:server-certificate/x", hostName }),
      deployed: SECURE,
    },
    results: ["ok"],
    words: "90 days left",
  },
  {
    title: "a certificate before the first deployment",
    facts: { config: HTTPS, deployed: given(undefined) },
    results: ["unknown"],
    words: "before the first",
  },
  {
    title: "the certificate of a shared listener",
    facts: { config: SHARED, deployed: SECURE },
    results: ["ok"],
    words: "90 days left",
  },
  {
    title: "a shared listener with plain HTTP",
    facts: { config: SHARED, deployed: at("http://model.example.com", LB) },
    results: ["notApplicable"],
    words: "speaks plain HTTP",
  },
];

const leads = (...addresses: readonly string[]) =>
  given({ hostName, loadBalancer: LB, addresses, loadBalancerAddresses: ["192.0.2.1", "192.0.2.2"] });
const names: readonly Omit<Case, "check">[] = [
  {
    title: "a model that is called by the load balancer's own name",
    facts: {},
    results: ["notApplicable"],
    words: "own name",
  },
  {
    title: "a name that leads to the load balancer",
    facts: { config: HTTPS, deployed: SECURE, leads: leads("192.0.2.2") },
    results: ["ok"],
    words: "model.example.com leads to the load balancer",
  },
  {
    title: "a name that has no address",
    facts: { config: HTTPS, deployed: SECURE, leads: leads() },
    results: ["broken"],
    words: `a record of model.example.com that leads to ${LB}: a CNAME`,
  },
  {
    title: "a name that leads elsewhere, perhaps to a CDN in front of the load balancer",
    facts: { config: HTTPS, deployed: SECURE, leads: leads("198.51.100.7") },
    results: ["unknown"],
    words: "leads to 198.51.100.7, not to the load balancer",
  },
  {
    title: "a name while nobody can be asked",
    facts: { config: HTTPS, deployed: SECURE, leads: unreadable },
    results: ["unknown"],
    words: "no network",
  },
  {
    title: "a name of a stack of version 0.1",
    facts: { config: HTTPS, deployed: at(`https://${hostName}`, undefined) },
    results: ["unknown"],
    words: "did not tell its load balancer's name",
  },
  {
    title: "a name before the first deployment",
    facts: { config: HTTPS, deployed: given(undefined) },
    results: ["notApplicable"],
    words: "before the first",
  },
];

export const ENTRANCE_CASES: readonly Case[] = [
  ...certificates.map((one) => ({ ...one, check: "certificate" as const })),
  ...names.map((one) => ({ ...one, check: "dns" as const })),
];

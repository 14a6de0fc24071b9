import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { LastingConfig } from "../config.ts";

/**
 * The certificate that the listener shows: the given one, or one of ACM for `service.hostName`, proven by a record in its
 * hosted zone; undefined: plain HTTP. The listener waits until ACM has seen the record and issued it.
 */
export function createCertificate(
  { service }: LastingConfig,
  tags: Record<string, string>,
): pulumi.Input<string> | undefined {
  const { certificateArn, hostedZoneId, hostName } = service;
  if (certificateArn !== undefined || hostedZoneId === undefined || hostName === undefined)
    return certificateArn;
  const certificate = new aws.acm.Certificate("certificate", {
    domainName: hostName,
    validationMethod: "DNS",
    tags,
  });
  const asked = certificate.domainValidationOptions.apply(onlyRecord);
  const record = new aws.route53.Record(
    "certificate",
    {
      zoneId: hostedZoneId,
      name: asked.resourceRecordName,
      type: "CNAME",
      records: [asked.resourceRecordValue],
      ttl: 300,
      // ACM user guide, DNS validation: the record is the same for all certificates of an account for this name, so it
      // may be there already, and others may need it for their renewal when this stack is gone.
      allowOverwrite: true,
    },
    { retainOnDelete: true },
  );
  const issued = new aws.acm.CertificateValidation("certificate", {
    certificateArn: certificate.arn,
    validationRecordFqdns: [record.fqdn],
  });
  return issued.certificateArn;
}

/** ACM user guide, DNS validation: one CNAME record for each name of a certificate, and this has one. */
function onlyRecord(asked: readonly aws.types.output.acm.CertificateDomainValidationOption[]) {
  const [only] = asked;
  if (only?.resourceRecordType === "CNAME") return only;
  throw new Error(`ACM asks for other records than one CNAME: ${JSON.stringify(asked)}`);
}

/**
 * The name's record, an alias of the load balancer, and with IPv6 a second one; nothing without `service.hostedZoneId`. A name that has a record
 * already is nobody's to take: Route 53 refuses a second one, and the update fails there.
 */
export function createRecord(
  { service, network, rollout }: LastingConfig,
  loadBalancer: pulumi.Output<aws.lb.LoadBalancer>,
  listeners: readonly aws.lb.Listener[],
): void {
  const { hostedZoneId, hostName } = service;
  if (hostedZoneId === undefined || hostName === undefined) return;
  const create = (name: string, type: "A" | "AAAA") =>
    new aws.route53.Record(
      name,
      {
        zoneId: hostedZoneId,
        name: hostName,
        type,
        aliases: [
          {
            name: loadBalancer.dnsName,
            zoneId: loadBalancer.zoneId,
            // It is the only record of its name: Route 53 would answer with it all the same.
            evaluateTargetHealth: false,
          },
        ],
      },
      // Nobody is led to ports where nobody listens yet.
      { protect: rollout.protect, dependsOn: [...listeners] },
    );
  create("host-name", "A");
  // ELB guide, "IP address types": a dual-stack load balancer's name has AAAA records, too.
  if (network.ipAddressType === "dualstack") create("host-name-ipv6", "AAAA");
}

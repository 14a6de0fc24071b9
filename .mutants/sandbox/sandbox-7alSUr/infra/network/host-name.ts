import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { protectedIf, type Place } from "../component/place.ts";
import type { LastingConfig } from "../config.ts";

/**
 * The certificate that the listener shows: the given one, or one of ACM for `service.hostName`, proven by a record in its
 * hosted zone; undefined: plain HTTP. The listener waits until ACM has seen the record and issued it.
 */
export function createCertificate(
  place: Place,
  { service }: LastingConfig,
  tags: Record<string, string>,
): pulumi.Input<string> | undefined {
  const { certificateArn, hostedZoneId, hostName } = service;
  if (certificateArn !== undefined || hostedZoneId === undefined || hostName === undefined)
    return certificateArn;
  const certificate = new aws.acm.Certificate(
    place.name("certificate"),
    { domainName: hostName, validationMethod: "DNS", tags },
    place.options("certificate"),
  );
  const asked = certificate.domainValidationOptions.apply(onlyRecord);
  const record = new aws.route53.Record(
    place.name("certificate"),
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
    { ...place.options("certificate"), retainOnDelete: true },
  );
  const issued = new aws.acm.CertificateValidation(
    place.name("certificate"),
    { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
    place.options("certificate"),
  );
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
  place: Place,
  { service, network, rollout }: LastingConfig,
  loadBalancer: pulumi.Output<aws.lb.LoadBalancer>,
  listeners: readonly aws.lb.Listener[],
): void {
  const { hostedZoneId, hostName } = service;
  if (hostedZoneId === undefined || hostName === undefined) return;
  const create = (name: string, type: "A" | "AAAA") =>
    new aws.route53.Record(
      place.name(name),
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
      { ...place.options(name), ...protectedIf(rollout.protect), dependsOn: [...listeners] },
    );
  create("host-name", "A");
  // ELB guide, "IP address types": a dual-stack load balancer's name has AAAA records, too.
  if (network.ipAddressType === "dualstack") create("host-name-ipv6", "AAAA");
}

import type { IamAction } from "./aws-calls.ts";
import type { TypePermissions } from "./type-permissions.ts";
import type { ScopeName } from "./scopes.ts";

const permissions = (scope: ScopeName, service: string, ...names: readonly string[]) =>
  names.map((name): readonly [IamAction, ScopeName] => [`${service}:${name}`, scope]);

const CHANGES = permissions("dnsChanges", "route53", "GetChange");
// The provider asks for the zone before each record, and the program for its name and kind.
const OF_ZONE = permissions(
  "hostedZone",
  "route53",
  "GetHostedZone",
  "ListResourceRecordSets",
  "ListTagsForResource",
);
const CERTIFICATE = permissions("ownCertificates", "acm", "DescribeCertificate", "ListTagsForCertificate");

/** What `service.hostedZoneId` needs; sources as those of the other types. */
export const HOST_NAME_TYPES: Readonly<Record<string, TypePermissions>> = {
  "aws:acm/certificate:Certificate": {
    read: CERTIFICATE,
    write: [
      ...permissions("newCertificates", "acm", "RequestCertificate"),
      ...permissions("certificateTags", "acm", "AddTagsToCertificate"),
      ...permissions("ownCertificates", "acm", "RemoveTagsFromCertificate", "DeleteCertificate"),
    ],
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    read: permissions("ownCertificates", "acm", "DescribeCertificate"),
    write: [],
  },
  "aws:route53/record:Record": {
    read: [...OF_ZONE, ...CHANGES],
    write: permissions("ownRecords", "route53", "ChangeResourceRecordSets"),
  },
};

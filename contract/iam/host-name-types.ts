import type { IamAction } from "./aws-calls.ts";
import type { TypeRights } from "./type-rights.ts";
import type { ScopeName } from "./scopes.ts";

const rights = (scope: ScopeName, service: string, ...names: readonly string[]) =>
  names.map((name): readonly [IamAction, ScopeName] => [`${service}:${name}`, scope]);

const CHANGES = rights("dnsChanges", "route53", "GetChange");
// The provider asks for the zone before each record, and the program for its name and kind.
const OF_ZONE = rights(
  "hostedZone",
  "route53",
  "GetHostedZone",
  "ListResourceRecordSets",
  "ListTagsForResource",
);
const CERTIFICATE = rights("ownCertificates", "acm", "DescribeCertificate", "ListTagsForCertificate");

/** What `service.hostedZoneId` needs; sources as those of the other types. */
export const HOST_NAME_TYPES: Readonly<Record<string, TypeRights>> = {
  "aws:acm/certificate:Certificate": {
    read: CERTIFICATE,
    write: [
      ...rights("newCertificates", "acm", "RequestCertificate"),
      ...rights("certificateTags", "acm", "AddTagsToCertificate"),
      ...rights("ownCertificates", "acm", "RemoveTagsFromCertificate", "DeleteCertificate"),
    ],
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    read: rights("ownCertificates", "acm", "DescribeCertificate"),
    write: [],
  },
  "aws:route53/record:Record": {
    read: [...OF_ZONE, ...CHANGES],
    write: rights("ownRecords", "route53", "ChangeResourceRecordSets"),
  },
};

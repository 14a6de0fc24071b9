import { ACCOUNT } from "./pulumi-mock-calls.ts";

/** What ACM and Route 53 would add to the inputs. */
export function hostNameStates(
  name: string,
  { domainName, name: recordName }: Readonly<Record<string, unknown>>,
): Readonly<Record<string, object>> {
  return {
    "aws:acm/certificate:Certificate": {
      arn: `arn:aws:acm:${ACCOUNT}:certificate/${name}`,
      domainValidationOptions: [
        {
          domainName,
          resourceRecordName: `_a1.${String(domainName)}.`,
          resourceRecordType: "CNAME",
          resourceRecordValue: "_b2.acm-validations.aws.",
        },
      ],
    },
    "aws:route53/record:Record": { fqdn: recordName },
  };
}

import { RUN_TAG } from "../../../../tools/aws-run/things.ts";
import { page, Refused, type Handlers, type AccountThings } from "./account-things.ts";

// A load balancer's interfaces stay for a while after it, and hold its security groups.
const INTERFACES_MS = 120_000;
const items = (lines: readonly string[]) => lines.map((line) => `<item>${line}</item>`).join("");

/** EC2, IAM, ACM, CloudTrail and STS, in their own wire formats. */
export function scriptedOthers(account: AccountThings): Handlers {
  return {
    "sts GetCallerIdentity": () => ({
      Account: "123456789012",
      Arn: "arn:aws:iam::123456789012:user/somebody",
    }),
    "ec2 DescribeSubnets": () =>
      items(
        ["a", "b"].map(
          (zone, index) =>
            `<availabilityZone>us-east-1${zone}</availabilityZone><availabilityZoneId>use1-az${index}</availabilityZoneId><subnetId>subnet-${zone}</subnetId><vpcId>vpc-1</vpcId>`,
        ),
      ),
    "ec2 CreateSecurityGroup": (input) => {
      const tags = { [RUN_TAG]: String(input["TagSpecification.1.Tag.1.Value"]) };
      return `<groupId>${account.add("securityGroup", `sg-${account.next()}`, tags)}</groupId>`;
    },
    "ec2 AuthorizeSecurityGroupIngress": () => "<return>true</return>",
    "ec2 DescribeTags": () =>
      items(
        account.ids("securityGroup").flatMap((id) =>
          Object.entries(account.standing.get(id)?.tags ?? {})
            .filter(([key]) => key === RUN_TAG)
            .map(([key, value]) => `<resourceId>${id}</resourceId><key>${key}</key><value>${value}</value>`),
        ),
      ),
    "ec2 DescribeSecurityGroups": (input) => {
      if (!account.standing.has(String(input["GroupId.1"]))) throw new Refused("InvalidGroup.NotFound");
      return "";
    },
    "ec2 DeleteSecurityGroup": ({ GroupId }) => {
      const isHeld = account.gone.some(
        ({ one, atMs }) => one.kind === "loadBalancer" && account.clock.now() < atMs + INTERFACES_MS,
      );
      const inUse = account.ids("loadBalancer").some((arn) => !arn.endsWith("/prod"));
      if (isHeld || inUse) throw new Refused("DependencyViolation");
      account.remove(String(GroupId), "InvalidGroup.NotFound");
      return "";
    },
    "ec2 DescribeAvailabilityZones": () =>
      items(["<zoneName>us-east-1a</zoneName><zoneType>availability-zone</zoneType>"]),
    "iam ListRoles": ({ Marker }) => {
      const { items: found, next } = page(account.ids("role"), Marker);
      const roles = found.map((id) => {
        const [, path = "", name = ""] = /^(.*\/)([^/]*)$/.exec(String(id)) ?? [];
        return `<member><Path>${path}</Path><RoleName>${name}</RoleName></member>`;
      });
      return `<Roles>${roles.join("")}</Roles>${next === undefined ? "" : `<Marker>${next}</Marker>`}`;
    },
    "iam ListRolePolicies": () => "<PolicyNames><member>inline</member></PolicyNames>",
    "iam ListAttachedRolePolicies": () => "<AttachedPolicies/>",
    "iam DeleteRolePolicy": () => "",
    "iam DeleteRole": ({ RoleName }) => {
      const id = account.ids("role").find((one) => one.endsWith(`/${String(RoleName)}`));
      account.remove(id ?? "", "NoSuchEntity");
      return "";
    },
    "acm RequestCertificate": ({ DomainName, Tags }) => {
      const arn = `arn:aws:acm:us-east-1:123456789012:certificate/${account.next()}`;
      return { CertificateArn: account.add("certificate", arn, Tags, String(DomainName)) };
    },
    "acm DescribeCertificate": () => ({
      Certificate: {
        DomainValidationOptions: [{ ResourceRecord: { Name: "_a", Type: "CNAME", Value: "_b" } }],
      },
    }),
    "acm ListCertificates": ({ NextToken }) => {
      const { items: found, next } = page(account.ids("certificate"), NextToken);
      return {
        CertificateSummaryList: found.map((arn) => ({
          CertificateArn: arn,
          DomainName: account.standing.get(String(arn))?.within,
        })),
        NextToken: next,
      };
    },
    "acm DeleteCertificate": ({ CertificateArn }) => {
      account.remove(String(CertificateArn), "ResourceNotFoundException");
      return {};
    },
    // No service: what Pulumi makes for the stack, by its provider.
    "pulumi make": ({ kind, id, tags }) => account.add(String(kind), String(id), tags),
    "cloudtrail LookupEvents": () => ({
      Events: [
        {
          CloudTrailEvent: JSON.stringify({
            eventSource: "ec2.amazonaws.com",
            eventName: "DescribeVpcs",
            userAgent: "APN/1.0 Pulumi/1.0 Terraform",
          }),
        },
      ],
    }),
  };
}

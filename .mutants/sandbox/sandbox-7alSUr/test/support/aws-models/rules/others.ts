import { isCidr } from "./elb.ts";
import { all, at, jsonText, matches, required, texts, type InputRule, type Rules } from "./read.ts";

// EC2 API, CreateSecurityGroup, IpRange.
const DESCRIPTION = /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/;
const DESCRIPTION_ALLOWED = "at most 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*";

/** IpPermission and its ranges. VPC quotas: 60 rules for each direction of a security group, those of IPv4 and IPv6 apart. */
const permissions: InputRule = (input, report) => {
  const given = all(input, "IpPermissions");
  if (given.length === 0) report("IpPermissions", given, "at least one");
  const RANGES = [
    ["IpRanges", "CidrIp"],
    ["Ipv6Ranges", "CidrIpv6"],
    ["UserIdGroupPairs", "GroupId"],
  ] as const;
  const sources = given.flatMap((permission, index) => {
    const path = `IpPermissions[${index}]`;
    const [protocol, from, to] = ["IpProtocol", "FromPort", "ToPort"].map((member) => at(permission, member));
    const isAll = protocol === "-1";
    const isRange = Number(from) >= 0 && Number(from) <= Number(to) && Number(to) <= 65_535;
    if (!isAll && !(["tcp", "udp"].includes(String(protocol)) && isRange))
      report(path, permission, "a range of ports");
    const own = RANGES.flatMap(([list, member]) =>
      all(permission, list).map((source) => ({ member, value: String(at(source, member)), source })),
    );
    if (own.length === 0) report(path, permission, "whom it lets in");
    for (const { member, value, source } of own) {
      const isGood =
        member === "GroupId"
          ? value.length > 0
          : isCidr(value) && value.includes(":") === (member === "CidrIpv6");
      if (!isGood) report(`${path}.${member}`, value, "an address block of its kind");
      const text = at(source, "Description");
      if (text !== undefined && !DESCRIPTION.test(String(text)))
        report(`${path} Description`, text, DESCRIPTION_ALLOWED);
    }
    return own;
  });
  for (const { 1: kind } of RANGES) {
    const count = sources.filter(({ member }) => member === kind).length;
    if (count > 60) report(`IpPermissions ${kind}`, count, "at most 60 rules of a kind");
  }
};

/** VPC user guide, "VPC CIDR blocks": a block of /16 to /28. */
const vpcBlock: InputRule = (input, report) => {
  const block = String(at(input, "CidrBlock"));
  const bits = Number(block.split("/")[1]);
  if (!isCidr(block) || bits < 16 || bits > 28) report("CidrBlock", block, "a block of IPv4 from /16 to /28");
};

/** Lambda quotas: 4 KB of environment variables in all; reserved names (Lambda guide, "Defined runtime environment variables"). */
const environment: InputRule = (input, report) => {
  const variables = at(input, "Environment", "Variables") ?? {};
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  if (bytes > 4096) report("Environment.Variables", bytes, "at most 4096 bytes in all");
  const reserved = Object.keys(variables).filter((name) => /^(AWS_|LAMBDA_|_HANDLER$|_X_AMZN)/.test(name));
  if (reserved.length > 0) report("Environment.Variables", reserved, "not names of Lambda's own");
};

/** EventBridge guide, "Creating a rule that runs on a schedule": one minute is singular. */
const schedule = matches(
  "ScheduleExpression",
  /^rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)$/,
  "rate(1 minute), rate(5 minutes), …",
);

/** Route 53 API, ResourceRecordSet: records with a TTL, or an alias. */
const records: InputRule = (input, report) => {
  for (const [index, change] of all(input, "ChangeBatch", "Changes").entries()) {
    const path = `ChangeBatch.Changes[${index}]`;
    const record = at(change, "ResourceRecordSet");
    const isAlias = at(record, "AliasTarget") !== undefined;
    const own = all(record, "ResourceRecords");
    if (isAlias === own.length > 0) report(path, record, "records or an alias");
    if (isAlias === (at(record, "TTL") !== undefined))
      report(`${path} TTL`, at(record, "TTL"), "one, but of an alias");
    const name = String(at(record, "Name")).replace(/\.$/, "");
    const isName =
      name.length <= 255 && name.split(".").every((label) => /^[A-Za-z0-9_*-]{1,63}$/.test(label));
    if (!isName) report(`${path} Name`, name, "a DNS name with labels of at most 63 characters");
  }
};

// ACM API, RequestCertificate, DomainName: "cannot exceed 64 octets (characters), including periods".
const commonName = matches("DomainName", /^.{1,64}$/, "at most 64 characters (RFC 5280)");

const LONGEST = { CreateRole: 2048, PutRolePolicy: 10_240, CreatePolicy: 6144 };

/** IAM quotas: a trust policy has 2,048 characters, the inline policies of a role 10,240, a managed one 6,144. */
const policy = (operation: keyof typeof LONGEST, member: string): InputRule =>
  jsonText(member, LONGEST[operation]);

/** SNS API, Publish. */
const message: InputRule = (input, report) => {
  const subject = at(input, "Subject");
  if (subject !== undefined && !/^[\x20-\x7e]{1,99}$/.test(String(subject))) {
    report("Subject", subject, "fewer than 100 characters of ASCII, no line break");
  }
  const bytes = Buffer.byteLength(String(at(input, "Message") ?? ""));
  if (bytes === 0 || bytes > 262_144) report("Message", bytes, "1 to 262144 bytes");
};

// PutRetentionPolicy, retentionInDays: "Possible values are" (CloudWatch Logs API).
const RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731].concat([
  1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

const retention: InputRule = (input, report) => {
  const days = Number(at(input, "retentionInDays"));
  if (!RETENTIONS.includes(days)) report("retentionInDays", days, RETENTIONS.join(", "));
};

// S3 user guide, "General purpose bucket naming rules".
const bucket = matches(
  "Bucket",
  /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!(\d+\.){3}\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias|--ol-s3|--x-s3)$/,
  "3 to 63 small letters, digits, dots and hyphens, as S3 takes them",
);

const listed: InputRule = (input, report) => {
  for (const thumbprint of texts(input, "ThumbprintList")) {
    if (!/^[0-9a-f]{40}$/i.test(thumbprint)) report("ThumbprintList", thumbprint, "40 hexadecimal digits");
  }
};

export const OTHER_RULES: Rules = {
  "acm:RequestCertificate": [commonName],
  "ec2:CreateSecurityGroup": [
    matches("Description", DESCRIPTION, DESCRIPTION_ALLOWED),
    matches("GroupName", /^(?!sg-)/, "a name that does not begin with sg-"),
    matches("GroupName", DESCRIPTION, DESCRIPTION_ALLOWED),
  ],
  "ec2:AuthorizeSecurityGroupIngress": [required("GroupId"), permissions],
  "ec2:AuthorizeSecurityGroupEgress": [required("GroupId"), permissions],
  "ec2:CreateVpc": [vpcBlock],
  "events:PutRule": [schedule],
  "iam:CreateOpenIDConnectProvider": [matches("Url", /^https:\/\//, "https://…"), listed],
  "iam:CreatePolicy": [policy("CreatePolicy", "PolicyDocument")],
  "iam:CreateRole": [policy("CreateRole", "AssumeRolePolicyDocument")],
  "iam:PutRolePolicy": [policy("PutRolePolicy", "PolicyDocument")],
  "kms:CreateAlias": [matches("AliasName", /^alias\/(?!aws\/)./, "alias/…, and not AWS's own alias/aws/")],
  "lambda:CreateFunction": [
    matches("FunctionName", /^[A-Za-z0-9_-]{1,64}$/, "a name of at most 64 characters"),
    required("Handler", "Runtime"),
    environment,
  ],
  "logs:PutRetentionPolicy": [retention],
  "route53:ChangeResourceRecordSets": [records],
  "s3:CreateBucket": [bucket],
  // S3 user guide, "Bucket policies": at most 20 KB.
  "s3:PutBucketPolicy": [jsonText("Policy", 20 * 1024)],
  "sns:Publish": [message],
};

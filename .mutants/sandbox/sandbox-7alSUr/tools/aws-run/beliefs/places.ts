import { hasFargate } from "../../../contract/config/zones.ts";
import { by, couldNotTell, eitherWay, failed, seen, type Belief } from "../belief.ts";

/** Zones, networks, certificates, and the whole. */
export const PLACES: readonly Belief[] = [
  {
    id: "fargate-zones",
    words:
      "Fargate runs in every Availability Zone but those that AWS's list of regions leaves out (`usw1`, `apne1`, `cnn1`)",
    from: 'ECS guide, "Supported Regions for Amazon ECS on AWS Fargate", read in November 2026',
    leansOn: "the choice of a new stack's zones (contract/config/zones.ts)",
    proof: by("zones", ({ tasks }) => {
      const expected = tasks.filter(({ zone, zoneId }) => hasFargate({ name: zone, id: zoneId }));
      if (expected.length === 0) return couldNotTell("no zone at hand in which Fargate must be");
      const not = expected.filter(({ ran }) => !ran);
      if (not.length > 0) return failed(not.map(({ zone, why }) => `${zone}: ${why}`).join("; "));
      return seen(`a task ran in ${expected.map(({ zone }) => zone).join(", ")} (of this region alone)`);
    }),
  },
  {
    id: "no-local-zones",
    words:
      "`DescribeAvailabilityZones` with `opt-in-status` = `opt-in-not-required` lists no Local Zone, whatever the account has opted into",
    from: "EC2 API reference",
    leansOn: "the same",
    proof: by("zones", ({ listed }) => {
      if (listed.length === 0) return couldNotTell("no zone was listed");
      const other = listed.filter(({ type }) => type !== "availability-zone");
      return eitherWay(
        other.length === 0,
        other.length === 0
          ? `${listed.length} zones, none of another kind`
          : other.map(({ name }) => name).join(),
      );
    }),
  },
  {
    id: "vpc-endpoints",
    words:
      "Tasks on Fargate without NAT need the endpoints `ecr.api`, `ecr.dkr`, S3, `logs`, and those of their secrets",
    from: 'ECS guide, "Migrating to Linux platform version 1.4.0"; ECR guide, "interface VPC endpoints"',
    leansOn: "docs/aws.md",
    proof: {
      none: "needs a closed VPC of its own with four endpoints and a private image; a wrong list fails a first deploy, before any user",
    },
  },
  {
    id: "one-validation-record",
    words:
      "ACM asks for one CNAME for a certificate with one name, the same for every certificate of the account for it",
    from: "ACM guide, DNS validation",
    leansOn: "the validation record is written over one that is there, and stays when the stack goes",
    proof: by("certificates", ({ records }) => {
      if (records.length < 2 || records.some((one) => one.length === 0))
        return couldNotTell("two certificates with their records were not there in time");
      return eitherWay(
        records.every((one) => one.length === 1 && one[0] === records[0]?.[0]),
        `two certificates for one name asked for ${records.map((one) => one.length).join(" and ")} records, ${new Set(records.flat()).size} different`,
      );
    }),
  },
  {
    id: "other-partitions",
    words: "China and GovCloud are as the others, but for the partition in ARNs",
    from: "AWS, ARN format; `@aws-sdk` endpoints",
    leansOn: "every ARN that the program makes (docs/aws.md)",
    proof: { none: "an account is of one partition; run it with one of the other" },
  },
  {
    id: "release",
    words:
      "The first update, a deploy, a rollout under users, a revert and a destroy go through as documented",
    from: "the local cloud, and the sources of Pulumi's providers",
    leansOn: "everything",
    proof: by("release", ({ commands, revertSeconds }) => {
      const bad = commands.find(({ exitCode }) => exitCode !== 0);
      if (bad !== undefined) return failed(`\`${bad.command}\` ended with ${bad.exitCode}: ${bad.said}`);
      if (commands.length === 0) return couldNotTell("nothing was run");
      return seen(`${commands.length} commands ended with 0; the revert took ${revertSeconds ?? "?"} s`);
    }),
  },
];

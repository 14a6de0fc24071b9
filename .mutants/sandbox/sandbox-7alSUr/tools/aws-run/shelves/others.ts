import { isRecord } from "../../../contract/config/field.ts";
import type { Clients } from "../aws/clients.ts";
import { allPages } from "../aws/pages.ts";
import { filters, textsIn } from "../aws/raw.ts";
import { named, RUN_TAG, type Shelf, type Thing } from "../things.ts";

type OtherKind = "role" | "certificate" | "securityGroup";

/** Under which a run's roles stand: IAM lists roles by path, and their names end in random letters. */
export const ROLE_PATH = "/bgtest/";

/** Roles by their path, certificates by the name that they are for, security groups by tag. */
export function otherShelves({ raw }: Clients): Readonly<Record<OtherKind, Shelf>> {
  return {
    role: named(
      "role",
      () => roles(raw),
      (id) => removeRole(raw, id),
    ),
    certificate: named(
      "certificate",
      () => certificates(raw),
      (id) => raw.json("acm", "DeleteCertificate", { CertificateArn: id.split(" ")[1] }),
    ),
    securityGroup: {
      list: async () => {
        const xml = await raw.query(
          "ec2",
          "DescribeTags",
          filters({ "resource-type": "security-group", key: RUN_TAG }),
        );
        const runs = textsIn(xml, "value");
        const found: Thing[] = [];
        for (const [index, id] of textsIn(xml, "resourceId").entries())
          if (await isThere(raw, id)) found.push({ kind: "securityGroup", id, run: runs[index] ?? "" });
        return found;
      },
      remove: async ({ id }) => void (await raw.query("ec2", "DeleteSecurityGroup", { GroupId: id })),
    },
  };
}

/** EC2 lists the tags of what is deleted for a while. */
async function isThere(raw: Clients["raw"], id: string): Promise<boolean> {
  try {
    await raw.query("ec2", "DescribeSecurityGroups", { "GroupId.1": id });
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "InvalidGroup.NotFound") return false;
    throw error;
  }
}

/** Path and name, as one text: the run stands in the path. */
const roles = (raw: Clients["raw"]) =>
  allPages(async (Marker) => {
    const input = { PathPrefix: ROLE_PATH, ...(Marker === undefined ? {} : { Marker }) };
    const xml = await raw.query("iam", "ListRoles", input);
    const names = textsIn(xml, "RoleName");
    const items = textsIn(xml, "Path").map((path, index) => `${path}${names[index] ?? ""}`);
    return { items, next: textsIn(xml, "Marker")[0] };
  });

async function removeRole(raw: Clients["raw"], id: string): Promise<void> {
  const RoleName = id.split("/").at(-1) ?? "";
  const inline = textsIn(await raw.query("iam", "ListRolePolicies", { RoleName }), "member");
  for (const PolicyName of inline) await raw.query("iam", "DeleteRolePolicy", { RoleName, PolicyName });
  const attached = textsIn(await raw.query("iam", "ListAttachedRolePolicies", { RoleName }), "PolicyArn");
  for (const PolicyArn of attached) await raw.query("iam", "DetachRolePolicy", { RoleName, PolicyArn });
  await raw.query("iam", "DeleteRole", { RoleName });
}

/** The name that a certificate is for, and its ARN. */
const certificates = (raw: Clients["raw"]) =>
  allPages(async (NextToken) => {
    const page = await raw.json("acm", "ListCertificates", NextToken === undefined ? {} : { NextToken });
    const list: unknown = page["CertificateSummaryList"];
    const items = (Array.isArray(list) ? list : []).flatMap((one) =>
      isRecord(one) ? [`${String(one["DomainName"])} ${String(one["CertificateArn"])}`] : [],
    );
    const next = page["NextToken"];
    return { items, next: typeof next === "string" ? next : undefined };
  });

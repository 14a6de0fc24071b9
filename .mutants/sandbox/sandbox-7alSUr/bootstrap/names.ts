import { createHash } from "node:crypto";
import { roleName } from "../contract/names/names.ts";
import type { GithubRole, Repository } from "./trust.ts";

/** What the bootstrap of one repository in one region of one account calls its things. */
export interface BootstrapNames {
  /** S3: shared by all accounts of AWS, and at most 63 characters. */
  readonly bucket: string;
  /** Of the key, without `alias/`. */
  readonly alias: string;
  /** Of the image repository. */
  readonly images: string;
  role(stack: string, role: GithubRole): string;
}

export interface Whereabouts {
  readonly project: string;
  readonly accountId: string;
  readonly region: string;
  readonly repository: Repository;
}

/**
 * Names that no second region and no second repository has, whatever its project is called: roles are the account's
 * (IAM: a name is unique in it, whatever its path), bucket names everybody's. A repository stands in them as a hash of
 * `owner/name`, and in full in the tag of a role.
 */
export function namesOf({ project, accountId, region, repository }: Whereabouts): BootstrapNames {
  const hash = hashOf(fullName(repository));
  return {
    // 26 + 12 + 14 (the longest region) + 8, and three hyphens: 63.
    bucket: `${cut(project, 26)}-${accountId}-${region}-${hash}`,
    alias: `${project}-${hash}`,
    images: `${project}-${hash}`,
    // IAM: 64. 31 + 14 + 8 + 7 (`preview`), and three hyphens: 63.
    role: (stack, role) => `${cut(`${project}-${stack}`, 31)}-${region}-${hash}-${role}`,
  };
}

/** The names of version 0.1. */
export function keptNames({ project, accountId, region }: Whereabouts): BootstrapNames {
  return {
    bucket: `${project}-${accountId}-${region}`,
    alias: project,
    images: project,
    role: (stack, role) => roleName({ project, stack }, role),
  };
}

export const fullName = ({ owner, name }: Repository) => `${owner}/${name}`;

/** GitHub: names of owners and repositories are the same in any case. */
const hashOf = (text: string) => createHash("sha256").update(text.toLowerCase()).digest("hex").slice(0, 8);

/** What had to be cut has a hash, so that two long names stay two. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 7).replace(/-$/, "")}-${hashOf(text).slice(0, 6)}`;
}

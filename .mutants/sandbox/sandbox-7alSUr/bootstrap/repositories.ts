import type * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../contract/config/field.ts";
import { wrong } from "./wrong.ts";
import type { Repository } from "./trust.ts";

/** Keys of 0.1, and what stands for them now. */
const MOVED: Readonly<Record<string, string>> = {
  repository: "pulumi config set --path 'repositories[0].name' <owner>/<name>",
  repositoryIds:
    "pulumi config set --path 'repositories[0].ownerId' <id> && pulumi config set --path 'repositories[0].id' <id>",
  oidcProviderArn: "pulumi config set oidcProvider existing",
};

/** Not replaced without a word: new names would make a new bucket, a new key and new roles. */
export function refuseMoved(config: pulumi.Config): void {
  const found = Object.entries(MOVED).find(([key]) => config.get(key) !== undefined);
  if (found === undefined) return;
  const [key, now] = found;
  throw wrong(
    `${key} is a key of version 0.1; what that has made keeps its names with: pulumi config set keepNames true. Then: pulumi config rm ${key} && ${now}`,
  );
}

/**
 * The repositories whose jobs may take the roles, each `{name: owner/name, ownerId, id}`; names are made of the first.
 * @throws pulumi.RunError
 */
export function readRepositories(raw: unknown): readonly [Repository, ...Repository[]] {
  const [first, ...others] = Array.isArray(raw) ? raw.map(readRepository) : [];
  if (first === undefined) {
    throw wrong(
      "no repository is named. Fix it: pulumi config set --path 'repositories[0].name' <owner>/<name>",
    );
  }
  return [first, ...others];
}

const MEMBERS = ["name", "ownerId", "id"];

function readRepository(raw: unknown, index: number): Repository {
  const key = `repositories[${index}]`;
  if (!isRecord(raw)) throw wrong(`${key} is to be an object with ${MEMBERS.join(", ")}`);
  const unknown = Object.keys(raw).find((member) => !MEMBERS.includes(member));
  if (unknown !== undefined) throw wrong(`${key}.${unknown} is unknown; allowed: ${MEMBERS.join(", ")}`);
  const [owner, name, ...rest] = String(raw["name"]).split("/");
  if (!owner || !name || rest.length > 0) {
    throw wrong(
      `${key}.name is to be owner/name. Fix it: pulumi config set --path '${key}.name' <owner>/<name>`,
    );
  }
  const { ownerId, id } = raw;
  if ((ownerId === undefined) !== (id === undefined)) {
    throw wrong(`${key} names one of ownerId and id, and needs both`);
  }
  const ids = id === undefined ? undefined : { owner: String(ownerId), repository: String(id) };
  return { owner, name, ids };
}

import { parse, stringify } from "yaml";
import { isRecord } from "../../contract/config/field.ts";

/** Those that work on a stack; the others are about this repository. */
export const CALLED = ["release", "tick", "revert", "steer", "apply", "preview"];
/** In place of infra/ and contract/, which the project has none of. */
const APPLIED = ["Pulumi.*", "*.ts", "package-lock.json"];
const MINE = "change-me/ml-blue-green";

type Permissions = Readonly<Record<string, unknown>>;

/**
 * A workflow of a project that calls ours (`source`) by the address of the repository that has it: the same events, names
 * and inputs, and every permission that a job of it asks for, since none can get more than who calls
 * (docs.github.com, "Reuse workflows").
 */
export function callerOf(source: string, file: string, version: string, address = `${MINE}@v${version}`) {
  const own: unknown = parse(source);
  if (!isRecord(own) || !isRecord(own["on"]) || !isRecord(own["jobs"]))
    throw new Error(`${file} is no workflow`);
  const { workflow_call: called, ...events } = own["on"];
  const inputs = keysIn(called, "inputs");
  const secrets = keysIn(called, "secrets");
  const [repository, ref] = address.split("@");
  const caller = {
    name: own["name"],
    ...(own["run-name"] === undefined ? {} : { "run-name": own["run-name"] }),
    on: isRecord(events["push"]) ? { ...events, push: { ...events["push"], paths: APPLIED } } : events,
    permissions: {},
    jobs: {
      [String(own["name"])]: {
        uses: `${repository}/.github/workflows/${file}@${ref}`,
        permissions: widest(Object.values(own["jobs"])),
        ...(inputs.length > 0 && {
          with: Object.fromEntries(inputs.map((one) => [one, `\${{ inputs.${one} }}`])),
        }),
        ...(secrets.length > 0 && {
          secrets: Object.fromEntries(secrets.map((one) => [one, `\${{ secrets.${one} }}`])),
        }),
      },
    },
  };
  const change =
    repository === MINE ? "# change: where your copy of ml-blue-green is, and its version\n" : "";
  return `${change}${stringify(caller, { lineWidth: 0, nullStr: "" })}`;
}

const keysIn = (called: unknown, key: string): readonly string[] => {
  const found = isRecord(called) ? called[key] : undefined;
  return isRecord(found) ? Object.keys(found) : [];
};

function widest(jobs: readonly unknown[]): Permissions {
  const all = jobs.flatMap((job) =>
    isRecord(job) && isRecord(job["permissions"]) ? Object.entries(job["permissions"]) : [],
  );
  // "read" and "write": the last of the alphabet is the wider one.
  const sorted = all.toSorted(([a, x], [b, y]) => a.localeCompare(b) || String(x).localeCompare(String(y)));
  return Object.fromEntries(sorted);
}

import { isRecord } from "../../contract/config/field.ts";

type Versions = Readonly<Record<string, string>>;

/** Of our own package.json, what a project takes its versions from. */
export interface OwnManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

const DEV = ["@types/node", "node", "typescript"];

/**
 * The package.json of a new project: what is there stays, as `npm install <our tarball>` wrote it, except for `type`,
 * which `npm init` sets to what Node would not read the program by.
 */
export function projectManifest(
  there: unknown,
  name: string,
  own: OwnManifest,
): Readonly<Record<string, unknown>> {
  const before = isRecord(there) ? there : {};
  const dev = Object.fromEntries(DEV.map((one) => [one, own.devDependencies[one]]));
  const needed = { "@pulumi/pulumi": own.dependencies["@pulumi/pulumi"], [own.name]: own.version };
  return {
    name,
    private: true,
    ...before,
    type: "module",
    scripts: { check: "tsc --noEmit", ...recordIn(before, "scripts") },
    dependencies: { ...needed, ...recordIn(before, "dependencies") },
    devDependencies: { ...dev, ...recordIn(before, "devDependencies") },
    // The package `node` brings the Node that `npx` and `npm run` then use, by a script of its own.
    allowScripts: { ...own.allowScripts, ...recordIn(before, "allowScripts") },
  };
}

const recordIn = (
  before: Readonly<Record<string, unknown>>,
  key: string,
): Readonly<Record<string, unknown>> => {
  const found = before[key];
  return isRecord(found) ? found : {};
};

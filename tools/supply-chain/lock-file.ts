import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A package as package-lock.json has it. */
export interface LockedPackage {
  /** As it calls itself: the folder may have another name. */
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Only developers have it. */
  readonly isForDevelopment: boolean;
  readonly hasInstallScript: boolean;
  /** undefined: it comes from somewhere else than a registry. */
  readonly integrity: string | undefined;
}

interface LockEntry {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
}

export const ROOT = join(import.meta.dirname, "../..");
const BELOW = "node_modules/";

/** What `npm run mutants:setup` installs, for development alone. */
const FOR_MUTANTS = "test/mutants/stryker";

/** Every package that is installed here, those of this repository left out. */
export const lockedPackages = (): readonly LockedPackage[] => [
  ...packagesIn(ROOT),
  ...packagesIn(join(ROOT, FOR_MUTANTS)).map((one) => ({ ...one, isForDevelopment: true })),
];

function packagesIn(folder: string): readonly LockedPackage[] {
  const lock: { readonly packages: Readonly<Record<string, LockEntry>> } = JSON.parse(
    readFileSync(join(folder, "package-lock.json"), "utf8"),
  );
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    if (!path.includes(BELOW) || entry.link === true) return [];
    return [
      {
        name: entry.name ?? path.slice(path.lastIndexOf(BELOW) + BELOW.length),
        version: entry.version ?? "",
        license: entry.license ?? "none",
        isForDevelopment: entry.dev === true,
        hasInstallScript: entry.hasInstallScript === true,
        integrity: entry.integrity,
      },
    ];
  });
}

import type { LockedPackage } from "./lock-file.ts";

/**
 * Licences (SPDX) under which what we install may be passed on with this product, which is under Apache-2.0. Another one is
 * looked at by a person first.
 */
const ALLOWED = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "(BSD-3-Clause AND Apache-2.0)",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Python-2.0",
]);

/** What a person has looked at, and why it may stay: by package. */
export const LOOKED_AT: Readonly<Record<string, string>> = {
  "@logdna/tail-file": "its file LICENSE is that of MIT",
  "caniuse-lite": "CC-BY-4.0: a table of browsers, of Stryker's Babel; for development alone",
  "spdx-exceptions": "CC-BY-3.0: a list of names; its author is named in its package",
};

/** Of development alone: what is not passed on may also be under these. */
const ALLOWED_IN_DEVELOPMENT = new Set(["MPL-2.0"]);

export const isAllowed = ({ name, license, isForDevelopment }: LockedPackage): boolean =>
  ALLOWED.has(license) || name in LOOKED_AT || (isForDevelopment && ALLOWED_IN_DEVELOPMENT.has(license));

/** `MIT: 12 packages (a, b, …)`, the most frequent first. */
export function licenceLines(packages: readonly LockedPackage[]): readonly string[] {
  const byLicence = Map.groupBy(packages, ({ license }) => license);
  return [...byLicence]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([licence, of]) => `${licence}: ${of.length} packages (${of.map(({ name }) => name).join(", ")})`);
}

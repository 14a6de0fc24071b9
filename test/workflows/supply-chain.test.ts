import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { audited } from "../../tools/supply-chain/audit.ts";
import { isAllowed, licenceLines } from "../../tools/supply-chain/licences.ts";
import { lockedPackages, ROOT, type LockedPackage } from "../../tools/supply-chain/lock-file.ts";

const packages = lockedPackages();
const manifest: { readonly allowScripts: Readonly<Record<string, boolean>> } = JSON.parse(
  readFileSync(join(ROOT, "package.json"), "utf8"),
);
const decision = readFileSync(join(ROOT, "docs/decisions/0007-supply-chain.md"), "utf8");
/** Package and what becomes of its script, as the table says. */
const table = [...decision.matchAll(/^\| `([^`]+)` \| [^|]+ \| (runs|denied) \|/gm)].map(
  ([, name = "", what]) => [name, what === "runs"] as const,
);

describe("a package that runs something when it is installed", () => {
  it("is named with its reason, and allowed or denied by name", () => {
    const found = packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);
    expect([...new Set(found)].toSorted()).toEqual(table.map(([name]) => name).toSorted());
    expect(manifest.allowScripts).toEqual(Object.fromEntries(table));
  });
});

describe("a package", () => {
  it("comes from the registry by its integrity", () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(({ integrity }) => integrity === undefined)).toEqual([]);
  });

  it("is under a licence that somebody has looked at", () => {
    expect(packages.filter((one) => !isAllowed(one)).map(({ name, license }) => [name, license])).toEqual([]);
    const strange = (license: string, isForDevelopment = false): LockedPackage => ({
      name: "x",
      version: "1",
      license,
      isForDevelopment,
      hasInstallScript: false,
      integrity: "sha512-x",
    });
    expect(isAllowed(strange("AGPL-3.0-only"))).toBe(false);
    expect(isAllowed(strange("none"))).toBe(false);
    expect([isAllowed(strange("MPL-2.0")), isAllowed(strange("MPL-2.0", true))]).toEqual([false, true]);
    expect(licenceLines([strange("MIT")])).toEqual(["MIT: 1 packages (x)"]);
  });
});

describe("a workflow", () => {
  it("never runs the code of a fork with the rights of the repository", () => {
    const folder = join(ROOT, ".github/workflows");
    const events = readdirSync(folder).flatMap((file) => {
      const { on }: { readonly on: unknown } = parse(readFileSync(join(folder, file), "utf8"));
      return typeof on === "object" && on !== null ? Object.keys(on) : [on];
    });
    expect(events).toContain("pull_request");
    expect(events.filter((event) => event === "pull_request_target" || event === "workflow_run")).toEqual([]);
  });
});

describe("npm audit", () => {
  it("tells of serious weaknesses by their names", () => {
    const text = JSON.stringify({ vulnerabilities: { a: { severity: "critical" }, b: { severity: "low" } } });
    expect(audited(text)).toEqual({ kind: "answered", serious: ["a (critical)"], others: 1 });
    expect(audited('{"vulnerabilities":{}}')).toEqual({ kind: "answered", serious: [], others: 0 });
  });

  it.each([
    ["405 Method Not Allowed", '{"message":"405 Method Not Allowed","error":{}}'],
    ["it said nothing that could be read", ""],
    ["it said nothing that could be read", "[]"],
  ])("says that nothing was looked at: %s", (why, text) => {
    expect(audited(text)).toEqual({ kind: "skipped", why });
  });
});

/**
 * `node tools/supply-chain/main.ts`: licences of everything that is installed, and what is known of its weaknesses where the
 * registry tells. Ends with 1 for a licence that nobody has looked at, and for a serious weakness of what users install.
 */
import { spawnSync } from "node:child_process";
import { audited } from "./audit.ts";
import { isAllowed, licenceLines, LOOKED_AT } from "./licences.ts";
import { lockedPackages, ROOT } from "./lock-file.ts";

const packages = lockedPackages();
for (const line of licenceLines(packages)) console.log(line);
for (const [name, why] of Object.entries(LOOKED_AT)) console.log(`looked at: ${name}, ${why}`);
const strange = packages.filter((one) => !isAllowed(one));
for (const { name, license } of strange)
  console.error(`::error::${name} is under ${license}: nobody has looked at it`);

/** The serious weaknesses of what `npm audit` looks at with these options; what it answers is told. */
function seriousOf(what: string, options: readonly string[]): readonly string[] {
  const { stdout } = spawnSync("npm", ["audit", "--json", ...options], { cwd: ROOT, encoding: "utf8" });
  const said = audited(stdout);
  if (said.kind === "skipped") {
    console.log(`::notice::npm audit of ${what} was skipped: ${said.why}`);
    return [];
  }
  console.log(`npm audit of ${what}: ${said.serious.length} serious weaknesses, ${said.others} others`);
  return said.serious;
}

const serious = seriousOf("what users install", ["--omit=dev"]);
for (const one of serious) console.error(`::error::a known weakness of ${one}`);
// It reaches nobody but those who work here, and jobs without a role.
const ofAll = seriousOf("everything, with what is for development", []);
for (const one of ofAll.filter((each) => !serious.includes(each)))
  console.error(`::warning::a known weakness for development: ${one}`);
process.exitCode = strange.length + serious.length > 0 ? 1 : 0;
